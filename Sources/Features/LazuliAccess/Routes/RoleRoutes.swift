import LazuliResources

extension AccessFeature {
    private static let provider = "providers/Microsoft.Authorization"
    private static let subscription = "/subscriptions/{subscription}"

    /// Where roles can be given, as paths; each form is a row of its own.
    private static let scopePaths = [
        "", subscription, subscription + "/resourceGroups/{resourceGroup}", Route.workspacePath,
    ]

    var roleRoutes: [Route] { Self.scopePaths.flatMap { assignmentRoutes($0) + definitionRoutes($0) } }

    private func assignmentRoutes(_ scope: String) -> [Route] {
        let list = "\(scope)/\(Self.provider)/roleAssignments"
        let one = list + "/{roleAssignment}"
        func action(_ verb: String) -> String { "Microsoft.Authorization/roleAssignments/\(verb)" }
        return [
            Route("GET", list, "RoleAssignments_ListForScope", action: action("read"), handle: listAssignments),
            Route("GET", one, "RoleAssignments_Get", action: action("read"), handle: getAssignment),
            Route("PUT", one, "RoleAssignments_Create", action: action("write"), handle: createAssignment),
            Route("DELETE", one, "RoleAssignments_Delete", action: action("delete"), handle: deleteAssignment),
        ]
    }

    private func definitionRoutes(_ scope: String) -> [Route] {
        let list = "\(scope)/\(Self.provider)/roleDefinitions"
        let read = "Microsoft.Authorization/roleDefinitions/read"
        return [
            Route("GET", list, "RoleDefinitions_List", action: read, handle: listDefinitions),
            Route("GET", list + "/{roleDefinition}", "RoleDefinitions_Get", action: read) { call in
                .json(200, try Role.named(call.parameter("roleDefinition"), target: "roleDefinition").json)
            },
        ]
    }

    // MARK: Assignments

    @Sendable private func listAssignments(_ call: Call) async throws -> Reply {
        let scope = try AccessScope(of: call)
        let filter = try RoleFilter(call.query["$filter"])
        let principalID = try filter.principalID.map { try principals.named($0).objectID }
        let found = roleAssignments.list(at: scope, reach: filter.atScope ? .at : .around, principalID: principalID)
        return .json(200, ["value": .array(found.map(json)), "nextLink": .null])
    }

    @Sendable private func getAssignment(_ call: Call) async throws -> Reply {
        let id = try call.parameter("roleAssignment")
        let scope = try AccessScope(of: call)
        guard let found = roleAssignments.get(id, at: scope) else {
            throw ServiceError(.notFound, "There is no role assignment \(id) at \(scope.id).", target: id)
        }
        return .json(200, json(found))
    }

    @Sendable private func createAssignment(_ call: Call) async throws -> Reply {
        let properties = call.body["properties"]
        let scope = try AccessScope(of: call)
        guard let role = (properties["roleDefinitionId"].string ?? properties["roleName"].string) else {
            throw ServiceError(
                .invalidArgument, "The body needs properties.roleDefinitionId, or properties.roleName.",
                target: "properties.roleDefinitionId")
        }
        guard let assignee = properties["principalId"].string else {
            throw ServiceError(
                .invalidArgument, "The body needs properties.principalId: who is to have the role.",
                target: "properties.principalId")
        }
        let made = try await roleAssignments.create(
            Role.named(role, target: "properties.roleDefinitionId"), to: principals.named(assignee), at: scope,
            id: try call.parameter("roleAssignment"), by: call.caller)
        return .json(made.isNew ? 201 : 200, json(made.assignment))
    }

    @Sendable private func deleteAssignment(_ call: Call) async throws -> Reply {
        guard let found = roleAssignments.get(try call.parameter("roleAssignment"), at: try AccessScope(of: call))
        else { return .status(204) }
        try await roleAssignments.delete(found)
        return .json(200, json(found))
    }

    private func json(_ assignment: RoleAssignment) -> JSON {
        let principal = try? principals.named(assignment.principalID)
        let time = JSON.string(Timestamp.text(assignment.created))
        let scope = assignment.scope.id == "/" ? "" : assignment.scope.id
        return [
            "id": .string("\(scope)/\(Self.provider)/roleAssignments/\(assignment.id)"),
            "name": .string(assignment.id),
            "type": "Microsoft.Authorization/roleAssignments",
            "properties": [
                "roleDefinitionId": .string(assignment.role.definitionID),
                "roleName": .string(assignment.role.name),
                "principalId": .string(assignment.principalID),
                "principalName": JSON(principal?.displayName),
                "principalType": principal?.kind == .user ? "User" : "ServicePrincipal",
                "scope": .string(assignment.scope.id),
                "createdOn": time, "updatedOn": time,
                "createdBy": .string(assignment.createdBy),
            ],
        ]
    }

    // MARK: Definitions

    @Sendable private func listDefinitions(_ call: Call) async throws -> Reply {
        let name = try RoleFilter(call.query["$filter"]).roleName
        let roles = try name.map { [try Role.named($0, target: "$filter")] } ?? Role.builtIn
        return .json(200, ["value": .array(roles.map(\.json)), "nextLink": .null])
    }
}

extension Role {
    /// The role as the management API shows it.
    var json: JSON {
        func texts(_ patterns: [ActionPattern]) -> JSON { .array(patterns.map { .string($0.text) }) }
        let permissions: JSON = [
            "actions": texts(actions), "notActions": texts(notActions), "dataActions": texts(dataActions),
            "notDataActions": [],
        ]
        return [
            "id": .string(definitionID),
            "name": .string(id),
            "type": "Microsoft.Authorization/roleDefinitions",
            "properties": [
                "roleName": .string(name), "type": "BuiltInRole", "description": .string(description),
                "assignableScopes": ["/"],
                "permissions": [permissions],
            ],
        ]
    }
}
