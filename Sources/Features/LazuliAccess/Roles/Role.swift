import LazuliResources

/// A named set of actions: those that match `actions` and none of `notActions`, and likewise the data actions.
///
/// All roles are rows of `builtIn` (BuiltInRoles.swift), under Azure's own names and GUIDs.
public struct Role: Sendable {
    public let name: String
    /// The GUID at the end of the role definition's id.
    public let id: String
    public let description: String
    let actions: [ActionPattern]
    let notActions: [ActionPattern]
    let dataActions: [ActionPattern]

    init(
        _ name: String, id: String, _ description: String, actions: [ActionPattern],
        notActions: [ActionPattern] = [], dataActions: [ActionPattern] = []
    ) {
        self.name = name
        self.id = id
        self.description = description
        self.actions = actions
        self.notActions = notActions
        self.dataActions = dataActions
    }

    /// Whether this role allows an action such as `Microsoft.MachineLearningServices/workspaces/jobs/write`.
    public func allows(_ action: String) -> Bool { allows(ActionName(action)) }

    func allows(_ action: ActionName) -> Bool {
        if action.isDataAction { return dataActions.contains { $0.matches(action) } }
        return actions.contains { $0.matches(action) } && !notActions.contains { $0.matches(action) }
    }

    /// The role that a name, a GUID or a role definition id means; case does not matter.
    /// - Throws: `invalidArgument` with the nearest name and the names there are.
    public static func named(_ text: String, target: String = "role") throws -> Role {
        let last = text.split(separator: "/").last.map { $0.lowercased() } ?? ""
        if let role = builtIn.first(where: { $0.name.lowercased() == text.lowercased() || $0.id == last }) {
            return role
        }
        let names = builtIn.map(\.name)
        throw ServiceError(
            .invalidArgument,
            "There is no role \"\(text)\".\(NearestName.hint(text, among: names)) "
                + "The roles are \(names.joined(separator: ", ")).",
            target: target)
    }

    /// The first built-in role, from the narrowest on, that allows the action: what to ask an owner for.
    static func narrowest(allowing action: String) -> Role {
        let name = ActionName(action)
        return fromNarrowest.first { $0.allows(name) } ?? .owner
    }

    /// The id under which role assignments name this role.
    var definitionID: String { "/providers/Microsoft.Authorization/roleDefinitions/\(id)" }
}
