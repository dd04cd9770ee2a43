import LazuliPersistence
import LazuliResources
import LazuliTracking
import Testing

@Suite("The model registry")
struct RegistryTests {
    private func register(_ bench: TrackingBench, _ name: String, source: String = "s3://bucket/model") async throws
        -> ModelVersion
    {
        try await bench.registry.createVersion(
            .init(
                name: name, source: source, runID: nil, runLink: nil, modelID: nil, description: nil, tags: [],
                user: "ann"),
            in: bench.scope)
    }

    @Test("Versions count up from 1, and a deleted version's number is not used again")
    func numbering() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("m", description: "d", tags: [Entry("a", "1")], in: bench.scope)
        #expect(try await register(bench, "m").version == 1)
        #expect(try await register(bench, "m").version == 2)
        try await bench.registry.deleteVersion("2", of: "m", in: bench.scope)
        #expect(try await register(bench, "m").version == 3)
        let model = try await bench.registry.get("m", in: bench.scope)
        #expect(model.description == "d")
        #expect(model.tags == [Entry("a", "1")])
        #expect(model.latest.map(\.version) == [3])
    }

    @Test("A name in use, an unknown name and an impossible one are refused with MLflow's words")
    func names() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        let twice = await refusal {
            _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        }
        #expect(twice?.code == TrackingFault.alreadyExists)
        #expect(twice?.message == "Registered Model (name=m) already exists.")
        let unknown = await refusal { _ = try await bench.registry.get("other", in: bench.scope) }
        #expect(unknown?.message == "Registered Model with name=other not found")
        let version = await refusal { _ = try await bench.registry.version("7", of: "m", in: bench.scope) }
        #expect(version?.message == "Model Version (name=m, version=7) not found")
        let slash = await refusal {
            _ = try await bench.registry.create("a/b", description: nil, tags: [], in: bench.scope)
        }
        #expect(slash?.message == "Invalid model name 'a/b'. Names cannot contain '/' or ':'.")
    }

    @Test("A model asset of the management API is a version here, and a version here is a model asset")
    func oneTruth() async throws {
        let bench = try TrackingBench()
        let key = bench.scope.key
        _ = try await bench.database.write { database in
            try DocumentTable.upsert(
                DocumentTable.Draft(
                    key: DocumentKey(kind: "models", scope: key, name: "asset", version: "4"),
                    body: ["properties": ["modelUri": "azureml://x/y", "tags": ["t": "1"], "jobName": "job1"]],
                    by: "ann", at: 5),
                database)
        }
        let found = try await bench.registry.get("asset", in: bench.scope)
        #expect(found.latest.first?.version == 4)
        #expect(found.latest.first?.tags == [Entry("t", "1")])
        #expect(found.latest.first?.runID == "job1")
        #expect(found.latest.first?.downloadURI == "mlflow-artifacts:/models/asset/4")
        #expect(try await register(bench, "asset").version == 5)
        let body = try await bench.database.read { database in
            try DocumentTable.fetch(
                DocumentKey(kind: "models", scope: key, name: "asset", version: "5"), database)?.body()
        }
        #expect(body?["properties"]["modelType"] == "mlflow_model")
        #expect(body?["properties"]["modelUri"] == "s3://bucket/model")
    }

    @Test("A logged model is registered with its run and its files' address")
    func fromLoggedModel() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        let model = try await bench.models.create(
            .init(experimentID: "0", name: "clf", modelType: nil, sourceRunID: run, params: [], tags: []),
            in: bench.scope)
        _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        let version = try await register(bench, "m", source: "models:/\(model.modelID)")
        #expect(version.runID == run)
        #expect(version.modelID == model.modelID)
        #expect(version.downloadURI == model.artifactURI)
        _ = try await bench.registry.create("copy", description: nil, tags: [], in: bench.scope)
        let copy = try await register(bench, "copy", source: "models:/m/1")
        #expect(copy.downloadURI == model.artifactURI)
        #expect(copy.source == "models:/m/1")
        let directory = ArtifactDirectory(store: bench.store)
        let place = ArtifactPlace(proxyPath: ["0", "models", model.modelID, "artifacts", "MLmodel"])
        #expect(
            try await directory.location(of: place, in: bench.scope)
                == .container("ExperimentRun/dcid.\(run)/clf/MLmodel"))
    }

    @Test(
        "Sources that name the server's own disk or climb out of their folder are refused",
        arguments: [
            "/etc/passwd", "file:///etc", "relative/path", "mlflow-artifacts:/0/../../x", "s3://b/%2e%2e/x",
        ])
    func badSources(source: String) async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        let failure = await refusal { _ = try await register(bench, "m", source: source) }
        #expect(failure?.message.hasPrefix("Invalid model version source: '\(source)'.") == true)
    }

    @Test("Aliases move from version to version; reserved ones are refused")
    func aliases() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        for _ in 0..<2 { _ = try await register(bench, "m") }
        for version in ["1", "2"] {
            try await bench.registry.setAlias("champion", of: "m", version: version, in: bench.scope)
        }
        let found = try await bench.registry.version(alias: "champion", of: "m", in: bench.scope)
        #expect(found.version == 2)
        #expect(found.aliases == ["champion"])
        #expect(try await bench.registry.version(alias: "latest", of: "m", in: bench.scope).version == 2)
        for alias in ["latest", "v1", "a b", ""] {
            #expect(
                await refusal {
                    try await bench.registry.setAlias(alias, of: "m", version: "1", in: bench.scope)
                } != nil)
        }
        try await bench.registry.deleteAlias("champion", of: "m", in: bench.scope)
        let gone = await refusal { _ = try await bench.registry.version(alias: "champion", of: "m", in: bench.scope) }
        #expect(gone?.message == "Registered model alias champion not found.")
    }

    @Test("Moving a version to a stage can send the others there to the archive")
    func stages() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("m", description: nil, tags: [], in: bench.scope)
        for version in ["1", "2"] {
            _ = try await register(bench, "m")
            _ = try await bench.registry.move(
                version, of: "m", to: "production", archivingOthers: true, in: bench.scope)
        }
        let stages = try await bench.registry.latestVersions(of: "m", stages: [], in: bench.scope)
        #expect(stages.map(\.stage) == [.archived, .production])
        #expect(
            try await bench.registry.latestVersions(of: "m", stages: ["Production"], in: bench.scope).map(\.version)
                == [2])
        let wrong = await refusal {
            _ = try await bench.registry.move("1", of: "m", to: "Live", archivingOthers: false, in: bench.scope)
        }
        #expect(
            wrong?.message.hasPrefix("Invalid Model Version stage: Live. Value must be one of None, Staging") == true)
    }

    @Test("Searches leave prompts out unless asked for them, and filter by tags and runs")
    func search() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("plain", description: nil, tags: [Entry("t", "1")], in: bench.scope)
        _ = try await bench.registry.create(
            "prompt", description: nil, tags: [Entry("mlflow.prompt.is_prompt", "true")], in: bench.scope)
        _ = try await register(bench, "plain")
        func models(_ filter: String?) async throws -> [String] {
            try await bench.registrySearch.models(
                SearchRequest(filter: filter, orderBy: [], view: .all, maxResults: nil, pageToken: nil),
                in: bench.scope
            ).items.map(\.name)
        }
        #expect(try await models(nil) == ["plain"])
        #expect(try await models("tag.`mlflow.prompt.is_prompt` != 'true'") == ["plain"])
        #expect(try await models("tags.`mlflow.prompt.is_prompt` = 'true'") == ["prompt"])
        #expect(try await models("name LIKE 'p%' AND tags.t = '1'") == ["plain"])
        let versions = try await bench.registrySearch.versions(
            SearchRequest(
                filter: "name = 'plain' AND source_path LIKE 's3%' AND tag.`mlflow.prompt.is_prompt` != 'true'",
                orderBy: ["version_number DESC"], view: .all, maxResults: nil, pageToken: nil), in: bench.scope)
        #expect(versions.items.map(\.version) == [1])
    }

    @Test("Renaming takes the versions along; deleting takes them away")
    func renameAndDelete() async throws {
        let bench = try TrackingBench()
        _ = try await bench.registry.create("old", description: nil, tags: [], in: bench.scope)
        _ = try await register(bench, "old")
        _ = try await bench.registry.rename("old", to: "new", in: bench.scope)
        #expect(try await bench.registry.version("1", of: "new", in: bench.scope).name == "new")
        #expect(await refusal { _ = try await bench.registry.get("old", in: bench.scope) }?.code == .notFound)
        try await bench.registry.delete("new", in: bench.scope)
        #expect(await refusal { _ = try await bench.registry.get("new", in: bench.scope) }?.code == .notFound)
    }
}
