package import GRDB
package import LazuliDomain
package import LazuliPersistence
package import LazuliResources
package import Logging

/// Jobs, the queue they wait in, and the computes they run on.
package struct JobsFeature: Sendable {
    package let scheduler: JobScheduler
    package let routes: [Route]
    private let jobs: JobService

    package static let migrations: [Migration] = JobTable.migrations

    package init(
        database: StateDatabase, clock: WallClock, logger: Logger, settings: JobSettings, runs: any RunRecorder,
        assets: any AssetCatalog, datastores: any DatastoreDirectory, locator: DataLocator, kinds: [any JobKind]
    ) {
        let transitions = JobTransitions(database: database, runs: runs, clock: clock)
        let lookup = ComputeLookup(database: database)
        let staging = JobStaging(
            locator: locator, assets: assets, fetcher: WebFetcher(mirrors: settings.mirrors))
        let runner = JobRunner(
            database: database, transitions: transitions,
            preparation: JobPreparation(
                staging: staging, code: CodeStaging(locator: locator, assets: assets), assets: assets,
                settings: settings),
            kinds: RunningKinds(kinds, ledger: JobParts(runs: runs), database: database),
            datastores: datastores, settings: settings,
            ending: JobEnding(database: database, transitions: transitions, assets: assets, clock: clock),
            target: { try await lookup.target(of: $0) }, logger: logger)
        let scheduler = JobScheduler(
            database: database, runner: runner, serverlessNodes: settings.serverlessNodes, clock: clock, logger: logger,
            computes: { try await lookup.target(of: $0) })
        let computes = ComputeService(
            database: database, clock: clock, load: { await scheduler.load(of: $0) },
            changed: { _ in await scheduler.computeChanged() })
        let jobs = JobService(
            database: database, check: JobCheck(computes: lookup, assets: assets, locator: locator),
            transitions: transitions, scheduler: scheduler, runs: runs, datastores: datastores, kinds: kinds,
            clock: clock)
        self.scheduler = scheduler
        self.jobs = jobs
        routes =
            jobs.routes + computes.routes
            + RunHistoryRoutes(jobs: jobs, datastores: datastores, assets: assets, settings: settings).routes
    }

    /// Ends what runs or waits in a workspace that is about to go.
    package func vacate(_ scope: WorkspaceScope) async throws {
        let unfinished = try await jobs.database.read { try JobTable.unfinished($0) }
        for job in unfinished where job.scope == scope {
            try await jobs.cancel(job, reason: "The workspace is being deleted.")
        }
    }

    /// Removes the jobs of a workspace that goes.
    package static func clear(_ scope: WorkspaceScope, _ database: Database) throws {
        try JobTable.deleteAll(in: scope, database)
    }

    /// The address that an output of a job was given; for the names of data that lead through jobs.
    package static func outputAddress(
        _ job: String, _ output: String, _ scope: WorkspaceScope, _ database: StateDatabase
    ) async throws -> String? {
        let key = DocumentKey(kind: JobKinds.kind.tableName, scope: scope.key, name: job)
        return try await database.read { database in
            try DocumentTable.fetch(key, database)?.body()["properties"]["outputs"][output]["uri"].string
        }
    }
}
