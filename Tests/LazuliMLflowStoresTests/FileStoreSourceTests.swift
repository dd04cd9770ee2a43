import Foundation
import LazuliResources
import Synchronization
import Testing

@testable import LazuliMLflowStores

/// An `mlruns` folder for one test.
final class StoreFolder: Sendable {
    let root = FileManager.default.temporaryDirectory.appending(path: "mlruns-\(UUID().uuidString)").path
    let told = Mutex<[String]>([])

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to path: String) throws {
        let file = root + "/" + path
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    func source(artifacts: String? = nil) throws -> FileStoreSource {
        try FileStoreSource(
            root: root, artifacts: artifacts, faults: FaultLog { text in self.told.withLock { $0.append(text) } })
    }

    var faults: [String] { told.withLock { $0 } }

    func runs(_ source: FileStoreSource) async throws -> [StoredRun] {
        var runs: [StoredRun] = []
        for experiment in source.experiments() { try await source.runs(of: experiment) { runs.append($0) } }
        return runs
    }
}

struct FileStoreSourceTests {
    private func store() throws -> StoreFolder {
        let store = StoreFolder()
        try store.write("experiment_id: '7'\nname: first é\nlifecycle_stage: active\n", to: "7/meta.yaml")
        try store.write(
            "run_id: abc\nstatus: 3\nstart_time: 10\nlifecycle_stage: deleted\ndeleted_time: 20\nartifact_uri: /gone/7/abc/artifacts\n",
            to: "7/abc/meta.yaml")
        return store
    }

    @Test func `a run has what its files hold, odd names too`() async throws {
        let store = try store()
        try store.write("line1\nline2", to: "7/abc/params/a/b")
        try store.write("", to: "7/abc/params/empty")
        try store.write("x: y", to: "7/abc/tags/größe")
        try store.write("named", to: "7/abc/tags/mlflow.runName")
        try store.write("1 0.5 0\n", to: "7/abc/metrics/loss/x y")
        let run = try #require(try await store.runs(store.source()).first)
        #expect(run.params == [StoredEntry("a/b", "line1\nline2"), StoredEntry("empty", "")])
        #expect(run.tags == [StoredEntry("größe", "x: y"), StoredEntry("mlflow.runName", "named")])
        #expect(run.metrics.map(\.key) == ["loss/x y"])
        #expect((run.name, run.status, run.isDeleted, run.deletedAt) == ("named", "FINISHED", true, 20))
        #expect(store.faults.isEmpty)
    }

    @Test func `files beside the run are found although the store was moved`() async throws {
        let store = try store()
        try store.write("x", to: "7/abc/artifacts/sub/x.txt")
        let source = try store.source()
        let run = try #require(try await store.runs(source).first)
        #expect(run.artifacts == .folder(store.root + "/7/abc/artifacts"))
        #expect(source.files(at: run.artifacts) == [StoredFile(path: "sub/x.txt", size: 1)])
    }

    @Test func `an experiment in the trash is a deleted one`() async throws {
        let store = try store()
        try store.write("experiment_id: '8'\nname: gone\nlifecycle_stage: deleted\n", to: ".trash/8/meta.yaml")
        try store.write("run_id: def\nstatus: 1\n", to: ".trash/8/def/meta.yaml")
        let source = try store.source()
        #expect(source.experiments().map(\.isDeleted) == [false, true])
        #expect(try await store.runs(source).map(\.id) == ["abc", "def"])
    }

    @Test func `what cannot be read is named, and the rest is read`() async throws {
        let store = try store()
        try store.write("a: 'b", to: "7/broken/meta.yaml")
        try store.write("x", to: "7/abc/metrics/bad")
        #expect(try await store.runs(store.source()).map(\.id) == ["abc"])
        #expect(store.faults.count == 2)
        #expect(store.faults.contains { $0.contains("run broken") })
        #expect(store.faults.contains { $0.contains("metrics/bad, line 1") })
    }

    @Test func `datasets and models of a run are its inputs and outputs`() async throws {
        let store = try store()
        try store.write(
            "source_type: DATASET\nsource_id: d1\ntags:\n  mlflow.data.context: training\n",
            to: "7/abc/inputs/i1/meta.yaml")
        try store.write("name: d\ndigest: '12'\nsource_type: code\nsource: s\n", to: "7/datasets/d1/meta.yaml")
        try store.write("source_type: MODEL\nsource_id: m-1\n", to: "7/abc/inputs/i2/meta.yaml")
        try store.write("source_id: m-2\nstep: 4\n", to: "7/abc/outputs/m-2/meta.yaml")
        let run = try #require(try await store.runs(store.source()).first)
        #expect(run.datasets.map(\.digest) == ["12"])
        #expect(run.datasets.first?.tags == [StoredEntry("mlflow.data.context", "training")])
        #expect(run.modelInputs == ["m-1"])
        #expect(run.modelOutputs.map(\.step) == [4])
    }

    @Test func `a registered model has its versions in their order`() throws {
        let store = try store()
        try store.write("name: reg m\ndescription: d\n", to: "models/reg m/meta.yaml")
        try store.write("2", to: "models/reg m/aliases/best")
        for version in [10, 2] {
            try store.write("version: \(version)\nsource: s\n", to: "models/reg m/version-\(version)/meta.yaml")
        }
        let model = try #require(try store.source().registeredModels().first)
        #expect(model.versions.map(\.version) == [2, 10])
        #expect(model.aliases == [StoredAlias("best", 2)])
        #expect(try store.source().experiments().map(\.id) == ["7"])
    }

    @Test func `a folder without experiments is refused`() {
        #expect(throws: ServiceError.self) {
            try FileStoreSource(
                root: NSTemporaryDirectory() + "no-such-folder", artifacts: nil, faults: FaultLog { _ in })
        }
    }
}
