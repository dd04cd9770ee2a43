import LazuliTracking
import Testing

@Suite("Artifact addresses of Azure's plugin")
struct AzureArtifactAddressTests {
    private static let base = "azureml://localhost:1/subscriptions/s"

    @Test(
        "Every kind of artifact makes the way there and back",
        arguments: [
            (["7", "run", "artifacts", "a", "b.txt"], "7", "run", ["a", "b.txt"]),
            (["7", "models", "m-1", "artifacts", "MLmodel"], "7", "m-1", ["MLmodel"]),
            (["7", "traces", "tr-1", "artifacts"], "7", "tr-1", []),
            (["models", "iris", "3", "MLmodel"], "models", "iris:3", ["MLmodel"]),
        ])
    func bothWays(path: [String], experiment: String, run: String, rest: [String]) {
        let uri = (["\(Self.base)/experiments/\(experiment)/runs/\(run)/artifacts"] + rest).joined(separator: "/")
        #expect(AzureArtifactAddress.uri(ofProxyPath: path, base: Self.base) == uri)
        #expect(AzureArtifactAddress.proxyPath(experiment: experiment, run: run, rest: rest) == path)
    }

    @Test("Whole strings of a document are put in other words, text inside of strings is not")
    func rewriting() {
        let json =
            #"{"uri":"mlflow-artifacts:/1/r/artifacts","tag":"{\"u\":\"mlflow-artifacts:/1/r/artifacts\"}","e":"mlflow-artifacts:/1"}"#
        let expected =
            #"{"uri":"\#(Self.base)/experiments/1/runs/r/artifacts","tag":"{\"u\":\"mlflow-artifacts:/1/r/artifacts\"}","e":"mlflow-artifacts:/1"}"#
        let found = AzureArtifactAddress.rewritten(Array(json.utf8), base: Self.base)
        #expect(String(decoding: found, as: UTF8.self) == expected)
    }
}
