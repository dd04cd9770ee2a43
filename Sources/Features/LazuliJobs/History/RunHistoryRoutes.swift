import Foundation
import LazuliDomain
import LazuliPersistence
import LazuliResources
import GRDB

/// The run-history and dataset planes, which stock clients use beside the management API to stream and download jobs.
/// Source: contract B9.
struct RunHistoryRoutes: Sendable {
    let jobs: JobService
    let datastores: any DatastoreDirectory
    let assets: any AssetCatalog
    let settings: JobSettings

    private static let read = JobKinds.kind.action("read")
    private static let write = JobKinds.kind.action("write")

    var routes: [Route] {
        let history = "/history/v1.0" + Route.workspacePath
        let run = "\(history)/experiments/{experiment}/runs/{name}"
        let data = "/data/v1.0" + Route.workspacePath
        return [
            Route("GET", "\(history)/runs/{name}/details", "Runs_GetDetails", action: Self.read, handle: details),
            Route("GET", "\(run)/details", "Runs_GetExperimentDetails", action: Self.read, handle: details),
            Route("GET", "\(history)/runs/{name}", "Runs_Get", action: Self.read, handle: get),
            Route("GET", run, "Runs_GetInExperiment", action: Self.read, handle: get),
            Route("GET", "\(history)/runs/{name}/children", "Runs_GetChildren", action: Self.read, handle: children),
            Route("PATCH", run, "Runs_Update", action: Self.write, handle: update),
            Route("PATCH", "\(history)/runs/{name}", "Runs_UpdateByName", action: Self.write, handle: update),
            Route("POST", "\(history)/rundata", "Runs_GetRunData", action: Self.read, handle: rundata),
            Route(
                "POST", "\(data)/dataversion/batchGetResolvedUris", "DataVersions_BatchGetResolvedUris",
                action: Self.read, handle: resolvedAddresses),
        ]
    }

    private func record(_ call: Call, _ name: String) async throws -> JobRecord {
        guard let record = try await jobs.record(name, in: try call.workspaceScope()) else {
            throw ServiceError(.notFound, "There is no job \"\(name)\" in this workspace.", target: name)
        }
        return record
    }

    private func properties(_ record: JobRecord) async throws -> JSON {
        try await jobs.database.read { try DocumentTable.fetch(record.key, $0)?.body()["properties"] } ?? .emptyObject
    }

    // MARK: - One run

    private func details(_ call: Call) async throws -> Reply {
        let record = try await record(call, try call.parameter("name"))
        var details: JSON = [
            "runId": .string(record.name), "status": .string(shownStatus(record).rawValue),
            "target": .string(record.compute),
            "properties": .emptyObject, "warnings": .array(try await notices(record)),
            "logFiles": try await logFiles(record),
            "submittedBy": .string(record.submittedBy.name),
        ]
        if let started = record.startedAt { details["startTimeUtc"] = .string(Timestamp.text(started)) }
        if let ended = record.endedAt { details["endTimeUtc"] = .string(Timestamp.text(ended)) }
        if !record.error.isNull { details["error"] = ["error": record.error] }
        let waits = await jobs.scheduler.explanation(of: record)
        if let reason = waits ?? (record.reason.isEmpty ? nil : record.reason) {
            details["properties"] = ["lazuli.reason": .string(reason)]
        }
        return .json(200, details)
    }

    /// The stock client's stream shows a log only of a run that it has seen unfinished. A run that was over before the
    /// client could first look is shown as finalizing for a moment more.
    private func shownStatus(_ record: JobRecord) -> JobStatus {
        guard record.status.isFinal, let ended = record.endedAt else { return record.status }
        let wasShort = ended - record.submittedAt < Self.firstLook
        return wasShort && jobs.clock.now() - ended < Self.firstLook ? .finalizing : record.status
    }

    /// Milliseconds from submitting a job until a client first looks at its run.
    private static let firstLook: Int64 = 3_000

    private func notices(_ record: JobRecord) async throws -> [JSON] {
        let notices = try await properties(record)["properties"]["lazuli.notices"].string
        return notices.map { [["source": "Lazuli", "message": .string($0)]] } ?? []
    }

    /// The logs that exist, each with a link that needs no token: clients fetch them without one.
    private func logFiles(_ record: JobRecord) async throws -> JSON {
        let store = try await datastores.location(ofDatastore: BuiltInDatastore.artifacts, in: record.scope)
        let folder = JobFolder(record, jobsFolder: settings.jobsFolder, artifactContainer: store.folder)
        var links = JSONObject()
        for parent in ["user_logs", "azureml-logs"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.log(parent).path)) ?? []
            for name in names.sorted() {
                let path = "\(DataLocator.artifactFolder(ofRun: record.name))/\(parent)/\(name)"
                links["\(parent)/\(name)"] = .string(try await settings.artifactLink(record.scope, path))
            }
        }
        return .object(links)
    }

    private func get(_ call: Call) async throws -> Reply {
        let record = try await record(call, try call.parameter("name"))
        return .json(200, summary(record, try await properties(record)))
    }

    private func summary(_ record: JobRecord, _ properties: JSON) -> JSON {
        .object(dropping: [
            ("runId", .string(record.name)), ("rootRunId", .string(record.parent ?? record.name)),
            ("parentRunId", properties["parentJobName"]), ("status", .string(record.status.rawValue)),
            ("runType", "azureml.StepRun"), ("name", .string(record.name)), ("displayName", properties["displayName"]),
            ("experimentName", properties["experimentName"]), ("description", properties["description"]),
            ("properties", properties["properties"]), ("tags", properties["tags"]),
            ("createdUtc", .string(Timestamp.text(record.submittedAt))),
            ("startTimeUtc", record.startedAt.map { .string(Timestamp.text($0)) }),
            ("endTimeUtc", record.endedAt.map { .string(Timestamp.text($0)) }),
            ("hidden", properties["isArchived"]), ("target", .string(record.compute)),
        ])
    }

    private func children(_ call: Call) async throws -> Reply {
        let parent = try await record(call, try call.parameter("name"))
        let found = try await jobs.database.read { try JobTable.children(of: parent.name, in: parent.scope, $0) }
        var values: [JSON] = []
        for child in found { values.append(summary(child, try await properties(child))) }
        return .json(200, ["value": .array(values), "nextLink": .null])
    }

    private func update(_ call: Call) async throws -> Reply {
        let name = try call.parameter("name")
        try await jobs.update(name, call.body, call)
        return try await get(call)
    }

    // MARK: - Where a run's outputs lie

    private func rundata(_ call: Call) async throws -> Reply {
        guard let name = call.body["runId"].string else {
            throw ServiceError(.invalidArgument, "$.runId is missing; it is required.", target: "$.runId")
        }
        let record = try await record(call, name)
        let properties = try await properties(record)
        var outputs = JSONObject()
        for (output, value) in properties["outputs"].object?.pairs ?? [] {
            let asset =
                "azureml://locations/local/workspaces/\(record.scope.workspace)/data/"
                + "azureml_\(name)_output_\(output)/versions/1"
            // The stock client fails on the types of model outputs here.
            let isFile = value["jobOutputType"] == "uri_file"
            outputs[output] = ["assetId": .string(asset), "type": isFile ? "uri_file" : "uri_folder"]
        }
        var metadata = summary(record, properties)
        metadata["outputs"] = .object(outputs)
        return .json(200, ["runMetadata": metadata])
    }

    private func resolvedAddresses(_ call: Call) async throws -> Reply {
        var values = JSONObject()
        for asset in call.body["values"].array?.compactMap(\.string) ?? [] {
            if let resolved = try await resolved(asset, call) { values[asset] = resolved }
        }
        return .json(200, ["values": .object(values)])
    }

    /// `…/data/azureml_{job}_output_{output}/versions/1` stands for a job's output, other names for data assets.
    private func resolved(_ asset: String, _ call: Call) async throws -> JSON? {
        if let output = try await resolvedOutput(asset, call) { return output }
        guard let start = asset.range(of: "/data/") else { return nil }
        let path = asset[start.upperBound...].split(separator: "/").map(String.init)
        guard path.count == 3,
            let found = try? await assets.resolve(
                "\(path[0]):\(path[2])", kind: .data, in: try call.workspaceScope())
        else { return nil }
        let type = found.properties["dataType"].string == "uri_file" ? "UriFile" : "UriFolder"
        return ["uri": .string(try long(found.properties["dataUri"].string ?? "", call)), "type": .string(type)]
    }

    private func resolvedOutput(_ asset: String, _ call: Call) async throws -> JSON? {
        let segments = asset.split(separator: "/").map(String.init)
        guard let index = segments.firstIndex(of: "data"), segments.count > index + 1,
            case let name = segments[index + 1], name.hasPrefix("azureml_"),
            let split = name.range(of: "_output_")
        else { return nil }
        let job = String(name[..<split.lowerBound].dropFirst("azureml_".count))
        let properties = try await properties(try await record(call, job))
        let output = properties["outputs"][String(name[split.upperBound...])]
        guard let uri = output["uri"].string else { return nil }
        let isFile = output["jobOutputType"] == "uri_file"
        return ["uri": .string(try long(uri, call)), "type": isFile ? "UriFile" : "UriFolder"]
    }

    /// The client wants the long form, with the workspace in it.
    private func long(_ uri: String, _ call: Call) throws -> String {
        guard case .datastore(nil, let store, let path) = try DataURI(uri) else { return uri }
        let scope = try call.workspaceScope()
        return "azureml://subscriptions/\(scope.subscription)/resourcegroups/\(scope.resourceGroup)/workspaces/"
            + "\(scope.workspace)/datastores/\(store)/paths/\(path)" + (uri.hasSuffix("/") ? "/" : "")
    }
}
