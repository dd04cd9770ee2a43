import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct CommandTests {
    @Test(
        "command lines as scripts write them are understood",
        arguments: [
            "workspace show -g g -w w", "job create -f job.yml --set a.b=1 c=2 --query name -o tsv --stream",
            "job list --max-results 5 -o table",
            "data create --name d --version 1 --type uri_file --path x.csv", "data show -n d -v 1",
            "data list --name d --include-archived",
            "environment create -f - --no-wait", "model download -n m -v 1 -p out",
            "compute create -n c --type AmlCompute --min-instances 0 --max-instances 2",
            "job download --name j --all --download-path x", "online-endpoint update -n e --traffic blue=90",
            "online-deployment delete -n b -e e --yes",
            "batch-deployment create -f x.yml --set-default", "ml job show -n j", "schedule disable -n s",
            "role assignment create --role r --assignee a",
            "principal create --name p", "configure --defaults group=g workspace=w", "env --shell fish",
            "run -- python -c x", "completion bash",
            "job stream some_job", "component archive -n c --label latest",
            "job show -n x --web --only-show-errors --debug",
        ])
    func understands(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        _ = try CompletionRoot.parseAsRoot(words)
    }

    @Test(
        "wrong command lines are refused",
        arguments: [
            "job create -f a --frobnicate", "job", "nonsense", "data show -n d -v 1 -l latest",
            "job list --max-results 0", "job show -o xml",
            "job download -n j --all --output-name x",
        ])
    func refuses(line: String) {
        let words = line.split(separator: " ").map(String.init)
        #expect(throws: (any Error).self) {
            var command = try CompletionRoot.parseAsRoot(words)
            try command.run()
        }
    }

    @Test("flags become keys of the document, and paths start from the working folder")
    func flagsBecomeKeys() throws {
        let flags = try EnvironmentFlags.parse(["--image", "i", "--build-context", ".", "--tags", "a=b", "c=d"])
        let document = try DocumentSource(file: nil, settings: flags.settings, changes: [Assignment("description=x")])
            .document()
        #expect(document.root.json["image"] == "i")
        #expect(document.root.json["tags"] == ["a": "b", "c": "d"])
        #expect(document.root.json["build"]["path"] == .string(FileManager.default.currentDirectoryPath))
        #expect(document.root.json["description"] == "x")
    }

    @Test("traffic shares are read and checked")
    func readsShares() throws {
        #expect(try OnlineEndpointUpdate.shares("blue=90 green=10") == ["blue": 90, "green": 10])
        #expect(throws: ServiceError.self) { try OnlineEndpointUpdate.shares("blue=ninety") }
        #expect(throws: ServiceError.self) { try OnlineEndpointUpdate.shares("blue=101") }
    }

    @Test("variables are quoted for each shell")
    func quotesVariables() {
        let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "it's")
        let profile = Profile(
            api: "https://localhost:1", certificateAuthority: "/b.pem", credential: .identityHeader("h"), tenant: "t",
            scope: scope)
        let environment = ShellEnvironment(
            profile: profile, scope: scope, inherited: ["HTTPS_PROXY": "x", "NO_PROXY": "a"])
        #expect(environment.text(for: .bash).contains("export AZUREML_CURRENT_CLOUD='Lazuli'\n"))
        #expect(environment.text(for: .bash).contains("it'\\''s"))
        #expect(environment.text(for: .fish).contains("set -gx IDENTITY_HEADER 'h'"))
        #expect(environment.text(for: .powershell).contains("$env:REQUESTS_CA_BUNDLE = '/b.pem'"))
        #expect(environment.json["NO_PROXY"] == "a,localhost,127.0.0.1")
        #expect(
            environment.json["ARM_CLOUD_METADATA_URL"]
                == "https://localhost:1/metadata/endpoints?api-version=2019-05-01")
    }

    @Test("an edited body keeps what the table does not know and drops what was taken away")
    func overlays() {
        let current: JSON = ["properties": ["a": 1, "unknown": 2, "tags": ["x": "1", "y": "2"]]]
        let old: JSON = ["properties": ["a": 1, "tags": ["x": "1", "y": "2"]]]
        let new: JSON = ["properties": ["a": 5, "tags": ["x": "1"]]]
        #expect(
            Overlay.apply(new, over: current, replacing: old) == [
                "properties": ["a": 5, "unknown": 2, "tags": ["x": "1"]]
            ])
    }

    @Test("experiments take the folder's name in letters they may have")
    func namesExperiments() {
        #expect(JobVerbs.defaultExperiment(folder: "/home/me/my project") == "my_project")
        #expect(JobVerbs.defaultExperiment(folder: "/") == "Default")
    }

    @Test("a model's files are found in datastores and jobs")
    func findsModelFiles() {
        #expect(
            DatastorePlace.of(modelURI: "azureml://jobs/j/outputs/artifacts/paths/model/")
                == DatastoreURI(datastore: "workspaceartifactstore", path: "ExperimentRun/dcid.j/model/"))
        #expect(
            DatastorePlace.of(modelURI: "azureml://jobs/j/outputs/out/paths/m")
                == DatastoreURI(datastore: "workspaceblobstore", path: "azureml/j/out/m"))
        #expect(DatastorePlace.of(modelURI: "runs:/x/model") == nil)
    }
}
