import LazuliDomain
import LazuliResources
import Testing

@Suite("Environments and the names of the past")
struct EnvironmentTests {
    @Test(
        "A curated environment is found by name, label and version, without a notice",
        arguments: [
            "azureml:AzureML-sklearn-1.5:3", "azureml:AzureML-sklearn-1.5@latest", "AzureML-sklearn-1.5",
        ])
    func curated(reference: String) async throws {
        try await AssetsBench.with { bench in
            let found = try await bench.resolve(reference)
            #expect(found.name == "AzureML-sklearn-1.5" && found.version == "3")
            #expect(found.notices.isEmpty)
            #expect(found.properties["condaFile"] == "dependencies: [scikit-learn]")
        }
    }

    @Test("A version that is not kept leads to the kept one, with a notice that names both")
    func oldVersion() async throws {
        try await AssetsBench.with { bench in
            let found = try await bench.resolve("azureml:AzureML-sklearn-1.5:42")
            #expect(found.version == "3")
            #expect(found.notices.count == 1)
            #expect(found.notices.first?.contains("42") == true)
        }
    }

    @Test(
        "Old names and names of registries lead to the kept environment, with a notice",
        arguments: [
            "azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu:19", "azureml:AzureML-sklearn-1.0@latest",
            "azureml://registries/azureml/environments/sklearn-1.1/labels/latest",
        ])
    func oldNames(reference: String) async throws {
        try await AssetsBench.with { bench in
            let found = try await bench.resolve(reference)
            #expect(found.name == "AzureML-sklearn-1.5")
            #expect(found.notices.count == 1)
        }
    }

    @Test(
        "A user's own environment is never taken for a curated one, whatever its name resembles",
        arguments: [
            "sklearn", "my-sklearn-env", "scikit-learn",
        ])
    func ownNames(name: String) async throws {
        try await AssetsBench.with { bench in
            let missing = try await #require(throws: ServiceError.self) { try await bench.resolve("\(name):1") }
            #expect(missing.code == .notFound)
            try await bench.environment(name)
            let found = try await bench.resolve("azureml:\(name):1")
            #expect(found.name == name && found.notices.isEmpty)
            #expect(found.properties["image"] == "mine")
        }
    }

    @Test(
        "Also one whose name begins like the curated ones is the user's when the user made it",
        arguments: [
            ("AzureML-sklearn-mine", "1"), ("AzureML-sklearn-1.5", "7"), ("azureml-sklearn", "1"),
        ])
    func ownNamesLikeCurated(name: String, version: String) async throws {
        try await AssetsBench.with { bench in
            try await bench.environment(name, version)
            let shown = try await bench.send("Environments_GetVersion", name, version)
            #expect(shown["properties"]["image"] == "mine")
            let found = try await bench.resolve("azureml:\(name):\(version)")
            #expect(found.name == name && found.version == version && found.notices.isEmpty)
        }
    }

    @Test("Reading an old name shows the kept environment; reading an unknown one is not found")
    func reading() async throws {
        try await AssetsBench.with { bench in
            let shown = try await bench.send(
                "Environments_GetVersion", "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu", "33")
            #expect(shown["id"].string?.hasSuffix("/environments/AzureML-sklearn-1.5/versions/3") == true)
            let error = try await #require(throws: ServiceError.self) {
                try await bench.send("Environments_GetVersion", "nothing-like-it", "1")
            }
            #expect(error.code == .notFound)
        }
    }

    @Test("An environment needs something to be made from")
    func empty() async throws {
        try await AssetsBench.with { bench in
            let error = try await #require(throws: ServiceError.self) {
                try await bench.send(
                    "Environments_CreateOrUpdateVersion", "e", "1", ["properties": ["osType": "Linux"]])
            }
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("image") && error.message.contains("conda"))
        }
    }
}
