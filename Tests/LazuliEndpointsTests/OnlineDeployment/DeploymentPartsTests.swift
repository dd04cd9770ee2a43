import Foundation
import LazuliDomain
import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("What a deployment is made of")
struct DeploymentPartsTests {
    private static func asset(_ id: String) -> ResolvedAsset {
        ResolvedAsset(id: id, name: id, version: "1", properties: .emptyObject)
    }

    private static func body(_ changes: [String: JSON] = [:]) -> JSON {
        var body: JSON = [
            "sku": ["capacity": 1],
            "properties": [
                "codeConfiguration": ["codeId": "c", "scoringScript": "score.py"], "instanceType": "Standard_DS3_v2",
                "environmentVariables": ["A": "1", "B": "2", "C": "3", "D": "4", "E": "5"],
            ],
        ]
        for (member, value) in changes { body["properties"][member] = value }
        return body
    }

    private static func parts(
        model: String = "m:1", code: String = "c:1", environment: String = "e:1",
        host: DeploymentParts.HostKind = .script("score.py")
    ) -> DeploymentParts {
        DeploymentParts(
            model: .init(asset: asset(model), place: URL(filePath: "/m"), type: "custom_model"), code: asset(code),
            environment: asset(environment), size: nil, host: host)
    }

    private static func fingerprint(_ parts: DeploymentParts = parts(), _ body: JSON = body()) -> String {
        parts.fingerprint(OnlineDeployment(body))
    }

    @Test("The same content has the same text, fit for a folder, whatever order it is read in")
    func stable() {
        let texts = Set((0..<50).map { _ in Self.fingerprint() })
        #expect(texts.count == 1)
        #expect(texts.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) })
        var turned = JSONObject()
        for name in ["E", "C", "A", "D", "B"] { turned[name] = Self.body()["properties"]["environmentVariables"][name] }
        #expect(Self.fingerprint(Self.parts(), Self.body(["environmentVariables": .object(turned)])) == texts.first)
    }

    @Test("Each part changes the text")
    func parts() {
        var other = Self.parts()
        other.model = nil
        let texts = [
            Self.fingerprint(), Self.fingerprint(Self.parts(model: "m:2")), Self.fingerprint(Self.parts(code: "c:2")),
            Self.fingerprint(Self.parts(environment: "e:2")), Self.fingerprint(Self.parts(host: .mlflow)),
            Self.fingerprint(Self.parts(host: .native(libraries: []))),
            Self.fingerprint(Self.parts(host: .native(libraries: ["xgboost"]))), Self.fingerprint(other),
            Self.fingerprint(Self.parts(), Self.body(["instanceType": "Standard_DS4_v2"])),
            Self.fingerprint(Self.parts(), Self.body(["environmentVariables": ["A": "2"]])),
            Self.fingerprint(Self.parts(), Self.body(["environmentVariables": ["A": "1"]])),
            Self.fingerprint(
                Self.parts(), Self.body(["codeConfiguration": ["codeId": "c", "scoringScript": "other.py"]])),
        ]
        #expect(Set(texts).count == texts.count)
    }

    @Test("How much is served and how long it may take does not: replicas stay")
    func settings() {
        var body = Self.body(["requestSettings": ["requestTimeout": "PT1M"], "description": "another"])
        body["sku"] = ["capacity": 7]
        #expect(Self.fingerprint(Self.parts(), body) == Self.fingerprint())
    }
}
