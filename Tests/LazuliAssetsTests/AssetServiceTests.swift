import Foundation
import LazuliDomain
import LazuliResources
import Testing

@Suite("Assets")
struct AssetServiceTests {
    private func data(_ uri: String, type: String = "uri_file") -> JSON {
        ["properties": ["dataType": .string(type), "dataUri": .string(uri)]]
    }

    @Test("Versions and labels resolve; the latest is the highest number")
    func resolving() async throws {
        try await AssetsBench.with { bench in
            for version in ["1", "10", "9"] {
                _ = try await bench.send(
                    "Data_CreateOrUpdateVersion", "d", version, data("https://example.org/\(version)"))
            }
            for (reference, version) in [
                ("azureml:d:9", "9"), ("d@latest", "10"), ("azureml:d@latest", "10"), ("d", "10"),
            ] {
                #expect(try await bench.resolve(reference, .data).version == version, "\(reference)")
            }
            let id = "\(bench.scope.id)/data/d/versions/1"
            #expect(try await bench.resolve(id, .data).id == id)
        }
    }

    @Test("What is missing is told with what there is: versions of the name, or the nearest name")
    func missing() async throws {
        try await AssetsBench.with { bench in
            _ = try await bench.send("Data_CreateOrUpdateVersion", "diamonds", "1", data("https://example.org/a"))
            let version = try await #require(throws: ServiceError.self) { try await bench.resolve("diamonds:7", .data) }
            #expect(version.code == .notFound && version.message.contains("there is 1"))
            let name = try await #require(throws: ServiceError.self) { try await bench.resolve("diamond:1", .data) }
            #expect(name.code == .notFound && name.message.contains("Did you mean \"diamonds\"?"))
            let label = try await #require(throws: ServiceError.self) {
                try await bench.resolve("diamonds@prod", .data)
            }
            #expect(label.message.contains("\"prod\"") && label.message.contains("\"latest\""))
        }
    }

    @Test("Data whose address names nothing is refused", arguments: ["x", "", "azureml://nothing/x"])
    func badAddress(uri: String) async throws {
        try await AssetsBench.with { bench in
            let error = try await #require(throws: ServiceError.self) {
                try await bench.send("Data_CreateOrUpdateVersion", "d", "1", data(uri))
            }
            #expect(error.code == .invalidArgument)
        }
    }

    @Test("Every asset shows its tags and free properties as objects, also when none were given")
    func filled() async throws {
        try await AssetsBench.with { bench in
            let shown = try await bench.send(
                "Data_CreateOrUpdateVersion", "d", "1", data("https://example.org/a", type: "URI_FILE"))
            #expect(shown["properties"]["tags"] == .emptyObject && shown["properties"]["properties"] == .emptyObject)
            #expect(shown["properties"]["isArchived"] == false && shown["properties"]["isAnonymous"] == false)
            #expect(shown["properties"]["dataType"] == "uri_file")
        }
    }

    @Test("A model must have files, and an MLflow model its MLmodel file")
    func models() async throws {
        try await AssetsBench.with { bench in
            func register(_ folder: String, _ type: String) async throws -> JSON {
                let uri = "azureml://datastores/d/paths/\(folder)"
                return try await bench.send(
                    "Models_CreateOrUpdateVersion", folder, "1",
                    ["properties": ["modelUri": .string(uri), "modelType": .string(type)]])
            }
            let missing = try await #require(throws: ServiceError.self) { try await register("none", "custom_model") }
            #expect(missing.code == .invalidArgument && missing.target == "$.properties.modelUri")
            let folder = bench.folder.appending(path: "d/model")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            #expect(try await register("model", "custom_model")["properties"]["flavors"] == .emptyObject)
            try FileManager.default.createDirectory(
                at: bench.folder.appending(path: "d/flow"), withIntermediateDirectories: true)
            let noMarker = try await #require(throws: ServiceError.self) { try await register("flow", "mlflow_model") }
            #expect(noMarker.message.contains("MLmodel"))
            try Data().write(to: bench.folder.appending(path: "d/flow/MLmodel"))
            #expect(try await register("flow", "mlflow_model")["properties"]["modelType"] == "mlflow_model")
        }
    }

    @Test("A component's specification comes back with its name and version and without nulls")
    func components() async throws {
        try await AssetsBench.with { bench in
            let body: JSON = [
                "properties": [
                    "componentSpec": [
                        "type": "command", "command": "echo", "environment": "azureml:e:1", "description": nil,
                        "inputs": ["x": ["type": "integer", "default": nil, "optional": true]], "name": "other",
                    ]
                ]
            ]
            let shown = try await bench.send("Components_CreateOrUpdateVersion", "c", "2", body)
            let specification = shown["properties"]["componentSpec"]
            #expect(specification["name"] == "c" && specification["version"] == "2")
            #expect(specification.object?["description"] == nil)
            #expect(specification["command"] == "echo")
            #expect(specification["inputs"]["x"]["optional"] == true)
        }
    }

    @Test(
        "All parts a component lacks are told at once",
        arguments: [
            (["type": "command"], ["command", "environment"]), (["type": "pipeline"], ["jobs"]),
            (.emptyObject, ["command", "environment"]),
            (["type": "spark"], ["entry"]),
        ] as [(JSON, [String])])
    func incomplete(specification: JSON, parts: [String]) async throws {
        try await AssetsBench.with { bench in
            let error = try await #require(throws: ServiceError.self) {
                try await bench.send(
                    "Components_CreateOrUpdateVersion", "c", "1", ["properties": ["componentSpec": specification]])
            }
            #expect(error.details.compactMap(\.target) == parts.map { "$.properties.componentSpec.\($0)" })
        }
    }

    @Test("A specification that is no object is refused", arguments: [.null, "x", .array([]), 1] as [JSON])
    func noSpecification(specification: JSON) async throws {
        try await AssetsBench.with { bench in
            await #expect(throws: ServiceError.self) {
                try await bench.send(
                    "Components_CreateOrUpdateVersion", "c", "1", ["properties": ["componentSpec": specification]])
            }
        }
    }

    @Test("Code is found again by its content, whatever name it was given")
    func codes() async throws {
        try await AssetsBench.with { bench in
            let body: JSON = [
                "properties": ["codeUri": "https://example.org/code", "properties": ["hash_sha256": "abc"]]
            ]
            _ = try await bench.send("Codes_CreateOrUpdateVersion", "made-up", "1", body)
            let found = try await bench.send("Codes_ListVersions", "other", "1", query: ["hash": "abc"])
            #expect(found["value"].array?.first?["id"].string?.hasSuffix("/codes/made-up/versions/1") == true)
            #expect(try await bench.send("Codes_ListVersions", "made-up", "1", query: ["hash": "abd"])["value"] == [])
        }
    }

    @Test("A pending upload is a container of its own with a signed link")
    func uploads() async throws {
        try await AssetsBench.with { bench in
            let first = try await bench.send("Codes_StartPendingUpload", "c", "1", .emptyObject)
            let second = try await bench.send("Codes_StartPendingUpload", "c", "1", .emptyObject)
            let reference = first["blobReferenceForConsumption"]
            let address = reference["blobUri"].string ?? ""
            #expect(address.hasPrefix("https://acct.blob.core.lazuli@localhost:7702/upload-"))
            #expect(reference["credential"]["sasUri"].string?.hasPrefix(address + "?") == true)
            #expect(first["pendingUploadId"] != second["pendingUploadId"])
        }
    }
}
