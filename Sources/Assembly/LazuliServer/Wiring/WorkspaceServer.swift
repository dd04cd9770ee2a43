import Foundation
import Hummingbird
import LazuliARMFace
import LazuliAccess
import LazuliArtifacts
import LazuliJobs
import LazuliEndpoints
import LazuliPersistence
package import LazuliResources
import LazuliScoringFace
import LazuliTracking
import LazuliWorkspaces
package import Logging
import ServiceLifecycle
import UnixSignals

/// The whole server. Together with `Features` and `Faces` it is the one place that knows which concrete type stands
/// behind which port.
package struct WorkspaceServer: Sendable {
    /// Every module's schema, in floor order. Append only.
    static let migrations: [Migration] =
        [SecretVault.migration, DocumentTable.migration] + AccessFeature.migrations + WorkspacesFeature.migrations
        + TrackingFeature.migrations + JobsFeature.migrations + EndpointsFeature.migrations

    let ground: ServerGround
    /// Every call of the management API.
    let routes: RouteTable
    private let features: Features
    private let faces: Faces
    private let scoring: ScoringListener
    /// Keeps a second server out of the folder for as long as the process lives.
    private let lock: Int32

    /// Opens the state folder, makes what a new one lacks, and settles on the ports.
    /// - Throws: `conflict` for a folder or a port in use; every message says what to do.
    package init(settings: ServerSettings, logger: Logger, clock: WallClock = .system) async throws {
        let folder = StateFolder(settings.home)
        try folder.prepare()
        lock = try folder.takeLock()
        let addresses = try Addresses(settings)
        let database = try StateDatabase(path: folder.database.path, migrations: Self.migrations)
        let access = AccessSettings(baseURL: addresses.api, keyFolder: folder.keys)
        ground = ServerGround(
            settings: settings, folder: folder, addresses: addresses,
            certificates: try Self.openCertificates(settings), database: database,
            vault: try SecretVault(keyFile: folder.keys.appending(path: "vault.key")),
            blobs: BlobStore(root: folder.blobs),
            access: try await AccessFeature(database: database, settings: access, clock: clock), clock: clock,
            logger: logger)
        scoring = try await EndpointWiring.listener(ground)
        features = try Features(ground, gateway: scoring)
        routes = try RouteTable(features.routes)
        faces = Faces(ground, features, routes)
        try await features.furnish(ground)
    }

    private static func openCertificates(_ settings: ServerSettings) throws -> ServerCertificates {
        let isOwn = ["127.0.0.1", "0.0.0.0"].contains(settings.host)
        return try ServerCertificates.open(in: settings.home, names: settings.names + (isOwn ? [] : [settings.host]))
    }

    // MARK: - Running

    /// Runs until it is told to stop. `ready` is called once all listeners answer.
    package func run(ready: @escaping @Sendable () async throws -> Void) async throws {
        let started = ListenerCount(expected: 4, ready: ready)
        let addresses = ground.addresses, logger = ground.logger, certificates = ground.certificates
        let listeners: [any Service] = [
            try Listeners.tls(
                faces.management, host: addresses.host, port: addresses.port, certificates, logger, started),
            try Listeners.tls(
                faces.blob, host: addresses.host, port: addresses.blobPort, certificates, logger, started),
            Listeners.plain(faces.plain, port: addresses.httpPort, logger, started),
            ScoringService(listener: scoring, started: started),
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: ([features.jobs.scheduler, features.endpoints.supervisor] + listeners).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try ground.database.close()
    }
}
