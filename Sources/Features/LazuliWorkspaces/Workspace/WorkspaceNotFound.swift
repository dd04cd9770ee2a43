import LazuliResources

/// Says which of the three names of a workspace is wrong, and what was probably meant.
enum WorkspaceNotFound {
    static func error(_ scope: WorkspaceScope, among known: [WorkspaceScope]) -> ServiceError {
        ServiceError(.notFound, sentence(scope, known) + " Run `lazuli workspace list` to see all.", target: scope.id)
    }

    private static func sentence(_ scope: WorkspaceScope, _ known: [WorkspaceScope]) -> String {
        func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
        if scope.subscription.contains("DefaultAzureCredential") || scope.subscription.contains(" ") {
            return "The subscription id is not an id. The arguments of MLClient are (credential, subscription_id, "
                + "resource_group_name, workspace_name): the credential comes first."
        }
        let inSubscription = known.filter { same($0.subscription, scope.subscription) }
        guard !inSubscription.isEmpty else {
            let hint = NearestName.hint(scope.subscription, among: known.map(\.subscription))
            return "There is no workspace in subscription \"\(scope.subscription)\".\(hint)"
        }
        let inGroup = inSubscription.filter { same($0.resourceGroup, scope.resourceGroup) }
        guard !inGroup.isEmpty else {
            let hint = NearestName.hint(scope.resourceGroup, among: inSubscription.map(\.resourceGroup))
            return "There is no workspace in resource group \"\(scope.resourceGroup)\" of this subscription.\(hint)"
        }
        let hint = NearestName.hint(scope.workspace, among: inGroup.map(\.workspace))
        return "There is no workspace \"\(scope.workspace)\" in resource group \"\(scope.resourceGroup)\".\(hint)"
    }
}
