import Foundation
import GRDB
import LazuliConformance
import LazuliDomain
import LazuliPersistence
import LazuliResources
import Synchronization
import Testing

@testable import LazuliJobs

/// Notes what a job tells of its runs.
final class NotedRuns: RunRecorder, Sendable {
    let lines = Mutex<[String]>([])

    func create(_ run: NewRun, in scope: WorkspaceScope, _ database: Database) throws -> String {
        lines.withLock { $0.append("create \(run.runID) below \(run.parentRunID ?? "-")") }
        return "1"
    }

    func set(
        _ status: RunStatus, ofRun runID: String, at: Int64, in scope: WorkspaceScope, _ database: Database
    ) throws { lines.withLock { $0.append("\(runID) \(status.rawValue)") } }

    func setTags(_ tags: [String: String], ofRun runID: String, in scope: WorkspaceScope, _ database: Database) throws {
        lines.withLock { $0.append("\(runID) tags \(tags.keys.sorted().joined(separator: " "))") }
    }

    func log(
        _ metrics: [RunMetric], params: [String: String], toRun runID: String, at: Int64, in scope: WorkspaceScope,
        _ database: Database
    ) throws {}
}

@Suite("Parts of a running job")
struct JobPartsTests {
    private let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")
    private let runs = NotedRuns()

    private var job: RunningJob {
        let folder = URL(fileURLWithPath: "/nowhere")
        return RunningJob(
            name: "job", scope: scope, submittedBy: Caller(objectID: "u", name: "ada"),
            properties: ["experimentName": "e"], folder: folder, artifacts: folder)
    }

    private func part(_ name: String) -> JobPart {
        JobPart(
            name: name, displayName: "Tree", command: "train", properties: ["iteration": "0"], tags: ["depth": "3"])
    }

    /// A database with a running job in it.
    private func withJob(_ body: (StateDatabase) async throws -> Void) async throws {
        try await withTemporaryDatabase(JobTable.migrations) { database in
            try await database.write { [scope] in
                let draft = JobTable.Draft(name: "job", type: "AutoML", status: .running, compute: "cpu")
                try JobTable.insert(draft, in: scope, by: Caller(objectID: "u", name: "ada"), at: 1, $0)
            }
            try await body(database)
        }
    }

    @Test("A part is a running job and run below its job, on the same compute, which nobody queues")
    func begins() async throws {
        try await withJob { database in
            let parts = JobParts(runs: runs), job = job, scope = scope, part = part("job_0")
            let (isNew, isNewAgain) = try await database.write {
                (try parts.begin(part, of: job, at: 5, $0), try parts.begin(part, of: job, at: 6, $0))
            }
            #expect((isNew, isNewAgain) == (true, false))
            let (children, unfinished) = try await database.read {
                (try JobTable.children(of: "job", in: scope, $0), try JobTable.unfinished($0))
            }
            #expect(children.map(\.name) == ["job_0"])
            #expect(children.first?.status == .running)
            #expect(children.first?.compute == "cpu")
            #expect(children.first?.startedAt == 5)
            #expect(unfinished.map(\.name) == ["job"])
            #expect(runs.lines.withLock { $0 } == ["create job_0 below job", "job_0 RUNNING"])
        }
    }

    @Test("A part ends once, with its reason and what became known of it")
    func ends() async throws {
        try await withJob { database in
            let parts = JobParts(runs: runs), job = job, scope = scope, part = part("job_0")
            let end = JobPartEnd(name: "job_0", status: .failed, reason: "No memory.", properties: ["score": "0.5"])
            let isEnded = try await database.write {
                _ = try parts.begin(part, of: job, at: 5, $0)
                return [try parts.end(end, of: job, at: 9, $0), try parts.end(end, of: job, at: 10, $0)]
            }
            #expect(isEnded == [true, false])
            let record = try await database.read { try JobTable.fetch("job_0", in: scope, $0) }
            #expect(record?.endedAt == 9)
            #expect(record?.error["message"] == "No memory.")
            let key = try #require(record?.key)
            let stored = try await database.read { try DocumentTable.fetch(key, $0) }
            #expect(stored?.state == JobParts.documentState)
            #expect(try stored?.body()["properties"]["properties"] == ["iteration": "0", "score": "0.5"])
            #expect(try await database.read { try parts.openParts(of: job, $0) } == [])
        }
    }

    @Test("A part that never began cannot end")
    func unknown() async throws {
        try await withJob { database in
            let parts = JobParts(runs: runs), job = job
            let isEnded = try await database.write {
                try parts.end(JobPartEnd(name: "job_7", status: .completed), of: job, at: 9, $0)
            }
            #expect(!isEnded)
        }
    }

    @Test("Progress is told of a job that runs, and of no other")
    func progress() async throws {
        try await withJob { database in
            let parts = JobParts(runs: runs), job = job, scope = scope
            try await database.write { try parts.tell("12 % done.", facts: [("progress", 0.12)], of: job, $0) }
            var record = try #require(try await database.read { try JobTable.fetch("job", in: scope, $0) })
            #expect(record.reason == "12 % done.")
            #expect(record.facts["progress"] == 0.12)
            record.status = .cancelRequested
            record.reason = "ada asked to cancel the job."
            let cancelled = record
            try await database.write { try JobTable.save(cancelled, $0) }
            try await database.write { try parts.tell("13 % done.", facts: [], of: job, $0) }
            let later = try await database.read { try JobTable.fetch("job", in: scope, $0) }
            #expect(later?.reason == "ada asked to cancel the job.")
        }
    }
}
