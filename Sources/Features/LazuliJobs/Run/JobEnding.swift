import Foundation
import LazuliDomain
import LazuliPersistence
import LazuliProcesses
import LazuliResources

/// Turns how the processes of a job ended into the job's end: its status, its error in words, its registered outputs.
struct JobEnding: Sendable {
    let database: StateDatabase
    let transitions: JobTransitions
    let assets: any AssetCatalog
    let clock: WallClock

    func settle(
        _ job: JobRecord, _ outcome: Outcome, _ folder: JobFolder, _ conclusion: JobConclusion = JobConclusion()
    ) async throws {
        let facts = Self.facts(outcome)
        if outcome.reason == .cancelled {
            try await transitions.apply(
                .canceled, to: job, .init(reason: outcome.sentence, facts: facts, at: outcome.endedAt))
        } else if outcome.succeeded {
            try await succeed(job, facts, at: outcome.endedAt, conclusion)
        } else {
            let error = Self.error(outcome, folder, conclusion)
            try await transitions.apply(
                .failed, to: job,
                .init(reason: error["message"].string ?? "", error: error, facts: facts, at: outcome.endedAt))
        }
    }

    private static func facts(_ outcome: Outcome) -> [(String, JSON)] {
        [
            ("cpuSeconds", .number(outcome.processorSeconds)),
            ("peakMemoryBytes", .integer(outcome.peakMemoryBytes)),
            ("limits", .string(outcome.limits)),
        ]
    }

    // MARK: - Success

    /// Outputs with a name become assets in the same commit that completes the job: at success, and only then.
    private func succeed(
        _ job: JobRecord, _ facts: [(String, JSON)], at: Int64, _ conclusion: JobConclusion
    ) async throws {
        let body = try await database.read { try DocumentTable.fetch(job.key, $0)?.body() } ?? .null
        let request = CommandJob(name: job.name, properties: body["properties"])
        let assets = assets, now = clock.now()
        try await transitions.apply(
            .succeeded, to: job, .init(reason: conclusion.sentence ?? "", facts: facts, at: at),
            also: { database in
                for (name, output) in request.outputs {
                    guard let asset = output.assetName else { continue }
                    let isModel = output.type.hasSuffix("_model")
                    _ = try assets.register(
                        isModel ? .models : .data, name: asset, version: output.assetVersion,
                        properties: Self.properties(of: output, named: name, job), by: job.submittedBy.name, at: now,
                        in: job.scope, database)
                }
            })
    }

    private static func properties(of output: CommandJob.Output, named name: String, _ job: JobRecord) -> JSON {
        var properties: JSON = [
            "description": .string("Output \"\(name)\" of job \(job.name)."), "tags": .emptyObject,
            "properties": ["jobName": .string(job.name)], "isArchived": false, "isAnonymous": false,
        ]
        if output.type.hasSuffix("_model") {
            properties["modelType"] = .string(output.type)
            properties["modelUri"] = JSON(output.uri)
            properties["flavors"] = .emptyObject
            properties["jobName"] = .string(job.name)
        } else {
            properties["dataType"] = .string(output.type)
            properties["dataUri"] = JSON(output.uri)
        }
        return properties
    }

    // MARK: - Failure

    /// The error people read: the cause, the traceback's last line, and where to see more.
    static func error(
        _ outcome: Outcome, _ folder: JobFolder, _ conclusion: JobConclusion = JobConclusion()
    ) -> JSON {
        if outcome.reason == .exited, let sentence = conclusion.sentence {
            return error("UserError", sentence, outcome)
        }
        let log = folder.log(JobFolder.userLog).path
        let excerpt = FailureExcerpt.from(log: log)
        let isUsers = [.exited, .signaled, .timedOut, .outOfMemory, .diskQuota, .logLimit].contains(outcome.reason)
        var message = outcome.sentence
        if let excerpt { message += " " + excerpt.sentence }
        let lines = excerpt?.lines ?? LogTail.lastLines(of: log, count: 10)
        if !lines.isEmpty { message += "\n" + lines.joined(separator: "\n") }
        return error(isUsers ? "UserError" : "SystemError", message, outcome)
    }

    private static func error(_ code: String, _ message: String, _ outcome: Outcome) -> JSON {
        [
            "code": .string(code), "message": .string(message), "messageFormat": "",
            "referenceCode": .string(outcome.reason.rawValue), "details": [],
        ]
    }
}
