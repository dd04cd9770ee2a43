package import LazuliResources

/// The `azureml` registry that clients look for: its discovery, and an empty shelf. Source: contract B13.
package enum RegistryFeature {
    private static let notBuilt = "Registries are not built in this version of Lazuli: assets live in workspaces."

    package static func routes(scope: WorkspaceScope) -> [Route] {
        let registry =
            "/mferp/managementfrontend/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
            + "/providers/\(WorkspaceScope.provider)/registries/{registry}"
        let kinds = ["models", "environments", "components", "data", "codes"]
        return [
            Route(
                "GET", "/registrymanagement/v1.0/registries/{registry}/discovery", "Registries_Discover", action: nil
            ) { call in
                .json(
                    200,
                    [
                        "registryName": .string(try call.parameter("registry")),
                        "primaryRegionResourceProviderUri": .string("\(call.baseURL)/"),
                        "resourceGroup": .string(scope.resourceGroup), "subscriptionId": .string(scope.subscription),
                    ])
            }
        ]
            + kinds.map { kind in
                Route("GET", "\(registry)/\(kind)", "Registry_List_\(kind)", action: nil) { _ in
                    .json(200, ["value": [], "nextLink": .null])
                }
            }
            + kinds.map { kind in
                .notBuilt(
                    "GET", "\(registry)/\(kind)/{name}/versions/{version}", "Registry_Get_\(kind)", action: nil,
                    because: notBuilt)
            }
    }
}
