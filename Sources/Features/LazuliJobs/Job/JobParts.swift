import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Keeps the parts of running jobs as jobs and runs of their own. They are documents in a state of their own, by which
/// lists of jobs leave them out.
struct JobParts: JobLedger {
    let runs: any RunRecorder

    static let documentState = "Part"

    func begin(_ part: JobPart, of job: RunningJob, at: Int64, _ database: Database) throws -> Bool {
        guard try JobTable.fetch(part.name, in: job.scope, database) == nil else { return false }
        let compute = try JobTable.fetch(job.name, in: job.scope, database)?.compute
        let draft = JobTable.Draft(
            name: part.name, type: "Command", status: .running, compute: compute ?? ComputeTarget.serverlessName,
            parent: job.name, isPart: true, startedAt: at)
        try JobTable.insert(draft, in: job.scope, by: job.submittedBy, at: at, database)
        try DocumentTable.upsert(
            .init(
                key: key(part.name, job), body: Self.body(part, of: job), state: Self.documentState,
                by: job.submittedBy.name, at: at), database)
        _ = try runs.create(
            NewRun(
                runID: part.name, experimentName: job.properties["experimentName"].string ?? "Default",
                displayName: part.displayName, tags: part.tags, parentRunID: job.name, user: job.submittedBy.name,
                createdAt: at), in: job.scope, database)
        try runs.set(.running, ofRun: part.name, at: at, in: job.scope, database)
        return true
    }

    private static func body(_ part: JobPart, of job: RunningJob) -> JSON {
        [
            "properties": .object(dropping: [
                ("jobType", "Command"), ("displayName", .string(part.displayName)),
                ("experimentName", job.properties["experimentName"]), ("parentJobName", .string(job.name)),
                ("command", .string(part.command)), ("environmentId", ""),
                ("computeId", job.properties["computeId"].isNull ? nil : job.properties["computeId"]),
                ("tags", JSON(part.tags)), ("properties", JSON(part.properties)), ("inputs", .emptyObject),
                ("outputs", .emptyObject), ("isArchived", false),
            ])
        ]
    }

    func end(_ part: JobPartEnd, of job: RunningJob, at: Int64, _ database: Database) throws -> Bool {
        guard var record = try JobTable.fetch(part.name, in: job.scope, database), !record.status.isFinal else {
            return false
        }
        record.status = part.status
        record.reason = part.reason
        record.endedAt = at
        if part.status == .failed {
            record.error = ["code": "UserError", "message": .string(part.reason), "details": []]
        }
        try JobTable.save(record, database)
        let status: RunStatus =
            switch part.status {
            case .completed: .finished
            case .canceled: .killed
            default: .failed
            }
        try runs.set(status, ofRun: part.name, at: at, in: job.scope, database)
        try describe(part.name, of: job, properties: part.properties, tags: [:], at: at, database)
        return true
    }

    func openParts(of job: RunningJob, _ database: Database) throws -> [String] {
        try JobTable.children(of: job.name, in: job.scope, database).filter { $0.isPart && !$0.status.isFinal }
            .map(\.name)
    }

    func describe(
        _ name: String, of job: RunningJob, properties: [String: String], tags: [String: String], at: Int64,
        _ database: Database
    ) throws {
        guard !(properties.isEmpty && tags.isEmpty),
            let document = try DocumentTable.fetch(key(name, job), database)
        else { return }
        var body = try document.body()
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            body["properties"]["properties"][key] = .string(value)
        }
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { body["properties"]["tags"][key] = .string(value) }
        try DocumentTable.update(
            document, body: body, state: document.state, by: job.submittedBy.name, at: at, database)
        try runs.setTags(tags, ofRun: name, in: job.scope, database)
    }

    func tell(_ sentence: String, facts: [(String, JSON)], of job: RunningJob, _ database: Database) throws {
        guard var record = try JobTable.fetch(job.name, in: job.scope, database), record.status == .running else {
            return
        }
        record.reason = sentence
        for (key, value) in facts { record.facts[key] = value }
        try JobTable.save(record, database)
    }

    private func key(_ name: String, _ job: RunningJob) -> DocumentKey {
        DocumentKey(kind: JobKinds.kind.tableName, scope: job.scope.key, name: name)
    }
}
