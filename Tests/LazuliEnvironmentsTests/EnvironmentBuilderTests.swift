import Foundation
import LazuliResources
import Subprocess
import Synchronization
import SystemPackage
import Testing

@testable import LazuliEnvironments

/// These talk to the package index, as building environments does.
@Suite("Building environments")
final class EnvironmentBuilderTests {
    /// A new one for each test, as there is a new instance of the suite.
    private let home = Home()

    deinit { home.remove() }

    private struct Home {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "lazuli-environments-\(UUID().uuidString)")
        func remove() { try? FileManager.default.removeItem(at: url) }

        func builder(_ change: (inout EnvironmentSettings) -> Void = { _ in }) -> EnvironmentBuilder {
            var settings = EnvironmentSettings()
            change(&settings)
            return EnvironmentBuilder(home: url, settings: settings)
        }

        var environments: [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path + "/environments")) ?? []
            return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".log") }
        }
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private let six = EnvironmentSpecification(requirements: ["six==1.16.0"])

    private func run(_ python: String, _ code: String) async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(python)), arguments: ["-c", code], output: .string(limit: 1 << 20))
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("A tiny environment is built once, works, and then comes from the cache, after a restart too")
    func tiny() async throws {
        let builder = home.builder()
        #expect(builder.cached(for: six) == nil)
        let lines = Lines()
        let built = try await builder.environment(for: six, onLine: lines.add)
        #expect(!built.wasCached)
        let said = try await run(built.python, "import six, sys; print(six.__version__, sys.prefix)")
        #expect(said == "1.16.0 \(built.folder)")
        #expect(lines.all.contains("Resolved 1 packages.") && lines.all.contains { $0.contains("six==1.16.0") })
        let log = try String(contentsOfFile: builder.logPath(for: six), encoding: .utf8)
        #expect(log.contains("The environment is ready."))

        let again = try await builder.environment(for: six)
        #expect(again.wasCached && again.folder == built.folder)
        let respelled = EnvironmentSpecification(requirements: ["Six == 1.16.0"])
        #expect(home.builder().cached(for: respelled)?.folder == built.folder)

        try FileManager.default.removeItem(atPath: built.folder)
        #expect(builder.cached(for: six) == nil)
    }

    @Test("Concurrent requests share one build, in one server and in two")
    func concurrent() async throws {
        let builders = [home.builder(), home.builder()]
        let lines = Lines()
        let found = try await withThrowingTaskGroup(of: PythonEnvironment.self) { group in
            for number in 0..<8 {
                group.addTask { [six] in try await builders[number % 2].environment(for: six, onLine: lines.add) }
            }
            return try await group.reduce(into: [PythonEnvironment]()) { $0.append($1) }
        }
        #expect(Set(found.map(\.folder)).count == 1)
        #expect(Set(found.map(\.buildSeconds)).count == 1)
        #expect(home.environments.count == 1)
    }

    @Test("What a killed server left half-built is swept away")
    func remains() async throws {
        let builder = home.builder()
        let id = try builder.logPath(for: six).split(separator: "/").last?.dropLast(4) ?? ""
        let remains = home.url.path + "/environments/.building-\(id)-1"
        let half = home.url.path + "/environments/\(id)"
        for folder in [remains, half] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        #expect(try await builder.environment(for: six).wasCached == false)
        #expect(!FileManager.default.fileExists(atPath: remains))
    }

    @Test("An impossible pin is refused with the culprit and the nearest version")
    func unknownVersion() async throws {
        let specification = EnvironmentSpecification(requirements: ["six", "packaging==99.1"])
        let error = try await #require(throws: ServiceError.self) {
            try await home.builder().environment(for: specification)
        }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("packaging has no version 99.1. The nearest that exists for Python"))
    }

    @Test("A pin between two versions names both neighbours")
    func betweenVersions() async throws {
        let error = try await #require(throws: ServiceError.self) {
            try await home.builder().environment(for: EnvironmentSpecification(requirements: ["six==1.16.5"]))
        }
        #expect(error.message.contains("are 1.16.0 and 1.17.0"))
    }

    @Test("A package that does not exist is named")
    func unknownPackage() async throws {
        let specification = EnvironmentSpecification(requirements: ["six", "lazuli-no-such-package-x"])
        let error = try await #require(throws: ServiceError.self) {
            try await home.builder().environment(for: specification)
        }
        #expect(error.message.contains("There is no package \"lazuli-no-such-package-x\""))
    }

    @Test("Requirements that contradict each other are explained, with a way out")
    func conflict() async throws {
        let specification = EnvironmentSpecification(requirements: ["pandas==2.2.0", "numpy==1.19"])
        let error = try await #require(throws: ServiceError.self) {
            try await home.builder().environment(for: specification)
        }
        #expect(error.message.contains("pandas==2.2.0") && error.message.contains("numpy"))
        #expect(home.environments.isEmpty)
        #expect(
            try String(contentsOfFile: home.builder().logPath(for: specification), encoding: .utf8).contains("Failed:"))
    }

    @Test("A version without a build for the wished Python is refused with the nearest that has one")
    func noBuild() async throws {
        let newest = try #require(newestPython)
        let specification = EnvironmentSpecification(
            python: .exactly(newest.version), requirements: ["scikit-learn==0.24.2"])
        let error = try await #require(throws: ServiceError.self) {
            try await home.builder().environment(for: specification)
        }
        #expect(error.message.contains("scikit-learn 0.24.2 has no build for Python \(newest.version)"))
        #expect(error.message.contains("nearest that exist"))
    }

    @Test("On a substitute for a missing Python such pins are relaxed, and each is named")
    func relaxed() async throws {
        let newest = try #require(newestPython)
        try FileManager.default.createDirectory(at: home.url, withIntermediateDirectories: true)
        let choice = try PythonInterpreters([newest]).choose(.exactly(PythonVersion(3, 7)))
        let variables = ProcessInfo.processInfo.environment
        let uv = UvTool(
            path: try UvTool.find(home: home.url.path, variables: variables), cacheFolder: home.url.path + "/cache",
            variables: variables)
        let resolver = DependencyResolver(
            uv: uv, choice: choice, folder: home.url.path, secondsAllowed: 60, onLine: { _ in })
        let resolution = try await resolver.resolve(
            EnvironmentSpecification(requirements: ["scikit-learn==0.24.2", "six==1.16.0"]))
        #expect(resolution.lock.contains("six==1.16.0"))
        let notice = try #require(resolution.notices.first)
        #expect(notice.hasPrefix("scikit-learn==0.24.2 has no build for Python \(newest.version); using 1."))
        #expect(resolution.notices.count == 1)
    }

    @Test("Every curated environment can be resolved on this machine")
    func curated() async throws {
        try FileManager.default.createDirectory(at: home.url, withIntermediateDirectories: true)
        let variables = ProcessInfo.processInfo.environment
        let uv = UvTool(
            path: try UvTool.find(home: home.url.path, variables: variables), cacheFolder: home.url.path + "/cache",
            variables: variables)
        for row in CuratedEnvironments.all {
            let choice = try PythonInterpreters.discover(variables: variables).choose(row.specification.python)
            let resolver = DependencyResolver(
                uv: uv, choice: choice, folder: home.url.path, secondsAllowed: 60, onLine: { _ in })
            let resolution = try await resolver.resolve(row.specification)
            #expect(resolution.notices.isEmpty && resolution.fromSource.isEmpty)
            #expect(Set(row.requirements).isSubset(of: resolution.lock))
        }
    }

    @Test("An unreachable package index is no fault of the user's")
    func unreachable() async throws {
        let builder = home.builder {
            $0.variables["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/simple"
            $0.variables["UV_HTTP_RETRIES"] = "0"
        }
        let error = try await #require(throws: ServiceError.self) { try await builder.environment(for: six) }
        #expect(error.code == .internalError)
        #expect(error.message.contains("package index cannot be reached"))
    }

    @Test("A missing uv is named with the command that installs it")
    func missingTool() async throws {
        let builder = home.builder {
            $0.variables["PATH"] = "/no/such/folder"
            $0.variables["LAZULI_UV"] = nil
        }
        let error = try await #require(throws: ServiceError.self) { try await builder.environment(for: six) }
        #expect(error.message.contains("pip install uv==\(UvTool.pinnedVersion)"))
    }

    @Test("A package that exists as source alone is built from it")
    func fromSource() async throws {
        let specification = EnvironmentSpecification(requirements: ["antlr4-python3-runtime==4.9.3"])
        let built = try await home.builder().environment(for: specification)
        #expect(EnvironmentMarker(folder: built.folder)?.lock == ["antlr4-python3-runtime==4.9.3"])
    }

    @Test("A package that only matters on Azure is left out where it cannot be had, with a notice")
    func azureOnly() async throws {
        let specification = EnvironmentSpecification(requirements: ["six", "azureml-defaults==0.0.1"])
        let built = try await home.builder().environment(for: specification)
        #expect(built.notices.contains { $0.contains("\"azureml-defaults==0.0.1\" cannot be installed") })
    }

    @Test("An empty environment is a Python without packages")
    func empty() async throws {
        let built = try await home.builder().environment(for: EnvironmentSpecification())
        let said = try await run(built.python, "print('works')")
        #expect(said == "works")
    }

    private var newestPython: PythonInterpreters.Interpreter? {
        PythonInterpreters.discover(variables: ProcessInfo.processInfo.environment).available.last {
            $0.version >= PythonVersion(3, 10)
        }
    }
}
