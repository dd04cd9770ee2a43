import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Jobs as clients see them: submit, show, list, change, cancel.
package struct JobService: Sendable {
    let database: StateDatabase
    let documents: DocumentService
    let transitions: JobTransitions
    let scheduler: JobScheduler
    let runs: any RunRecorder
    let clock: WallClock

    init(
        database: StateDatabase, check: JobCheck, transitions: JobTransitions, scheduler: JobScheduler,
        runs: any RunRecorder, datastores: any DatastoreDirectory, kinds: [any JobKind], clock: WallClock
    ) {
        self.database = database
        self.transitions = transitions
        self.scheduler = scheduler
        self.runs = runs
        self.clock = clock
        let submission = JobSubmission(check: check, datastores: datastores, runs: runs, kinds: kinds, clock: clock)
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, call in try await submission.complete(body, call) }
        behaviour.write = { old, body, key, call, database in
            try submission.write(old, body, key, call, database)
        }
        behaviour.changed = { key in await scheduler.submitted(key) }
        behaviour.listed = { query in
            var query = query
            query.state = ""
            return query
        }
        behaviour.present = { documents, call in
            try await Self.shown(documents, call, database, scheduler)
        }
        documents = DocumentService(JobKinds.kind(with: kinds), database: database, clock: clock, behaviour: behaviour)
    }

    var routes: [Route] {
        documents.routes([.get, .list, .put]) + [documents.action("cancel", cancel)]
    }

    /// Jobs with their records: one read, however many there are.
    private static func shown(
        _ documents: [Document], _ call: Call, _ database: StateDatabase, _ scheduler: JobScheduler
    ) async throws -> [JSON] {
        let scope = try call.workspaceScope()
        let records = try await database.read { database in
            try documents.map { try JobTable.fetch($0.key.name, in: scope, database) }
        }
        var bodies: [JSON] = []
        for (document, record) in zip(documents, records) {
            let body = try document.body()
            guard let record else {
                bodies.append(body)
                continue
            }
            bodies.append(JobView(record: record, waitsFor: await scheduler.explanation(of: record)).filled(body, call))
        }
        return bodies
    }

    // MARK: - Cancelling

    private func cancel(_ call: Call) async throws -> Reply {
        let key = try JobKinds.kind.key(for: call)
        let document = try await documents.document(key, call)
        guard let record = try await record(key.name, in: try call.workspaceScope()) else {
            throw documents.notFoundJob(key, call)
        }
        guard !record.status.isFinal else {
            throw ServiceError(
                .conflict,
                "The job \"\(record.name)\" has ended as \(record.status.rawValue); there is nothing to cancel.",
                target: record.name)
        }
        if record.isPart, let parent = record.parent {
            throw ServiceError(
                .conflict, "\(record.name) runs as a part of job \(parent) and ends with it. Cancel \(parent).",
                target: record.name)
        }
        try await cancel(record, reason: "\(call.caller.name) asked to cancel the job.")
        return .json(200, try await documents.resource(document, call))
    }

    func cancel(_ record: JobRecord, reason: String) async throws {
        try await transitions.apply(.cancelRequested, to: record, .init(reason: reason))
        await scheduler.cancel(record)
    }

    func record(_ name: String, in scope: WorkspaceScope) async throws -> JobRecord? {
        try await database.read { try JobTable.fetch(name, in: scope, $0) }
    }

    // MARK: - Changing what a job is called

    /// Changes name, description, tags, properties or the archive mark of a job, whatever its state.
    func update(_ name: String, _ change: JSON, _ call: Call) async throws {
        let key = DocumentKey(kind: JobKinds.kind.tableName, scope: try call.workspaceScope().key, name: name)
        let scope = try call.workspaceScope(), runs = runs, at = clock.now()
        var known = JSONObject()
        for member in ["displayName", "description", "tags", "properties"] where !change[member].isNull {
            known[member] = change[member]
        }
        let patch: JSON = ["properties": .object(known)], hidden = change["hidden"].bool
        try await database.write { database in
            guard let document = try DocumentTable.fetch(key, database) else {
                throw ServiceError(.notFound, "There is no job \"\(name)\" in this workspace.", target: name)
            }
            var body = try document.body()
            body = body.overlaid(with: patch)
            if let hidden { body["properties"]["isArchived"] = .bool(hidden) }
            try DocumentTable.update(
                document, body: body, state: document.state, by: call.caller.name, at: at, database)
            if let hidden { try DocumentTable.setArchived(hidden, document, database) }
            let tags = (body["properties"]["tags"].object?.pairs ?? []).map { ($0.key, $0.value.scalarText ?? "") }
            try runs.setTags(Dictionary(tags, uniquingKeysWith: { $1 }), ofRun: name, in: scope, database)
        }
    }
}

extension DocumentService {
    fileprivate func notFoundJob(_ key: DocumentKey, _ call: Call) -> ServiceError {
        ServiceError(.notFound, "There is no job \"\(key.name)\" in this workspace.", target: key.name)
    }
}
