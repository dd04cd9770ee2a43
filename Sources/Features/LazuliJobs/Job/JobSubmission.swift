import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Turns the body of a submitted job into what is stored, and puts the job, its queue entry and its run in one commit.
struct JobSubmission: Sendable {
    let check: JobCheck
    let datastores: any DatastoreDirectory
    let runs: any RunRecorder
    let kinds: [any JobKind]
    let clock: WallClock

    /// Defaults, and the check of what a job that runs names.
    func complete(_ body: JSON, _ call: Call) async throws -> JSON {
        let name = try call.parameter("name"), scope = try call.workspaceScope()
        var body = body
        var properties = body["properties"]
        for member in ["tags", "properties", "inputs", "outputs"] where properties[member].isNull {
            properties[member] = .emptyObject
        }
        if properties["displayName"].isNull { properties["displayName"] = .string(name) }
        if properties["experimentName"].isNull { properties["experimentName"] = "Default" }
        if properties["isArchived"].isNull { properties["isArchived"] = false }
        var notices: [String] = []
        if let kind = kind(of: properties) {
            let finding = try await kind.complete(properties, name: name, in: scope)
            (properties, notices) = (finding.properties, finding.notices)
        }
        properties["outputs"] = try await addressed(properties["outputs"], job: name, scope)
        let job = CommandJob(name: name, properties: properties)
        if let kind = kind(of: properties) {
            try await check.run(job, reading: kind.inputs(of: properties), in: scope)
        } else if properties["jobType"] == "Command" {
            let environment = try await check.run(job, in: scope)
            properties["environmentId"] = .string(environment.id)
            notices = environment.notices
        }
        if !notices.isEmpty {
            properties["properties"]["lazuli.notices"] = .string(notices.joined(separator: " "))
        }
        body["properties"] = properties
        return body
    }

    private func kind(of properties: JSON) -> (any JobKind)? {
        kinds.first { $0.type == properties["jobType"].string }
    }

    /// Every output gets the address it will be written to.
    private func addressed(_ outputs: JSON, job: String, _ scope: WorkspaceScope) async throws -> JSON {
        var outputs = outputs
        for (name, output) in outputs.object?.pairs ?? [] {
            let store = try await datastores.defaultDatastore(in: scope)
            let folder = DataLocator.outputFolder(job: job, output: name)
            let usual =
                "azureml://datastores/\(store)/paths/\(folder)" + (output["jobOutputType"] == "uri_file" ? "" : "/")
            let values = ["name": job, "output_name": name, "default_datastore": store]
            let wanted = output["uri"].string.map { uri in
                CommandExpression.substituting(uri, open: "${{", close: "}}") {
                    values[$0.filter { !$0.isWhitespace }] ?? "${{\($0)}}"
                }
            }
            var filled = output
            filled["uri"] = .string(wanted ?? usual)
            outputs[name] = filled
        }
        return outputs
    }

    func write(_ old: Document?, _ body: JSON, _ key: DocumentKey, _ call: Call, _ database: Database) throws -> JSON {
        if let old { return try rewritten(old, with: body) }
        let scope = try call.workspaceScope(), properties = body["properties"], at = clock.now()
        let job = CommandJob(name: key.name, properties: properties)
        let type = properties["jobType"].string ?? ""
        let isSupplied = kind(of: properties) != nil, runsHere = type == "Command" || isSupplied
        let draft = JobTable.Draft(
            name: key.name, type: type, status: runsHere ? .queued : .failed,
            reason: runsHere ? "" : Self.notRun(type), compute: job.computeName ?? ComputeTarget.serverlessName,
            nodes: isSupplied ? 1 : max(1, job.instanceCount), parent: properties["parentJobName"].string)
        try JobTable.insert(draft, in: scope, by: call.caller, at: at, database)
        try recordRun(key.name, job, properties, call.caller, at, scope, database)
        if !runsHere { try refuse(type, key.name, at, scope, database) }
        return body
    }

    private static func notRun(_ type: String) -> String {
        "\(type) jobs are checked, stored and shown by this version of Lazuli, and not run yet: no trial or step was "
            + "started. Command and AutoML jobs run."
    }

    private func refuse(_ type: String, _ name: String, _ at: Int64, _ scope: WorkspaceScope, _ database: Database)
        throws
    {
        guard var record = try JobTable.fetch(name, in: scope, database) else { return }
        record.error = ["code": "NotImplemented", "message": .string(Self.notRun(type)), "details": []]
        record.endedAt = at
        try JobTable.save(record, database)
        try runs.set(.failed, ofRun: name, at: at, in: scope, database)
    }

    private func recordRun(
        _ name: String, _ job: CommandJob, _ properties: JSON, _ caller: Caller, _ at: Int64, _ scope: WorkspaceScope,
        _ database: Database
    ) throws {
        let tags = (properties["tags"].object?.pairs ?? []).map { ($0.key, $0.value.scalarText ?? "") }
        _ = try runs.create(
            NewRun(
                runID: name, experimentName: job.experimentName, displayName: job.displayName,
                tags: Dictionary(tags, uniquingKeysWith: { $1 }), parentRunID: properties["parentJobName"].string,
                user: caller.name, createdAt: at),
            in: scope, database)
    }

    /// Submitting a job again by the same name changes what it is called, never what it does.
    private func rewritten(_ old: Document, with body: JSON) throws -> JSON {
        guard old.state.isEmpty else {
            throw ServiceError(
                .conflict,
                "\"\(old.key.name)\" is a part of another job, made when that ran. Leave the name out, or choose another.",
                target: old.key.name)
        }
        let stored = try old.body()
        let mutable = ["displayName", "description", "tags", "properties", "isArchived", "services", "experimentName"]
        func fixed(_ body: JSON) -> JSON {
            var properties = body["properties"].object ?? JSONObject()
            for member in mutable { properties[member] = nil }
            for (member, value) in properties.pairs where value.isNull { properties[member] = nil }
            return .object(properties)
        }
        guard fixed(stored) == fixed(body) else {
            throw ServiceError(
                .conflict,
                "A job named \"\(old.key.name)\" exists and does something else. Leave the name out, or choose another.",
                target: old.key.name)
        }
        var kept = stored
        for member in mutable where !body["properties"][member].isNull {
            kept["properties"][member] = body["properties"][member]
        }
        return kept
    }
}
