import LazuliResources
import Testing

@Suite("Workspace ids")
struct WorkspaceScopeTests {
    private let scope = WorkspaceScope(subscription: "Sub", resourceGroup: "Group", workspace: "Ws")

    @Test(
        "An id leads to its three names and what follows, in any case and in the short form",
        arguments: [
            ("/subscriptions/Sub/resourceGroups/Group/providers/Microsoft.MachineLearningServices/workspaces/Ws", []),
            (
                "/SUBSCRIPTIONS/Sub/resourcegroups/Group/PROVIDERS/microsoft.machinelearningservices/WorkSpaces/Ws/jobs/a",
                ["jobs", "a"]
            ),
            (
                "subscriptions/Sub/resourcegroups/Group/workspaces/Ws/datastores/d/paths/x",
                ["datastores", "d", "paths", "x"]
            ),
            ("/subscriptions/Sub/resourceGroups/Group/workspaces/Ws/", []),
        ])
    func parsed(id: String, rest: [String]) throws {
        let found = try #require(WorkspaceScope.parse(id))
        #expect(found.scope == scope)
        #expect(found.rest == rest)
    }

    @Test(
        "What is no workspace's id leads nowhere",
        arguments: [
            "", "/", "azureml:x:1", "/subscriptions/Sub", "/subscriptions/Sub/resourceGroups/Group",
            "/subscriptions/Sub/resourceGroups/Group/providers/Microsoft.MachineLearningServices/workspaces",
            "/subscriptions/Sub/resourceGroups/Group/providers/Microsoft.Storage/workspaces/Ws",
            "/subscriptions/Sub/resourceGroups/Group/providers/Microsoft.MachineLearningServices/registries/r",
            "x/subscriptions/Sub/resourceGroups/Group/workspaces/Ws",
        ])
    func refused(id: String) {
        #expect(WorkspaceScope.parse(id) == nil)
    }

    @Test("The canonical id is read back as itself; the key ignores case")
    func canonical() throws {
        #expect(try #require(WorkspaceScope.parse(scope.id)).scope == scope)
        let shouted = WorkspaceScope(subscription: "SUB", resourceGroup: "GROUP", workspace: "WS")
        #expect(shouted.key == scope.key)
        #expect(shouted != scope)
        #expect(scope.id.contains("/resourceGroups/"))
    }
}
