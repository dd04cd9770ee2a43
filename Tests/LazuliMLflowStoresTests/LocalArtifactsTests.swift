import Foundation
import Testing

@testable import LazuliMLflowStores

struct LocalArtifactsTests {
    @Test(arguments: [
        ("file:///a/b%20c", "/a/b c"), ("/a/b", "/a/b"), ("file:/a", "/a"), ("mlruns/0", "mlruns/0"),
        ("C:/runs", "C:/runs"),
    ])
    func `addresses of this machine lead to paths`(uri: String, path: String) {
        #expect(LocalArtifacts.localPath(uri) == path)
    }

    @Test(arguments: ["s3://bucket/x", "wasbs://a@b/c", "dbfs:/x"])
    func `addresses of other storages stay what they are`(uri: String) {
        #expect(LocalArtifacts(override: nil, starts: []).origin(ofURI: uri) == .elsewhere(uri))
    }

    @Test(arguments: ["mlflow-artifacts:/0/run/artifacts", "mlflow-artifacts://host:80/0/run/artifacts"])
    func `what a server served is looked for below the folder named`(uri: String) {
        #expect(
            LocalArtifacts(override: "/given", starts: []).origin(ofURI: uri) == .folder("/given/0/run/artifacts"))
    }
}
