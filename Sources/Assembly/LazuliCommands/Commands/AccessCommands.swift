import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources

/// `role assignment …`
struct RoleGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Who may do what.", subcommands: [RoleAssignmentGroup.self])
}

struct RoleAssignmentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assignment", abstract: "Role assignments.",
        subcommands: [RoleAssignmentCreate.self, RoleAssignmentList.self, RoleAssignmentDelete.self])
}

/// The flags and paths of role assignments.
struct RoleOptions: ParsableArguments {
    @Option(help: "Where it holds: a resource id (default: the workspace).") var scope: String?

    func path(_ session: Session, _ id: String? = nil) -> String {
        (scope ?? session.scope.id) + "/providers/Microsoft.Authorization/roleAssignments" + (id.map { "/" + $0 } ?? "")
    }

    static let columns: [ResourceKind.Column] = [
        .init("Principal", "principal_name"), .init("Object id", "principal_id"), .init("Role", "role_name"),
        .init("Scope", "scope"), .init("Name", "name"),
    ]

    static func show(_ wire: JSON) -> JSON {
        let properties = SharedRows.snakeCased(wire["properties"]).object ?? JSONObject()
        return .object(JSONObject([("name", wire["name"]), ("id", wire["id"])]).merging(properties))
    }
}

struct RoleAssignmentCreate: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Give somebody a role.")
    @Option(help: "A role's name or id, such as \"AzureML Data Scientist\".") var role: String
    @Option(name: [.customLong("assignee"), .customLong("assignee-object-id")], help: "The object id of a principal.")
    var assignee: String
    @Option(name: .customLong("assignee-principal-type"), help: .hidden) var principalType: String?
    @OptionGroup var options: RoleOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let isID = role.contains("/") || UUID(uuidString: role) != nil
        let body: JSON = [
            "properties": [
                isID ? "roleDefinitionId" : "roleName": .string(role), "principalId": .string(assignee),
            ]
        ]
        return RoleOptions.show(
            try await session.arm.change("PUT", options.path(session, UUID().uuidString.lowercased()), body: body))
    }
}

struct RoleAssignmentList: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List who has which role.")
    @Option(help: "Only those of this principal.") var assignee: String?
    @Flag(help: .hidden) var all = false
    @OptionGroup var options: RoleOptions
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { RoleOptions.columns }

    func answer(_ session: Session) async throws -> JSON {
        let all = try await session.arm.list(options.path(session)).map(RoleOptions.show)
        return .array(all.filter { assignee == nil || $0["principal_id"].string == assignee })
    }
}

struct RoleAssignmentDelete: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Take a role away.")
    @Option(name: .shortAndLong, help: "The assignment's name, a GUID.") var name: String?
    @Option(help: "The assignment's id.") var ids: String?
    @Option(help: "All assignments of this principal.") var assignee: String?
    @Option(help: "Of those, only this role.") var role: String?
    @OptionGroup var options: RoleOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        for path in try await paths(session) { _ = try await session.arm.change("DELETE", path) }
        return .null
    }

    private func paths(_ session: Session) async throws -> [String] {
        if let ids { return [ids] }
        if let name { return [options.path(session, name)] }
        guard let assignee else { throw ServiceError(ErrorReport.usageCode, "Say which: --name, --ids or --assignee.") }
        let chosen = try await session.arm.list(options.path(session)).filter { assignment in
            let properties = assignment["properties"]
            return properties["principalId"].string == assignee
                && (role == nil || properties["roleName"].string == role
                    || properties["roleDefinitionId"].string?.hasSuffix(role ?? "") ?? false)
        }
        guard !chosen.isEmpty else { throw ServiceError(.notFound, "\(assignee) has no such role there.") }
        return chosen.compactMap { $0["id"].string }
    }
}

/// `principal …`
struct PrincipalGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "principal", abstract: "Programs and people that may sign in.",
        subcommands: [PrincipalCreate.self, PrincipalList.self, PrincipalDelete.self])
}

struct PrincipalCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a principal; its secret is shown this once.")
    @Option(name: [.customShort("n"), .customLong("name"), .customLong("display-name")], help: "What it is called.")
    var name: String
    @Option(help: "A role to give it at once, such as \"AzureML Data Scientist\".") var role: String?
    @Option(help: "Where that role holds: a resource id (default: the workspace).") var scope: String?
    @Option(help: "service or user.") var kind: String?
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await session.arm.post(
            "/lazuli/principals",
            .object(dropping: [
                ("displayName", .string(name)), ("kind", kind.map(JSON.string)), ("role", role.map(JSON.string)),
                ("scope", JSON(role == nil ? nil : scope ?? session.scope.id).known),
            ]))
    }
}

struct PrincipalList: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List principals.")
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? {
        [
            .init("Name", "displayName"), .init("Object id", "objectId"), .init("Client id", "clientId"),
            .init("Kind", "kind"),
        ]
    }

    func answer(_ session: Session) async throws -> JSON {
        let answer = try await session.arm.get("/lazuli/principals")
        return answer.array == nil ? answer["value"] : answer
    }
}

struct PrincipalDelete: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Remove a principal.")
    @Option(name: [.customShort("n"), .customLong("id"), .customLong("name")], help: "The object id.") var id: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try change.confirm("Remove the principal \(id)?")
        return try await session.arm.change("DELETE", "/lazuli/principals/" + PercentEncoding.segment(id))
    }
}
