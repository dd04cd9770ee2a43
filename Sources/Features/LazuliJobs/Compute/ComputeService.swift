import Foundation
import GRDB
import LazuliDomain
package import LazuliPersistence
package import LazuliResources

/// Computes: clusters and instances are slots of this machine under the limits of a VM size; others are attached by name.
package struct ComputeService: Sendable {
    let database: StateDatabase
    let documents: DocumentService
    let clock: WallClock

    /// - Parameters:
    ///   - load: how many nodes of a compute are busy and idle now.
    ///   - changed: called when a compute was made, changed, started, stopped or deleted.
    package init(
        database: StateDatabase, clock: WallClock,
        load: @escaping @Sendable (DocumentKey) async -> NodeLoad,
        changed: @escaping @Sendable (DocumentKey) async -> Void
    ) {
        self.database = database
        self.clock = clock
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, call in try Self.complete(body, call, at: clock.now()) }
        behaviour.write = { old, body, _, _, _ in try Self.keepState(of: old, in: body) }
        behaviour.changed = changed
        behaviour.presentEach { body, document, _ in
            Self.shown(body, document, await load(document.key))
        }
        documents = DocumentService(ComputeKind.kind, database: database, clock: clock, behaviour: behaviour)
    }

    package var routes: [Route] {
        let sizes = "/subscriptions/{subscription}/providers/\(WorkspaceScope.provider)/locations/{location}"
        return documents.routes([.get, .list, .put, .patch, .delete]) + [
            documents.action("start") { try await set("Running", $0) },
            documents.action("stop") { try await set("Stopped", $0) },
            documents.action("restart") { try await set("Running", $0) },
            documents.action("listNodes", listNodes),
            documents.action("listKeys") { _ in .json(200, ["computeType": "AmlCompute"]) },
            Route("GET", "\(sizes)/vmSizes", "VirtualMachineSizes_List", action: nil) { _ in
                .json(200, ["value": .array(VMSize.all.map(\.resource))])
            },
            Route("GET", "\(sizes)/usages", "Usages_List", action: nil) { _ in .json(200, ["value": []]) },
        ]
    }

    // MARK: - Making

    private static func complete(_ body: JSON, _ call: Call, at: Int64) throws -> JSON {
        var body = body
        if body["location"].isNull { body["location"] = "local" }
        if body["tags"].isNull { body["tags"] = .emptyObject }
        if body["properties"]["properties"].isNull { body["properties"]["properties"] = .emptyObject }
        switch body["properties"]["computeType"].string {
        case "AmlCompute": try completeCluster(&body["properties"]["properties"])
        case "ComputeInstance": try completeSize(&body["properties"]["properties"])
        default: body["properties"]["isAttachedCompute"] = true
        }
        return body
    }

    private static func completeSize(_ settings: inout JSON) throws {
        settings["vmSize"] = .string(try VMSize.named(settings["vmSize"].string ?? "Standard_DS3_v2").name)
    }

    private static func completeCluster(_ settings: inout JSON) throws {
        try completeSize(&settings)
        if settings["vmPriority"].isNull { settings["vmPriority"] = "Dedicated" }
        if settings["osType"].isNull { settings["osType"] = "Linux" }
        var scale = settings["scaleSettings"]
        let minimum = scale["minNodeCount"].integer ?? 0, maximum = scale["maxNodeCount"].integer ?? max(1, minimum)
        guard minimum >= 0, maximum >= minimum, maximum > 0 else {
            throw ServiceError(
                .invalidArgument,
                "min_instances (\(minimum)) and max_instances (\(maximum)) do not fit: 0 ≤ min ≤ max, and max ≥ 1.",
                target: "$.properties.properties.scaleSettings")
        }
        scale["minNodeCount"] = JSON(minimum)
        scale["maxNodeCount"] = JSON(maximum)
        if scale["nodeIdleTimeBeforeScaleDown"].isNull { scale["nodeIdleTimeBeforeScaleDown"] = "PT120S" }
        settings["scaleSettings"] = scale
    }

    /// An update does not start a stopped instance.
    private static func keepState(of old: Document?, in body: JSON) throws -> JSON {
        guard body["properties"]["computeType"] == "ComputeInstance" else { return body }
        var body = body
        let state = try old?.body()["properties"]["properties"]["state"] ?? "Running"
        body["properties"]["properties"]["state"] = state.isNull ? "Running" : state
        return body
    }

    // MARK: - Showing

    private static func shown(_ body: JSON, _ document: Document, _ load: NodeLoad) -> JSON {
        var body = body
        body["properties"]["provisioningState"] = "Succeeded"
        body["properties"]["provisioningErrors"] = .null
        body["properties"]["createdOn"] = .string(Timestamp.text(document.createdAt))
        body["properties"]["modifiedOn"] = .string(Timestamp.text(document.modifiedAt))
        guard body["properties"]["computeType"] == "AmlCompute" else { return body }
        var settings = body["properties"]["properties"]
        // The stock client makes up network settings for a cluster that says what is the default, and then trips on them.
        if settings["enableNodePublicIp"] == true { settings["enableNodePublicIp"] = .null }
        settings["allocationState"] = "Steady"
        settings["currentNodeCount"] = JSON(load.busy + load.idle)
        settings["targetNodeCount"] = JSON(load.busy + load.idle)
        settings["nodeStateCounts"] = [
            "idleNodeCount": JSON(load.idle), "runningNodeCount": JSON(load.busy), "preparingNodeCount": 0,
            "leavingNodeCount": 0, "unusableNodeCount": 0, "preemptedNodeCount": 0,
        ]
        body["properties"]["properties"] = settings
        return body
    }

    private func listNodes(_ call: Call) async throws -> Reply {
        let document = try await documents.document(ComputeKind.kind.key(for: call), call)
        let shown = try await documents.resource(document, call)
        let counts = shown["properties"]["properties"]["nodeStateCounts"]
        let busy = counts["runningNodeCount"].integer ?? 0, idle = counts["idleNodeCount"].integer ?? 0
        let states = Array(repeating: "running", count: busy) + Array(repeating: "idle", count: idle)
        let nodes = states.enumerated().map { index, state -> JSON in
            ["nodeId": .string("node-\(index)"), "privateIpAddress": "127.0.0.1", "nodeState": .string(state)]
        }
        return .json(200, ["nodes": .array(nodes)])
    }

    // MARK: - Starting and stopping

    private func set(_ state: String, _ call: Call) async throws -> Reply {
        let key = try ComputeKind.kind.key(for: call)
        let document = try await documents.document(key, call)
        var body = try document.body()
        guard body["properties"]["computeType"] == "ComputeInstance" else {
            throw ServiceError(
                .invalidArgument, "Only compute instances are started and stopped; \"\(key.name)\" is not one.",
                target: key.name)
        }
        body["properties"]["properties"]["state"] = .string(state)
        let changed = body, at = clock.now()
        try await database.write { database in
            try DocumentTable.update(
                document, body: changed, state: document.state, by: call.caller.name, at: at, database)
        }
        await documents.behaviour.changed(key)
        // The stock client takes 202 alone, and without a link to ask at it is done at once.
        return .status(202)
    }
}

/// How many nodes of a compute do something, and how many wait for something to do.
package struct NodeLoad: Sendable, Equatable {
    package var busy: Int
    package var idle: Int

    package init(busy: Int, idle: Int) {
        self.busy = busy
        self.idle = idle
    }
}
