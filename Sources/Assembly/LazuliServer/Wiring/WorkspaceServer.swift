package import Foundation
import GRDB
import Hummingbird
import LazuliARMFace
import LazuliAccess
import LazuliArtifacts
import LazuliAssets
import LazuliBatch
import LazuliBlobFace
import LazuliDomain
import LazuliEndpoints
import LazuliIdentityFace
import LazuliJobs
import LazuliMLflowFace
import LazuliPersistence
package import LazuliResources
import LazuliSchedules
import LazuliTracking
import LazuliWorkspaces
package import Logging
import ServiceLifecycle
import UnixSignals

/// The whole server: the one place that knows which concrete type stands behind which port.
package struct WorkspaceServer: Sendable {
    /// Every module's schema, in floor order. Append only.
    static let migrations: [Migration] =
        [SecretVault.migration, DocumentTable.migration] + AccessFeature.migrations + WorkspacesFeature.migrations
        + TrackingFeature.migrations + JobsFeature.migrations

    let settings: ServerSettings
    let folder: StateFolder
    let addresses: Addresses
    let certificates: ServerCertificates
    let access: AccessFeature
    let defaultScope: WorkspaceScope
    let scheduler: JobScheduler
    let routes: RouteTable
    private let management: ManagementResponder
    private let plain: PlainResponder
    private let blob: BlobFace
    private let database: StateDatabase
    private let logger: Logger
    /// Keeps a second server out of the folder while this value lives.
    private let lock: Int32

    package init(settings: ServerSettings, logger: Logger, clock: WallClock = .system) async throws {
        self.settings = settings
        self.logger = logger
        folder = StateFolder(settings.home)
        try folder.prepare()
        lock = try folder.takeLock()
        addresses = try Addresses(settings)
        certificates = try Self.openCertificates(settings)
        database = try StateDatabase(path: folder.database.path, migrations: Self.migrations)
        let vault = try SecretVault(keyFile: folder.keys.appending(path: "vault.key"))
        access = try await AccessFeature(
            database: database, settings: AccessSettings(baseURL: addresses.api, keyFolder: folder.keys), clock: clock)

        let blobs = BlobStore(root: folder.blobs)
        let accounts = StorageAccountService(database: database, vault: vault)
        let curated = CuratedEnvironmentSource(
            entries: CuratedAssets.source().map { .init(name: $0.name, version: $0.version, properties: $0.properties) },
            alias: CuratedAssets.alias)
        let workspaces = WorkspaceService(
            database: database, vault: vault, blobs: blobs, clock: clock, trackingAddress: addresses.tracking,
            furnish: { scope, database in try curated.install(in: scope, at: clock.now(), database) })
        let directory = CachedWorkspaceDirectory(workspaces)
        let datastores = DatastoreService(
            database: database, vault: vault, blobs: blobs, accounts: accounts, clock: clock)
        let assets = AssetService(database: database, curated: curated)
        let database = database
        let locator = DataLocator(
            datastores: datastores, assets: assets,
            outputAddress: { try await JobsFeature.outputAddress($0, $1, $2, database) })
        let identity = IdentitySettings(baseURL: addresses.api, blobAuthority: addresses.blobAuthority)
        let wiring = JobWiring(
            settings: settings, folder: folder, addresses: addresses, access: access, identity: identity,
            certificates: certificates, datastores: datastores, accounts: accounts, clock: clock)
        let jobs = JobsFeature(
            database: database, clock: clock, logger: logger, settings: wiring.jobSettings(), runs: JobRunRecorder(),
            assets: assets, datastores: datastores, locator: locator)
        scheduler = jobs.scheduler
        let uploads = PendingUploads(
            blobs: blobs, datastores: datastores, accounts: accounts, clock: clock,
            storageSuffix: { identity.storageSuffix })
        let features: [[Route]] = [
            workspaces.routes, datastores.routes,
            ConnectionFeature.routes(database: database, vault: vault, clock: clock),
            RegistryFeature.routes(scope: Self.firstScope(settings)),
            AssetsFeature(database: database, clock: clock, service: assets, locator: locator, uploads: uploads).routes,
            jobs.routes, SchedulesFeature.routes(database: database, clock: clock),
            EndpointsFeature(database: database, vault: vault, clock: clock).routes,
            BatchFeature(database: database, clock: clock).routes, access.routes,
        ]
        routes = try RouteTable(features.flatMap { $0 })

        let scope = Self.firstScope(settings), access = access
        defaultScope = scope
        try await Self.furnish(scope, workspaces, by: access.owner, database)
        let mlflow = MLflowFace(
            store: TrackingStore(database: database, clock: clock), authorizer: access.authorizer,
            artifactRoot: {
                try await datastores.location(ofDatastore: BuiltInDatastore.artifacts, in: $0).folder
            },
            modelFiles: { scope, address in
                guard case .here(let files) = try await locator.place(of: address, kind: .models, in: scope) else {
                    throw ServiceError(.notFound, "The model's files lie at \(address), which is not on this server.")
                }
                return files
            })
        func listener(anonymous: Caller?) -> MLflowListener {
            MLflowListener(
                face: mlflow, tokens: access.tokens, workspaces: directory, defaultScope: scope,
                anonymous: anonymous)
        }
        let owner = Caller(objectID: access.owner.objectID, name: access.owner.displayName)
        management = ManagementResponder(
            identity: IdentityFace(settings: identity, access: access), mlflow: listener(anonymous: nil),
            management: ARMFace(
                table: routes, tokens: access.tokens, authorizer: access.authorizer, workspaces: directory,
                logger: logger),
            baseURL: addresses.api)
        plain = PlainResponder(mlflow: listener(anonymous: settings.requireToken ? nil : owner))
        blob = BlobFace(
            store: blobs, accounts: accounts, tokens: access.tokens, authorizer: access.authorizer, logger: logger,
            clock: clock)
    }

    private static func firstScope(_ settings: ServerSettings) -> WorkspaceScope {
        WorkspaceScope(
            subscription: settings.first.subscription, resourceGroup: settings.first.resourceGroup,
            workspace: settings.first.workspace)
    }

    /// A new folder gets its first workspace; an old one the curated environments it does not have yet.
    private static func furnish(
        _ scope: WorkspaceScope, _ workspaces: WorkspaceService, by owner: Principal, _ database: StateDatabase
    ) async throws {
        if try await workspaces.count() == 0 {
            let body: JSON = ["properties": ["description": "Made on first start."]]
            try await workspaces.createOrUpdate(
                scope, body: body, by: Caller(objectID: owner.objectID, name: owner.displayName))
        }
        try await workspaces.furnishAll()
    }

    private static func openCertificates(_ settings: ServerSettings) throws -> ServerCertificates {
        let isOwn = ["127.0.0.1", "0.0.0.0"].contains(settings.host)
        return try ServerCertificates.open(in: settings.home, names: settings.names + (isOwn ? [] : [settings.host]))
    }

    // MARK: - Running

    /// Runs until it is told to stop. `ready` is called once all three listeners answer.
    package func run(ready: @escaping @Sendable () async throws -> Void) async throws {
        let started = ListenerCount(expected: 3, ready: ready)
        let listeners: [any Service] = [
            try Listeners.tls(management, host: settings.host, port: addresses.port, certificates, logger, started),
            try Listeners.tls(blob, host: settings.host, port: addresses.blobPort, certificates, logger, started),
            Listeners.plain(plain, port: addresses.httpPort, logger, started),
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: ([scheduler] + listeners).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try database.close()
    }
}
