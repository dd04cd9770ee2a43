import Foundation
import LazuliResources
import Testing

@testable import LazuliEnvironments

/// The first of these talks to the package index, as fetching a library does.
@Suite("Keeping native libraries")
struct NativeLibraryStoreTests {
    private let home = FileManager.default.temporaryDirectory.appendingPathComponent(
        "lazuli-native-\(UUID().uuidString)")

    @Test("A library is fetched once, without the Python around it, by two callers at the same time")
    func fetched() async throws {
        defer { try? FileManager.default.removeItem(at: home) }
        let store = NativeLibraryStore(home: home)
        #expect(store.cached(.lightgbm) == nil)
        async let first = store.folder(of: .lightgbm)
        async let second = store.folder(of: .lightgbm)
        let folder = try await first
        #expect(try await second == folder && store.cached(.lightgbm) == folder)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/lightgbm/lib/lib_lightgbm.so"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/lightgbm/basic.py"))
    }

    @Test("Without the index and without a cache, a sentence says what is missing and what to do")
    func offline() async throws {
        defer { try? FileManager.default.removeItem(at: home) }
        var settings = EnvironmentSettings()
        settings.variables["UV_OFFLINE"] = "1"
        let store = NativeLibraryStore(home: home, settings: settings)
        let error = try await #require(throws: ServiceError.self) { try await store.folder(of: .onnxruntime) }
        #expect(error.message.contains("onnxruntime 1.31.1"))
        #expect(error.message.contains("lazuli native install onnxruntime"))
        #expect(store.cached(.onnxruntime) == nil)
    }

    @Test("Each library is pinned by content on each platform", arguments: NativeWheel.allCases)
    func pinned(_ wheel: NativeWheel) {
        let hashes = NativeWheel.Platform.allCases.map(wheel.hash)
        #expect(Set(hashes).count == hashes.count && hashes.allSatisfy { $0.count == 64 })
    }
}
