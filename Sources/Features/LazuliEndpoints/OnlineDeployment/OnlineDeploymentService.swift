import Foundation
import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliProcesses
import LazuliResources

/// The verbs of online deployments. What was asked is stored at once; replicas follow, and the call waits a little for
/// them.
struct OnlineDeploymentService: Sendable {
    let documents: DocumentService
    let supervisor: EndpointSupervisor
    let settings: EndpointSettings
    let clock: WallClock

    /// Seconds that a question for the end of an operation is held open.
    private static let longestPoll = 20.0
    private static let usualTail = 100

    var routes: [Route] {
        let kind = documents.kind, item = kind.collectionPath + "/{name}"
        return documents.routes([.get, .list]) + [
            Route("PUT", item, "OnlineDeployments_CreateOrUpdate", action: kind.action("write")) { call in
                try await served(call, status: documents.put(call).status)
            },
            Route("PATCH", item, "OnlineDeployments_Update", action: kind.action("write")) { call in
                try await served(call, status: documents.patch(call).status)
            },
            Route("DELETE", item, "OnlineDeployments_Delete", action: kind.action("delete"), handle: delete),
            Route(
                "GET", item + "/operations/{operation}", "OnlineDeployments_GetOperation",
                action: kind.action("read"), handle: operation),
            documents.action("getLogs", logs), documents.action("requests", verb: "read", requests),
        ]
    }

    private func id(_ call: Call) throws -> DeploymentID {
        DeploymentID(
            scope: try call.workspaceScope(), endpoint: try call.parameter("parent"), name: try call.parameter("name"))
    }

    // MARK: - Changing

    private func served(_ call: Call, status: Int) async throws -> Reply {
        let id = try id(call), at = clock.now()
        let document = try await documents.document(id.key, call)
        let submission = try await documents.database.write { database in
            try DeploymentStatusTable.submitted(document.id, at: at, database)
        }
        await supervisor.submit(
            id, OnlineDeployment(try document.body()), submission, waitingFor: settings.patience)
        var reply = try await documents.get(call)
        reply.status = status
        let state = try await self.status(of: document)?.state
        if state != .succeeded {
            reply.operation = LongRunningOperation(address: address(ofOperation: "\(submission)", id, call))
        }
        return reply
    }

    private func status(of document: Document) async throws -> DeploymentStatus? {
        try await documents.database.read { try DeploymentStatusTable.fetch(document.id, $0) }
    }

    private func delete(_ call: Call) async throws -> Reply {
        let reply = try await documents.delete(call)
        await supervisor.deploymentRemoved(try id(call))
        return reply
    }

    // MARK: - Asking

    /// Held open until there is news, so that clients learn of it at once.
    private func operation(_ call: Call) async throws -> Reply {
        let id = try id(call)
        let document = try await documents.document(id.key, call)
        if let status = try await status(of: document), !status.state.isFinal {
            await supervisor.change(of: id, within: Self.longestPoll)
        }
        guard let status = try await status(of: document) else {
            throw ServiceError(.notFound, "Deployment \(id) has no operation.")
        }
        let name = try call.parameter("operation")
        var body: JSON = ["name": .string(name), "id": .string("\(documents.kind.id(id.key, in: id.scope))/\(name)")]
        switch status.state {
        case .succeeded: body["status"] = "Succeeded"
        case .failed:
            body["status"] = "Failed"
            body["error"] = ["code": "DeploymentFailed", "message": .string(status.reason)]
        case .creating, .updating, .deleting: body["status"] = "InProgress"
        }
        var reply = Reply.json(200, body)
        if !status.state.isFinal {
            reply.operation = LongRunningOperation(address: address(ofOperation: name, id, call))
        }
        return reply
    }

    private func address(ofOperation name: String, _ id: DeploymentID, _ call: Call) -> String {
        "\(call.baseURL)\(documents.kind.id(id.key, in: id.scope))/operations/\(name)"
    }

    private func logs(_ call: Call) async throws -> Reply {
        let document = try await documents.document(try id(call).key, call)
        let folder = DeploymentFolder(try id(call), in: settings.folder)
        let count = call.body["tail"].integer ?? Self.usualTail
        let isStaging = call.body["containerType"].string?.lowercased() == "storageinitializer"
        let file = isStaging ? folder.stagingLog : folder.log
        var lines = LogTail.lastLines(of: file.path, count: count, maxBytes: 8 << 20)
        if let status = try await status(of: document), lines.isEmpty, !status.reason.isEmpty {
            lines = ["[lazuli] \(status.reason)"]
        }
        return .json(200, ["content": .string(lines.map { $0 + "\n" }.joined())])
    }

    private func requests(_ call: Call) async throws -> Reply {
        _ = try await documents.document(try id(call).key, call)
        let query = try RequestQuery(call.body["query"].string ?? "")
        let file = DeploymentFolder(try id(call), in: settings.folder).requestLog
        let most = call.body["top"].integer ?? Self.usualTail
        let rows = try await DiskQueue.run { RequestLog.newest(most, matching: query, in: file.path) }
        return .json(200, ["value": .array(rows.map(\.json))])
    }
}

// MARK: - Storing

extension OnlineDeploymentService {
    static func behaviour(_ check: DeploymentCheck, _ database: StateDatabase) -> DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, call in
            try await database.read { try requireEndpoint(call, $0) }
            return try await resolved(completed(body), check, call)
        }
        behaviour.write = { _, body, _, call, database in
            try requireEndpoint(call, database)
            return body
        }
        behaviour.remove = { document, call, database in
            try checkNoTraffic(document, try call.workspaceScope(), database)
        }
        return behaviour
    }

    private static func requireEndpoint(_ call: Call, _ database: Database) throws {
        let parent = DocumentKey(
            kind: OnlineEndpointKinds.endpoints.tableName, scope: try call.workspaceScope().key,
            name: try call.parameter("parent"))
        guard try DocumentTable.fetch(parent, database) == nil else { return }
        throw ServiceError(
            .notFound, "There is no online endpoint \"\(parent.name)\" in this workspace. Create it first.",
            target: parent.name)
    }

    /// Shows where each deployment stands.
    static func present(_ database: StateDatabase) -> @Sendable ([Document], Call) async throws -> [JSON] {
        { documents, _ in
            try await database.read { database in
                try documents.map { document in
                    var body = try document.body()
                    let status = try DeploymentStatusTable.fetch(document.id, database)
                    body["properties"]["provisioningState"] = .string((status?.state ?? .creating).rawValue)
                    if let reason = status?.reason, !reason.isEmpty {
                        body["properties"]["properties"]["lazuli.reason"] = .string(reason)
                    }
                    return body
                }
            }
        }
    }

    private static func completed(_ given: JSON) -> JSON {
        var body = given
        if body["sku"].isNull { body["sku"] = ["name": "Default", "capacity": 1] }
        if body["location"].isNull { body["location"] = "local" }
        if body["tags"].isNull { body["tags"] = .emptyObject }
        var properties = body["properties"]
        if properties["scaleSettings"].isNull { properties["scaleSettings"] = ["scaleType": "Default"] }
        for member in ["properties", "environmentVariables"] where properties[member].isNull {
            properties[member] = .emptyObject
        }
        // A reader's view that was sent back.
        if var own = properties["properties"].object {
            own["lazuli.reason"] = Optional.none
            properties["properties"] = .object(own)
        }
        body["properties"] = properties
        return body
    }

    /// Names with labels become versions now: a deployment serves what it was made of, whatever is registered later.
    private static func resolved(_ given: JSON, _ check: DeploymentCheck, _ call: Call) async throws -> JSON {
        let parts = try await check.parts(of: OnlineDeployment(given), in: try call.workspaceScope())
        var body = given
        if let model = parts.model { body["properties"]["model"] = .string(model.asset.id) }
        if let environment = parts.environment { body["properties"]["environmentId"] = .string(environment.id) }
        return body
    }

    private static func checkNoTraffic(
        _ document: Document, _ scope: WorkspaceScope, _ database: Database
    ) throws {
        let names = document.key.scope.split(separator: "/")
        guard let endpoint = names.last.map(String.init) else { return }
        let key = DocumentKey(kind: OnlineEndpointKinds.endpoints.tableName, scope: scope.key, name: endpoint)
        let properties = try DocumentTable.fetch(key, database)?.body()["properties"] ?? .null
        let share = properties["traffic"][document.key.name].integer ?? 0
        guard share == 0 else {
            throw ServiceError(
                .conflict,
                "Endpoint \"\(endpoint)\" sends \(share) % of its traffic to deployment \"\(document.key.name)\". "
                    + "Shift the traffic first, or delete the endpoint.", target: document.key.name)
        }
    }
}
