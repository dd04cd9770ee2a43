import Foundation
import GRDB
import LazuliConformance
import LazuliDomain
import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("Checking a deployment before it starts")
struct DeploymentCheckTests {
    private static let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")

    /// A workspace with code (`score.py`), models (`plain`, `flow` with its environment, `bare` without, `broken`
    /// without MLmodel, `lost` without files, `onnx` for the native host) and an environment.
    private func withWorkspace(_ body: (DeploymentCheck) async throws -> Void) async throws {
        try await withTemporaryFolder { root in
            for file in [
                "code/score.py", "code/helper.py", "plain/model.pkl", "flow/MLmodel", "flow/conda.yaml", "bare/MLmodel",
                "broken/model.pkl", "onnx/model.onnx",
            ] {
                let place = root.appending(path: file)
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("x".utf8).write(to: place)
            }
            func model(_ folder: String, _ type: String) -> JSON {
                ["modelUri": .string(root.appending(path: folder).path), "modelType": .string(type)]
            }
            let assets = FakeAssets(known: [
                "codes/c": ["codeUri": .string(root.appending(path: "code").path)], "environments/e": .emptyObject,
                "models/plain": model("plain", "custom_model"), "models/flow": model("flow", "mlflow_model"),
                "models/bare": model("bare", "mlflow_model"), "models/broken": model("broken", "mlflow_model"),
                "models/lost": model("lost", "custom_model"), "models/onnx": model("onnx", "custom_model"),
                "models/far": ["modelUri": "https://example.org/m", "modelType": "custom_model"],
            ])
            let locator = DataLocator(datastores: NoDatastores(), assets: assets) { _, _, _ in nil }
            try await body(
                DeploymentCheck(assets: assets, locator: locator) { place, _ in
                    place.lastPathComponent == "onnx"
                        ? .serves(libraries: ["onnxruntime"]) : .needsPython("there is no model.onnx")
                })
        }
    }

    private func parts(_ properties: JSON, capacity: Int = 1) async throws -> DeploymentParts {
        var parts: DeploymentParts?
        try await withWorkspace { check in
            parts = try await check.parts(
                of: OnlineDeployment(["sku": ["capacity": JSON(capacity)], "properties": properties]), in: Self.scope)
        }
        return try #require(parts)
    }

    private func problems(_ properties: JSON, capacity: Int = 1) async throws -> [String: String] {
        let error = try await #require(throws: ServiceError.self) { try await parts(properties, capacity: capacity) }
        #expect(error.code == .invalidArgument)
        return Dictionary(error.details.map { ($0.target ?? "", $0.message) }) { "\($0) \($1)" }
    }

    private static let script: JSON = ["codeId": "c", "scoringScript": "score.py"]

    // MARK: - What can be served

    @Test("A script with its environment and model is served by Python")
    func scripted() async throws {
        let parts = try await parts([
            "model": "plain", "codeConfiguration": Self.script, "environmentId": "e", "instanceType": "standard_ds3_v2",
        ])
        #expect(parts.host == .script("score.py"))
        #expect(parts.model?.place.lastPathComponent == "plain" && parts.model?.type == "custom_model")
        #expect(parts.environment?.id == "e" && parts.code?.id == "c")
        #expect(parts.size?.name == "Standard_DS3_v2")
    }

    @Test("A script alone is served too: not every one needs a model")
    func modelless() async throws {
        let parts = try await parts(["codeConfiguration": Self.script, "environmentId": "e"])
        #expect(parts.host == .script("score.py") && parts.model == nil && parts.size == nil)
    }

    @Test("An MLflow model brings its environment, for a script beside it as well")
    func mlflow() async throws {
        #expect(try await parts(["model": "flow"]).host == .mlflow)
        #expect(try await parts(["model": "bare", "environmentId": "e"]).host == .mlflow)
        let scripted = try await parts(["model": "flow", "codeConfiguration": Self.script])
        #expect(scripted.host == .script("score.py"))
    }

    @Test("A model that needs no Python is served without")
    func native() async throws {
        #expect(try await parts(["model": "onnx"]).host == .native(libraries: ["onnxruntime"]))
    }

    // MARK: - What cannot

    @Test("All that is wrong is said at once, each with its place")
    func everything() async throws {
        let found = try await problems(
            [
                "model": "unknown", "codeConfiguration": ["codeId": "c", "scoringScript": "scoer.py"],
                "environmentId": "none", "instanceType": "Standard_DS3v2",
                "requestSettings": ["requestTimeout": "PT0S", "maxConcurrentRequestsPerInstance": 0],
            ], capacity: 0)
        #expect(
            found.keys.sorted() == [
                "$.properties.codeConfiguration.codeId", "$.properties.environmentId", "$.properties.instanceType",
                "$.properties.model", "$.properties.requestSettings.maxConcurrentRequestsPerInstance",
                "$.properties.requestSettings.requestTimeout", "$.sku.capacity",
            ])
        #expect(found["$.properties.model"]?.contains("unknown") == true)
        #expect(found["$.properties.environmentId"]?.contains("none") == true)
        #expect(found["$.sku.capacity"]?.contains("not 0") == true)
    }

    @Test("A script that is not in the folder is answered with the nearest that is")
    func missingScript() async throws {
        let found = try await problems([
            "codeConfiguration": ["codeId": "c", "scoringScript": "scoer.py"], "environmentId": "e",
        ])
        let message = try #require(found["$.properties.codeConfiguration.codeId"])
        #expect(message.contains("\"scoer.py\"") && message.contains("Did you mean \"score.py\"?"))
        #expect(found.count == 1)
    }

    @Test("A script cannot be outside of its folder")
    func climbingScript() async throws {
        let found = try await problems([
            "codeConfiguration": ["codeId": "c", "scoringScript": "../plain/model.pkl"], "environmentId": "e",
        ])
        #expect(found["$.properties.codeConfiguration.codeId"]?.contains("leave") == true)
    }

    @Test(
        "A model that cannot be served says why",
        arguments: [
            ("broken", "no MLmodel file"), ("lost", "has no files"), ("far", "not on this server"),
            ("unknown", "No asset unknown"),
        ])
    func models(name: String, reason: String) async throws {
        let found = try await problems([
            "model": .string(name), "codeConfiguration": Self.script, "environmentId": "e",
        ])
        #expect(Array(found.keys) == ["$.properties.model"])
        #expect(found["$.properties.model"]?.contains(reason) == true)
    }

    @Test("An MLflow model that names no environment needs one")
    func bareModel() async throws {
        let found = try await problems(["model": "bare"])
        let message = try #require(found["$.properties.environmentId"])
        #expect(message.contains("conda.yaml") && message.contains("requirements.txt"))
    }

    @Test("A model of one's own needs a script, and hears why no other host takes it")
    func scriptless() async throws {
        let found = try await problems(["model": "plain", "environmentId": "e"])
        #expect(found["$.properties.codeConfiguration"]?.contains("there is no model.onnx") == true)
    }

    @Test("A script needs an environment, and a deployment something to serve")
    func incomplete() async throws {
        let script = try await problems(["codeConfiguration": Self.script, "model": "plain"])
        #expect(Array(script.keys) == ["$.properties.environmentId"])
        #expect(Array(try await problems(.emptyObject).keys) == ["$.properties.model"])
    }

    @Test("A size that is not known is answered with the nearest that is")
    func size() async throws {
        let found = try await problems(["model": "onnx", "instanceType": "Standard_DS3v2"])
        #expect(found["$.properties.instanceType"]?.contains("Did you mean \"Standard_DS3_v2\"?") == true)
    }

    @Test(
        "Settings of the scale that contradict each other are refused",
        arguments: [
            (["minInstances": 3, "maxInstances": 2], "$.properties.scaleSettings"),
            (["minInstances": 0, "maxInstances": 0], "$.properties.scaleSettings"),
            (["minInstances": -1, "maxInstances": 2], "$.properties.scaleSettings"),
            (["targetUtilizationPercentage": 0], "$.properties.scaleSettings.targetUtilizationPercentage"),
            (["targetUtilizationPercentage": 101], "$.properties.scaleSettings.targetUtilizationPercentage"),
        ] as [(JSON, String)])
    func scale(settings: JSON, target: String) async throws {
        var settings = settings
        settings["scaleType"] = "TargetUtilization"
        let found = try await problems(["model": "onnx", "scaleSettings": settings])
        #expect(Array(found.keys) == [target])
    }

    @Test("Settings of the scale at their borders are taken")
    func scaleBorders() async throws {
        for (least, most, share) in [(0, 1, 1), (1, 1, 100), (2, 9, 50)] {
            let parts = try await parts([
                "model": "onnx",
                "scaleSettings": [
                    "scaleType": "TargetUtilization", "minInstances": JSON(least), "maxInstances": JSON(most),
                    "targetUtilizationPercentage": JSON(share),
                ],
            ])
            #expect(parts.host.isNative)
        }
    }
}

private struct FakeAssets: AssetCatalog {
    /// Properties by `kind/name`.
    let known: [String: JSON]

    func resolve(_ reference: String, kind: AssetKind, in scope: WorkspaceScope) async throws -> ResolvedAsset {
        guard let properties = known["\(kind.rawValue)/\(reference)"] else {
            throw ServiceError(.notFound, "No asset \(reference).")
        }
        return ResolvedAsset(id: reference, name: reference, version: "1", properties: properties)
    }

    func register(
        _ kind: AssetKind, name: String, version: String?, properties: JSON, by: String, at: Int64,
        in scope: WorkspaceScope, _ database: Database
    ) throws -> String { "" }
}

private struct NoDatastores: DatastoreDirectory {
    func location(ofDatastore name: String, in scope: WorkspaceScope) async throws -> DatastoreLocation {
        throw ServiceError(.notFound, "No datastore \(name).")
    }

    func defaultDatastore(in scope: WorkspaceScope) async throws -> String { "d" }
    func account(of scope: WorkspaceScope) async throws -> String { "acct" }
    func folder(account: String, container: String) async throws -> URL? { nil }
}
