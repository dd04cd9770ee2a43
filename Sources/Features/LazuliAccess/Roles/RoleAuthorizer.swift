public import LazuliDomain
public import LazuliResources

/// Decides by role assignments. Answers come from memory and are kept until an assignment changes.
public struct RoleAuthorizer: Authorizer {
    private let directory: AccessDirectory

    init(directory: AccessDirectory) { self.directory = directory }

    public func require(_ action: String, of caller: Caller, at scope: String) async throws {
        guard !directory.allows(action, principalID: caller.objectID, at: scope) else { return }
        throw refusal(action, of: caller, at: AccessScope(scope))
    }

    private func refusal(_ action: String, of caller: Caller, at scope: AccessScope) -> ServiceError {
        let held = directory.assignments(of: caller.objectID).filter { $0.scope.covers(scope) }.map(\.role.name)
        let reason =
            held.isEmpty
            ? "they have no role there"
            : "none of their roles (\(Set(held).sorted().joined(separator: ", "))) allows it"
        let command =
            "lazuli role assignment create --assignee \(caller.objectID) "
            + "--role \"\(Role.narrowest(allowing: action).name)\" --scope \(scope.id)"
        return ServiceError(
            .forbidden,
            "\"\(caller.name)\" may not do \(action) at \(scope.id): \(reason). Ask an owner to run: \(command)",
            target: action)
    }
}
