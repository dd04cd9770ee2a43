import Foundation
import GRDB
import LazuliDomain
import LazuliResources
import Testing

@Suite("Following the names of data")
struct DataLocatorTests {
    private let scope = DataURITests.scope
    private let other = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "other")

    private func locator(assets: [String: String] = [:], outputs: [String: String] = [:]) -> DataLocator {
        DataLocator(datastores: FakeDatastores(), assets: FakeAssets(addresses: assets)) { job, output, _ in
            outputs["\(job)/\(output)"]
        }
    }

    private func path(_ text: String, _ locator: DataLocator, kind: AssetKind = .data) async throws -> String {
        switch try await locator.place(of: text, kind: kind, in: scope) {
        case .here(let folder): folder.path
        case .web(let address): address
        }
    }

    @Test(
        "Addresses lead to folders of the state folder, or stay on the web",
        arguments: [
            ("azureml://datastores/d/paths/a/b.csv", "/state/w/d/a/b.csv"), ("azureml://datastores/d", "/state/w/d"),
            ("azureml://datastores/d/paths/./a", "/state/w/d/a"),
            ("azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/d/paths/a", "/state/other/d/a"),
            ("wasbs://held@acct.blob.core.windows.net/p/q", "/state/acct/held/p/q"),
            ("https://acct.blob.core.lazuli@127.0.0.1:1/held/p", "/state/acct/held/p"),
            ("wasbs://foreign@acct.blob.core.windows.net/p/q", "https://acct.blob.core.windows.net/foreign/p/q"),
            ("https://example.org/a.csv", "https://example.org/a.csv"), ("file:///data/a.csv", "/data/a.csv"),
            ("/data/a.csv", "/data/a.csv"),
            ("runs:/r/model", "/state/w/workspaceartifactstore/ExperimentRun/dcid.r/model"),
        ])
    func addresses(text: String, place: String) async throws {
        #expect(try await path(text, locator()) == place)
    }

    @Test("An asset leads over its address to its folder, also through several assets")
    func assets() async throws {
        let found = locator(assets: ["data/a:1": "azureml://datastores/d/paths/a/", "data/b:1": "azureml:a:1"])
        #expect(try await path("azureml:a:1", found) == "/state/w/d/a")
        #expect(try await path("azureml:b:1", found) == "/state/w/d/a")
    }

    @Test("The kind decides among assets of one name")
    func kinds() async throws {
        let found = locator(assets: ["data/x:1": "/as-data", "models/x:1": "/as-model"])
        #expect(try await path("azureml:x:1", found, kind: .data) == "/as-data")
        #expect(try await path("azureml:x:1", found, kind: .models) == "/as-model")
    }

    @Test("An output leads to the address it was given, and below it")
    func outputs() async throws {
        let found = locator(outputs: ["j/o": "azureml://datastores/d/paths/azureml/j/o/"])
        #expect(try await path("azureml://jobs/j/outputs/o", found) == "/state/w/d/azureml/j/o")
        #expect(try await path("azureml://jobs/j/outputs/o/paths/x/y", found) == "/state/w/d/azureml/j/o/x/y")
    }

    @Test(
        "An output no one declared is a folder among the run's artifacts",
        arguments: [
            ("azureml://jobs/j/outputs/artifacts/paths/model", "ExperimentRun/dcid.j/model"),
            ("azureml://jobs/j/outputs/model/paths/x", "ExperimentRun/dcid.j/model/x"),
        ])
    func artifacts(text: String, folder: String) async throws {
        #expect(try await path(text, locator()) == "/state/w/workspaceartifactstore/\(folder)")
    }

    @Test("Names that lead in a circle are refused, not followed for ever")
    func circles() async throws {
        let assets = locator(assets: ["data/a:1": "azureml:b:1", "data/b:1": "azureml:a:1"])
        let outputs = locator(outputs: ["j/o": "azureml://jobs/j/outputs/o"])
        for (text, locator) in [("azureml:a:1", assets), ("azureml://jobs/j/outputs/o", outputs)] {
            let error = try await #require(throws: ServiceError.self) { try await path(text, locator) }
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("circle"))
        }
    }

    @Test("Names of nothing are not found", arguments: ["azureml:missing:1", "azureml://datastores/missing/paths/a"])
    func missing(text: String) async throws {
        let error = try await #require(throws: ServiceError.self) { try await path(text, locator()) }
        #expect(error.code == .notFound)
    }

    @Test(
        "Paths that would leave their container are refused",
        arguments: [
            "azureml://datastores/d/paths/../x", "azureml://datastores/d/paths/a/../../x", "runs:/r/../../x",
            "azureml://jobs/j/outputs/artifacts/paths/../x", "wasbs://held@acct.blob.core.windows.net/../x",
            "azureml://datastores/d/paths/a/..", "azureml://datastores/d/paths/a\u{0}b",
            "azureml://jobs/j/outputs/o/paths/../../x", "azureml://jobs/j/outputs/..",
        ])
    func traversal(text: String) async throws {
        let found = locator(outputs: ["j/o": "azureml://datastores/d/paths/o"])
        let error = try await #require(throws: ServiceError.self) { try await path(text, found) }
        #expect(error.code == .invalidArgument)
    }

    @Test(
        "Inside a folder a path stays inside",
        arguments: [
            ("", "/f"), ("a", "/f/a"), ("/a//b/", "/f/a/b"), ("./a/./b", "/f/a/b"), ("..a/b..", "/f/..a/b.."),
            ("%2e%2e/a", "/f/%2e%2e/a"),
        ])
    func inside(path: String, expected: String) throws {
        #expect(try DataLocator.inside(URL(fileURLWithPath: "/f"), path).path == expected)
    }

    @Test("Inside a folder a path may not climb", arguments: ["..", "../a", "a/../b", "a/..", "/..", "a\u{0}"])
    func climbing(path: String) {
        #expect(throws: ServiceError.self) { try DataLocator.inside(URL(fileURLWithPath: "/f"), path) }
    }
}

private struct FakeDatastores: DatastoreDirectory {
    func location(ofDatastore name: String, in scope: WorkspaceScope) async throws -> DatastoreLocation {
        guard name != "missing" else { throw ServiceError(.notFound, "No datastore \(name).") }
        let folder = URL(fileURLWithPath: "/state/\(scope.workspace)/\(name)")
        return DatastoreLocation(account: "acct", container: name, folder: folder)
    }

    func defaultDatastore(in scope: WorkspaceScope) async throws -> String { "d" }
    func account(of scope: WorkspaceScope) async throws -> String { "acct" }

    func folder(account: String, container: String) async throws -> URL? {
        container == "held" ? URL(fileURLWithPath: "/state/\(account)/held") : nil
    }
}

private struct FakeAssets: AssetCatalog {
    /// Addresses by `kind/name:version`.
    let addresses: [String: String]

    func resolve(_ reference: String, kind: AssetKind, in scope: WorkspaceScope) async throws -> ResolvedAsset {
        guard let address = addresses["\(kind.rawValue)/\(reference)"] else {
            throw ServiceError(.notFound, "No asset \(reference).")
        }
        let member = kind == .models ? "modelUri" : "dataUri"
        return ResolvedAsset(id: reference, name: reference, version: "1", properties: [member: .string(address)])
    }

    func register(
        _ kind: AssetKind, name: String, version: String?, properties: JSON, by: String, at: Int64,
        in scope: WorkspaceScope, _ database: Database
    ) throws -> String { "" }
}
