import LazuliResources

/// What stands beside a workspace in Azure. Here these are parts of the workspace: they can be read under ids of their
/// own, since clients do that before they delete a workspace with its dependent resources, and go when it goes.
enum DependentResource: String, CaseIterable {
    case storageAccount = "Microsoft.Storage/storageAccounts"
    case keyVault = "Microsoft.KeyVault/vaults"
    case applicationInsights = "Microsoft.Insights/components"
    case containerRegistry = "Microsoft.ContainerRegistry/registries"

    private var plural: String {
        switch self {
        case .storageAccount: "StorageAccounts"
        case .keyVault: "Vaults"
        case .applicationInsights: "ApplicationInsights"
        case .containerRegistry: "ContainerRegistries"
        }
    }

    func id(of record: WorkspaceRecord) -> String {
        "/subscriptions/\(record.scope.subscription)/resourceGroups/\(record.scope.resourceGroup)"
            + "/providers/\(rawValue)/\(record.account)"
    }

    func routes(_ workspaces: WorkspaceService) -> [Route] {
        let item = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/\(rawValue)/{name}"
        return [
            Route("GET", item, "\(plural)_Get", action: "\(rawValue)/read") { call in
                guard let record = try await owner(call, workspaces) else {
                    throw ServiceError(
                        .notFound,
                        "No workspace of this resource group has \(rawValue) \"\(try call.parameter("name"))\".")
                }
                return .json(200, try resource(of: record))
            },
            // Nothing is deleted before the workspace is: its files would be gone while it stands.
            Route("DELETE", item, "\(plural)_Delete", action: "\(rawValue)/delete") { call in
                .status(try await owner(call, workspaces) == nil ? 204 : 200)
            },
        ]
    }

    /// The workspace that the resource of the call's name belongs to. No workspace makes a container registry.
    private func owner(_ call: Call, _ workspaces: WorkspaceService) async throws -> WorkspaceRecord? {
        let name = try call.parameter("name")
        guard self != .containerRegistry else { return nil }
        let accounts = StorageAccountService(database: workspaces.database, vault: workspaces.vault)
        let found = try await accounts.workspace(ofAccount: name.lowercased())
        guard let found else { return nil }
        let places = [found.scope.subscription, found.scope.resourceGroup].map { $0.lowercased() }
        let asked = try ["subscription", "resourceGroup"].map { try call.parameter($0).lowercased() }
        return places == asked ? found : nil
    }

    private func resource(of record: WorkspaceRecord) throws -> JSON {
        [
            "id": .string(id(of: record)), "name": .string(record.account), "type": .string(rawValue),
            "location": try record.body()["location"], "tags": .emptyObject,
            "properties": ["provisioningState": "Succeeded"],
        ]
    }
}
