import Foundation
import LazuliAccess
import LazuliArtifacts
import LazuliAssets
import LazuliAutoML
import LazuliBatch
import LazuliDomain
import LazuliEndpoints
import LazuliIdentityFace
import LazuliJobs
import LazuliPersistence
import LazuliResources
import LazuliSchedules
import LazuliTracking
import LazuliWorkspaces
import Logging

/// What the features share of one server: its files, its clock, its addresses.
struct ServerGround: Sendable {
    let settings: ServerSettings
    let folder: StateFolder
    let addresses: Addresses
    let certificates: ServerCertificates
    let database: StateDatabase
    let vault: SecretVault
    let blobs: BlobStore
    let access: AccessFeature
    let clock: WallClock
    let logger: Logger

    var identity: IdentitySettings {
        IdentitySettings(baseURL: addresses.api, blobAuthority: addresses.blobAuthority)
    }

    /// The owner of the server, for what is done in their name.
    var owner: Caller { Caller(objectID: access.owner.objectID, name: access.owner.displayName) }
}

/// The features of a server, each given the others it needs through ports.
struct Features: Sendable {
    let tracking: TrackingStore
    let workspaces: WorkspaceService
    let accounts: StorageAccountService
    let datastores: DatastoreService
    let assets: AssetsFeature
    let locator: DataLocator
    let jobs: JobsFeature
    let endpoints: EndpointsFeature
    /// Every row of the management API.
    let routes: [Route]

    init(_ ground: ServerGround, gateway: any ScoringGateway) throws {
        let database = ground.database, vault = ground.vault, blobs = ground.blobs, clock = ground.clock
        let curated = CuratedAssets.source
        let tracking = TrackingStore(database: database, clock: clock)
        self.tracking = tracking
        workspaces = WorkspaceService(
            database: database, vault: vault, blobs: blobs, clock: clock, trackingAddress: ground.addresses.tracking,
            furnish: { scope, database in
                try curated.install(in: scope, at: clock.now(), database)
                try tracking.furnish(scope, database)
            },
            clear: { scope, database in
                try JobsFeature.clear(scope, database)
                try tracking.clear(scope, database)
                try RoleAssignmentService.clear(scope, database)
            },
            cleared: { try await ground.access.roleAssignments.reload() })
        accounts = StorageAccountService(database: database, vault: vault)
        datastores = DatastoreService(database: database, vault: vault, blobs: blobs, accounts: accounts, clock: clock)
        let catalog = AssetService(database: database, curated: curated)
        locator = DataLocator(
            datastores: datastores, assets: catalog,
            outputAddress: { try await JobsFeature.outputAddress($0, $1, $2, database) })
        let suffix = ground.identity.storageSuffix
        let uploads = PendingUploads(
            blobs: blobs, datastores: datastores, accounts: accounts, clock: clock, storageSuffix: { suffix })
        assets = AssetsFeature(
            database: database, clock: clock, service: catalog, locator: locator, uploads: uploads)
        let environments = JobEnvironments(home: ground.folder.home)
        let wiring = JobWiring(
            ground: ground, datastores: datastores, accounts: accounts, environments: environments)
        let autoML = AutoMLFeature(
            database: database, clock: clock, logger: ground.logger, settings: wiring.autoMLSettings(),
            runs: JobRunRecorder(), locator: locator)
        let jobs = JobsFeature(
            database: database, clock: clock, logger: ground.logger, settings: wiring.jobSettings(),
            runs: JobRunRecorder(), assets: catalog, datastores: datastores, locator: locator, kinds: [autoML.kind])
        self.jobs = jobs
        let endpoints = EndpointsFeature(
            database: database, vault: vault, clock: clock, logger: ground.logger,
            settings: try EndpointWiring(ground: ground, environments: environments).settings(), gateway: gateway,
            assets: catalog, locator: locator, workspaces: workspaces)
        self.endpoints = endpoints
        let stores = datastores
        let runArtifacts = RunArtifactRoutes(
            store: tracking, folder: { try await stores.location(ofDatastore: $1, in: $0).folder },
            link: { try await wiring.link($0, $1, $2, permissions: $3, suffix: suffix) })
        let rows: [[Route]] = [
            workspaces.routes(vacate: {
                try await jobs.vacate($0)
                try await endpoints.vacate($0)
            }), datastores.routes,
            ConnectionFeature.routes(database: database, vault: vault, clock: clock),
            RegistryFeature.routes(scope: ground.settings.first.scope), assets.routes, jobs.routes, runArtifacts.routes,
            SchedulesFeature.routes(database: database, clock: clock),
            endpoints.routes,
            BatchFeature(database: database, clock: clock).routes, ground.access.routes,
        ]
        routes = rows.flatMap { $0 }
    }

    /// A new folder gets its first workspace; an old one the curated environments it does not have yet.
    func furnish(_ ground: ServerGround) async throws {
        if try await workspaces.count() == 0 {
            let body: JSON = ["properties": ["description": "Made on first start."]]
            try await workspaces.createOrUpdate(ground.settings.first.scope, body: body, by: ground.owner)
        }
        try await workspaces.furnishAll()
    }
}
