import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct AssetReferenceTests {
    @Test("references are read in all their spellings")
    func readsSpellings() {
        #expect(AssetReference("azureml:e:1") == .version(name: "e", version: "1"))
        #expect(AssetReference("e:1") == .version(name: "e", version: "1"))
        #expect(AssetReference("AzureML-x@latest") == .label(name: "AzureML-x", label: "latest"))
        #expect(AssetReference("azureml:e@latest") == .label(name: "e", label: "latest"))
        #expect(AssetReference("azureml:/subscriptions/s/x") == .id("/subscriptions/s/x"))
        #expect(AssetReference("azureml://registries/azureml/environments/sklearn-1.5/labels/latest") != nil)
        #expect(AssetReference("plain") == nil)
        #expect(AssetReference("./train.yml") == nil)
        #expect(AssetReference("e:") == nil)
        #expect(AssetReference("@latest") == nil)
    }

    @Test("ids of a workspace are shown in short")
    func shortensIDs() {
        let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")
        #expect(AssetReference.short(scope.id + "/environments/e/versions/2") == "azureml:e:2")
        #expect(AssetReference.short(scope.id + "/computes/c") == "azureml:c")
        #expect(AssetReference.short("azureml:e@latest") == "azureml:e@latest")
    }
}
