import LazuliResources
import Testing

@testable import LazuliEnvironments

@Suite("Images, build contexts and curated environments")
struct EnvironmentRequestTests {
    @Test(
        "Python images mean a Python",
        arguments: [
            ("python:3.10", PythonWish.exactly(PythonVersion(3, 10)) as PythonWish?),
            ("docker.io/library/python:3.9-slim", .exactly(PythonVersion(3, 9))),
            ("mcr.microsoft.com/mirror/docker/library/python:3.11.4", .exactly(PythonVersion(3, 11))),
            ("library/python:latest", nil), ("python", nil),
            ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:latest", nil),
        ])
    func images(image: String, python: PythonWish?) throws {
        let specification = try EnvironmentRequest(name: "e", image: image).specification()
        #expect(specification.python == python)
        #expect(specification.requirements == ["pip", "setuptools", "wheel"])
    }

    @Test("A curated image is its curated environment")
    func curatedImage() throws {
        let image = "mcr.microsoft.com/azureml/curated/sklearn-1.0-ubuntu20.04-py38-cpu:33"
        #expect(
            try EnvironmentRequest(name: "e", image: image).specification().requirements.contains("scikit-learn==1.5.2")
        )
    }

    @Test("An unknown image is refused with what is available")
    func unknownImage() throws {
        let error = try #require(throws: ServiceError.self) {
            try EnvironmentRequest(name: "e", image: "myregistry.azurecr.io/team/gpu:7").specification()
        }
        #expect(error.message.contains("AzureML-sklearn-1.5") && error.message.contains("no container engine"))
    }

    @Test("A conda file counts before the image, and says so where the image matters")
    func condaBesideImage() throws {
        var request = EnvironmentRequest(name: "e", image: "nvidia/cuda:12", condaFile: "dependencies:\n  - six")
        #expect(try request.specification().notices.contains { $0.contains("nvidia/cuda:12") })
        request.image = "mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04"
        #expect(try request.specification().notices.isEmpty)
    }

    @Test("A Docker build context needs a container engine")
    func buildContext() throws {
        let error = try #require(throws: ServiceError.self) {
            try EnvironmentRequest(name: "e", buildContext: "docker-context").specification()
        }
        #expect(error.code == .notImplemented)
        #expect(error.message.contains("container engine"))
        #expect(throws: ServiceError.self) { try EnvironmentRequest(name: "e").specification() }
    }

    @Test("Curated environments are found by name, whatever the case, and by version")
    func curated() throws {
        let found = try #require(CuratedEnvironments.find("azureml-SKLEARN-1.5", version: "1"))
        #expect(found.environment.name == "AzureML-sklearn-1.5" && found.notice == nil)
        #expect(CuratedEnvironments.find("AzureML-minimal")?.notice == nil)
        #expect(CuratedEnvironments.find("AzureML-minimal", version: "44")?.notice?.contains("no version 44") == true)
        #expect(CuratedEnvironments.find("my-env") == nil)
        #expect(CuratedEnvironments.all.allSatisfy { $0.name.hasPrefix("AzureML-") })
    }

    @Test(
        "Retired names lead to kept environments, with a notice",
        arguments: [
            ("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest", "AzureML-sklearn-1.5"),
            ("azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:44", "AzureML-sklearn-1.5"),
            ("AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu:5", "AzureML-lightgbm-4"),
            ("AzureML-tensorflow-2.4-ubuntu18.04-py37-cuda11-gpu@latest", "AzureML-tensorflow-2"),
            ("AzureML-pytorch-1.10-ubuntu18.04-py38-cuda11-gpu", "AzureML-pytorch-2"),
            ("azureml://registries/azureml/environments/acpt-pytorch-2.2-cuda12.1/versions/9", "AzureML-pytorch-2"),
        ])
    func retired(reference: String, kept: String) throws {
        let found = try #require(CuratedEnvironments.find(reference: reference))
        #expect(found.environment.name == kept)
        #expect(try #require(found.notice).contains(kept))
    }

    @Test("The registry form of a kept environment needs no notice")
    func registry() throws {
        let reference = "azureml://registries/azureml/environments/sklearn-1.5/labels/latest"
        let found = try #require(CuratedEnvironments.find(reference: reference))
        #expect(found.environment.name == "AzureML-sklearn-1.5" && found.notice == nil)
        #expect(CuratedEnvironments.find(reference: "azureml://registries/azureml/models/x/versions/1") == nil)
    }

    @Test("A curated environment's conda file describes the same environment")
    func condaFile() throws {
        for row in CuratedEnvironments.all {
            let read = try CondaFile(text: row.condaFile).specification
            #expect(read.requirements == ["pip"] + row.requirements)
            #expect(read.python == row.specification.python)
        }
    }
}
