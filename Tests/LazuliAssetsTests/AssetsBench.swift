import Foundation
import LazuliArtifacts
import LazuliAssets
import LazuliConformance
import LazuliDomain
import LazuliPersistence
import LazuliResources
import Testing

/// The assets feature over a database of its own, with two curated environments and one old name.
struct AssetsBench {
    let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")
    let service: AssetService
    let routes: [Route]
    let folder: URL

    static func with(_ body: (AssetsBench) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let database = try StateDatabase(
                path: folder.appending(path: "a.sqlite").path, migrations: [DocumentTable.migration])
            let bench = AssetsBench(database, folder)
            let scope = bench.scope, curated = Self.curated
            try await database.write { try curated.install(in: scope, at: 1, $0) }
            try await body(bench)
            try database.close()
        }
    }

    private static let curated = CuratedEnvironmentSource(
        entries: [
            .init(name: "AzureML-sklearn-1.5", version: "3", properties: ["condaFile": "dependencies: [scikit-learn]"]),
            .init(name: "AzureML-minimal", version: "1", properties: ["condaFile": "dependencies: []"]),
        ],
        alias: { name, registry in
            guard registry != nil || name.lowercased().hasPrefix("azureml-"), name.lowercased().contains("sklearn")
            else { return nil }
            return ("AzureML-sklearn-1.5", "\(name) is AzureML-sklearn-1.5 here.")
        })

    private init(_ database: StateDatabase, _ folder: URL) {
        self.folder = folder
        let clock = WallClock { 1_700_000_000_000 }
        service = AssetService(database: database, curated: Self.curated)
        let datastores = FolderDatastores(folder: folder)
        let locator = DataLocator(datastores: datastores, assets: service) { _, _, _ in nil }
        let uploads = PendingUploads(
            blobs: BlobStore(root: folder.appending(path: "blobs")), datastores: datastores, accounts: OneAccount(),
            clock: clock, storageSuffix: { "core.lazuli@localhost:7702" })
        routes =
            AssetsFeature(
                database: database, clock: clock, service: service, locator: locator, uploads: uploads
            ).routes
    }

    func send(
        _ operation: String, _ name: String, _ version: String = "1", _ body: JSON = .null,
        query: [String: String] = [:]
    )
        async throws -> JSON
    {
        let route = try #require(routes.first { $0.operationID == operation })
        let call = Call(
            method: route.method,
            parameters: [
                "subscription": scope.subscription, "resourceGroup": scope.resourceGroup, "workspace": scope.workspace,
                "name": name, "version": version,
            ],
            query: query, body: body, caller: Caller(objectID: "u", name: "ada"), baseURL: "https://localhost:1")
        return switch try await route.handle(call).body {
        case .none: .null
        case .json(let json): json
        case .text(let bytes): try JSON(parsing: bytes)
        }
    }

    /// Registers an environment as a user does.
    func environment(_ name: String, _ version: String = "1", image: String = "mine") async throws {
        let body: JSON = ["properties": ["image": .string(image)]]
        _ = try await send("Environments_CreateOrUpdateVersion", name, version, body)
    }

    func resolve(_ reference: String, _ kind: AssetKind = .environments) async throws -> ResolvedAsset {
        try await service.resolve(reference, kind: kind, in: scope)
    }
}

private struct FolderDatastores: DatastoreDirectory {
    let folder: URL

    func location(ofDatastore name: String, in scope: WorkspaceScope) async throws -> DatastoreLocation {
        DatastoreLocation(account: "acct", container: name, folder: folder.appending(path: name))
    }

    func defaultDatastore(in scope: WorkspaceScope) async throws -> String { "d" }
    func account(of scope: WorkspaceScope) async throws -> String { "acct" }
    func folder(account: String, container: String) async throws -> URL? { nil }
}

private struct OneAccount: StorageAccounts {
    func key(ofAccount account: String) async throws -> [UInt8]? {
        account == "acct" ? Array(repeating: 7, count: 64) : nil
    }
    func owner(ofAccount account: String) async throws -> String? { nil }
    func accounts() async throws -> [String] { ["acct"] }
}
