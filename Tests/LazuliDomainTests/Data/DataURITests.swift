import LazuliDomain
import LazuliResources
import Testing

@Suite("The names of data")
struct DataURITests {
    static let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")
    static let long = "subscriptions/s/resourcegroups/g/workspaces/w"
    static let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"

    @Test(
        "Datastore addresses are read in the short form, the long form and with a whole id",
        arguments: [
            ("azureml://datastores/d/paths/a/b.csv", nil, "a/b.csv"), ("azureml://datastores/d/paths/", nil, ""),
            ("azureml://datastores/d", nil, ""), ("azureml://datastores/d/paths/a b/ü", nil, "a b/ü"),
            ("azureml://\(long)/datastores/d/paths/a/b.csv", scope, "a/b.csv"),
            ("azureml://Subscriptions/s/resourceGroups/g/workspaces/w/datastores/d/paths/a", scope, "a"),
            ("azureml:/\(id)/datastores/d/paths/a", scope, "a"),
        ] as [(String, WorkspaceScope?, String)])
    func datastores(text: String, scope: WorkspaceScope?, path: String) throws {
        #expect(try DataURI(text) == .datastore(scope: scope, store: "d", path: path))
    }

    @Test(
        "Outputs of jobs",
        arguments: [
            ("azureml://jobs/j/outputs/o", ""), ("azureml://jobs/j/outputs/o/paths/a/b", "a/b"),
            ("azureml://jobs/j/outputs/o/paths/", ""), ("azureml://jobs/j/outputs/o/a/b/", "a/b"),
        ])
    func outputs(text: String, path: String) throws {
        #expect(try DataURI(text) == .jobOutput(job: "j", output: "o", path: path))
    }

    @Test(
        "Artifacts of runs", arguments: [("runs:/r/model/MLmodel", "model/MLmodel"), ("runs:/r", ""), ("runs:/r/", "")])
    func runs(text: String, path: String) throws {
        #expect(try DataURI(text) == .run(id: "r", path: path))
    }

    @Test(
        "Containers of storage accounts, in all the ways they are written",
        arguments: [
            "wasbs://c@acct.blob.core.windows.net/p/q", "wasb://c@acct.blob.core.windows.net/p/q",
            "wasbs://acct.blob.core.windows.net/c/p/q", "abfss://c@acct.dfs.core.windows.net/p/q",
            "abfs://c@acct.dfs.core.windows.net/p/q", "https://acct.blob.core.windows.net/c/p/q",
            "https://acct.dfs.core.windows.net/c/p/q", "https://acct.blob.core.windows.net/c/p/q?sv=1&sig=x",
            "https://acct.blob.core.lazuli@127.0.0.1:1234/c/p/q", "https://acct.blob.core.lazuli@localhost:7702/c/p/q",
            "http://acct.blob.core.lazuli@127.0.0.1:1234/c/p/q",
        ])
    func storage(text: String) throws {
        #expect(try DataURI(text) == .storage(account: "acct", container: "c", path: "p/q"))
    }

    @Test(
        "A container without a path is the container itself",
        arguments: [
            "wasbs://c@acct.blob.core.windows.net", "wasbs://c@acct.blob.core.windows.net/",
            "wasbs://acct.blob.core.windows.net/c", "https://acct.blob.core.lazuli@127.0.0.1:1234/c",
            "https://acct.blob.core.windows.net/c/", "abfss://c@acct.dfs.core.windows.net/",
        ])
    func containers(text: String) throws {
        #expect(try DataURI(text) == .storage(account: "acct", container: "c", path: ""))
    }

    @Test(
        "Other addresses of the web are kept as they stand",
        arguments: [
            "https://example.org/data/a.csv?x=1", "http://example.org", "https://example.org/",
            "https://acct.blob.core.windows.net", "https://example.org/x.blob.y/c/p",
        ])
    func web(text: String) throws {
        #expect(try DataURI(text) == .web(text))
    }

    @Test("Paths of this machine", arguments: [("file:///a/b.csv", "/a/b.csv"), ("/a/b.csv", "/a/b.csv")])
    func local(text: String, path: String) throws {
        #expect(try DataURI(text) == .local(path: path))
    }

    @Test(
        "References to assets, by name or id",
        arguments: [
            ("azureml:d:1", "d:1"), ("azureml:d@latest", "d@latest"), ("d:1", "d:1"), ("d@latest", "d@latest"),
            ("\(id)/data/d/versions/1", "\(id)/data/d/versions/1"),
            ("azureml://\(long)/data/d/versions/1", "\(id)/data/d/versions/1"),
            ("azureml://registries/azureml/models/m/versions/3", "azureml://registries/azureml/models/m/versions/3"),
        ])
    func assets(text: String, reference: String) throws {
        #expect(try DataURI(text) == .asset(reference: reference))
    }

    @Test(
        "What names nothing is refused with the forms there are",
        arguments: [
            "", "x", "a/b.csv", "./a", "azureml://", "azureml://datastores", "azureml://jobs/j",
            "azureml://jobs/j/outputs",
            "azureml://nothing/x", "wasbs://", "wasbs://acct.blob.core.windows.net",
            "abfss://acct.dfs.core.windows.net/c/p",
            "runs:/", "azureml://datastores/",
        ])
    func refused(text: String) throws {
        let error = try #require(throws: ServiceError.self) { try DataURI(text) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("azureml://datastores/<store>/paths/<path>"))
    }
}
