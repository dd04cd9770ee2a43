import LazuliResources

/// Stock clients make a workspace by deploying an ARM template. No template engine is needed: the parameters say all.
/// Source: contract B1.
struct TemplateDeployment: Sendable {
    let workspaces: WorkspaceService

    private static let type = "Microsoft.Resources/deployments"

    var routes: [Route] {
        let group = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
        let item = "\(group)/providers/\(Self.type)/{name}"
        let read = "\(Self.type)/read"
        return [
            Route("PUT", item, "Deployments_CreateOrUpdate", action: "\(Self.type)/write", handle: put),
            Route("GET", item, "Deployments_Get", action: read, handle: get),
            Route("GET", "\(group)/deployments/{name}/operations", "DeploymentOperations_List", action: read) { _ in
                .json(200, ["value": []])
            },
            Route("GET", "\(item)/operations", "DeploymentOperations_ListAtScope", action: read) { _ in
                .json(200, ["value": []])
            },
        ]
    }

    private func put(_ call: Call) async throws -> Reply {
        let parameters = call.body["properties"]["parameters"]
        func value(_ name: String) -> JSON { parameters[name]["value"] }
        guard let name = value("workspaceName").string else {
            throw ServiceError(
                .notImplemented,
                "Only templates that make a workspace are understood: they have a parameter workspaceName.",
                target: "$.properties.parameters.workspaceName")
        }
        let scope = WorkspaceScope(
            subscription: try call.parameter("subscription"), resourceGroup: try call.parameter("resourceGroup"),
            workspace: name)
        let properties = JSON.object(dropping: [
            ("friendlyName", given(value("friendlyName"))), ("description", given(value("description"))),
        ])
        let body = JSON.object(dropping: [
            ("location", given(value("location"))), ("tags", given(value("tagValues"))), ("kind", kind(value("kind"))),
            ("properties", properties),
        ])
        try await workspaces.createOrUpdate(scope, body: body, by: call.caller)
        return try await get(call, status: 201)
    }

    private func given(_ value: JSON) -> JSON? { value.isNull || value == "" ? nil : value }

    private func kind(_ value: JSON) -> JSON? {
        guard let word = value.string, !word.isEmpty else { return nil }
        return .string(word.prefix(1).uppercased() + word.dropFirst())
    }

    private func get(_ call: Call) async throws -> Reply { try await get(call, status: 200) }

    private func get(_ call: Call, status: Int) async throws -> Reply {
        let group = try
            "/subscriptions/\(call.parameter("subscription"))/resourceGroups/\(call.parameter("resourceGroup"))"
        let name = try call.parameter("name")
        return .json(
            status,
            [
                "id": .string("\(group)/providers/\(Self.type)/\(name)"), "name": .string(name),
                "type": .string(Self.type),
                "properties": [
                    "provisioningState": "Succeeded", "mode": "Incremental", "outputs": .emptyObject,
                    "outputResources": [],
                ],
            ])
    }
}
