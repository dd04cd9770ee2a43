import GRDB
import LazuliPersistence
import LazuliResources
import LazuliTracking
import Testing

@Suite("Runs")
struct RunTests {
    @Test("A run's name and its tag mlflow.runName are one, whichever is changed")
    func nameAndTag() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run(name: "first")
        #expect(try await bench.runs.get(id, in: bench.scope).data.tags == [Entry("mlflow.runName", "first")])
        _ = try await bench.runs.update(id, status: "FINISHED", endTime: 5, name: "second", in: bench.scope)
        #expect(try await bench.runs.get(id, in: bench.scope).data.tags == [Entry("mlflow.runName", "second")])
        try await bench.runs.setTag(Entry("mlflow.runName", "third"), of: id, in: bench.scope)
        let info = try await bench.runs.info(id, in: bench.scope)
        #expect(info.name == "third")
        #expect(info.status == "FINISHED")
        #expect(info.endTime == 5)
        #expect(info.artifactURI == "mlflow-artifacts:/0/\(id)/artifacts")
    }

    @Test("A run without a name gets one; two different names in one call are refused")
    func names() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        #expect(try await bench.runs.info(id, in: bench.scope).name.split(separator: "-").count == 3)
        let failure = await refusal {
            _ = try await bench.run(name: "a", tags: ["mlflow.runName": "b"])
        }
        #expect(failure?.message.hasPrefix("Both 'run_name' argument and 'mlflow.runName' tag are specified") == true)
    }

    @Test("A param may be logged again with its value, not with another; the batch leaves nothing behind then")
    func paramsAreImmutable() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run(params: ["depth": "3"])
        try await bench.runs.log(Entry("depth", "3"), to: id, in: bench.scope)
        let single = await refusal { try await bench.runs.log(Entry("depth", "5"), to: id, in: bench.scope) }
        #expect(
            single?.message == "Changing param values is not allowed. Param with key='depth' was already logged with "
                + "value='3' for run ID='\(id)'. Attempted logging new value '5'.")
        let batch = await refusal {
            try await bench.runs.logBatch(
                metrics: [Metric(key: "m", value: 1, timestamp: 1, step: 0)],
                params: [Entry("new", "1"), Entry("depth", "5")], tags: [], to: id, in: bench.scope)
        }
        #expect(
            batch?.message == "Changing param values is not allowed. Params were already logged="
                + "'[{'key': 'depth', 'old_value': '3', 'new_value': '5'}]' for run ID='\(id)'.")
        let data = try await bench.runs.get(id, in: bench.scope).data
        #expect(data.params == [Entry("depth", "3")])
        #expect(data.metrics.isEmpty)
    }

    @Test("Batches beyond MLflow's limits are refused with the count")
    func batchLimits() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        let metrics = (0...1000).map { Metric(key: "m\($0)", value: 1, timestamp: 1, step: 0) }
        let many = await refusal {
            try await bench.runs.logBatch(metrics: metrics, params: [], tags: [], to: id, in: bench.scope)
        }
        #expect(many?.message.contains("can contain at most 1000 metrics. Got 1001 metrics.") == true)
        let twice = await refusal {
            try await bench.runs.logBatch(
                metrics: [], params: [Entry("a", "1"), Entry("a", "2")], tags: [], to: id, in: bench.scope)
        }
        #expect(twice?.message.hasPrefix("Duplicate parameter keys have been submitted: ['a'].") == true)
    }

    @Test(
        "Keys that could be taken for paths, or hold other characters, are refused",
        arguments: ["../up", "/abs", "a//b", "a/", ".", "a/./b", "bad,key", "", "tab\tkey"])
    func badKeys(key: String) async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        let failure = await refusal { try await bench.runs.log(Entry(key, "1"), to: id, in: bench.scope) }
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.message.hasPrefix("Invalid value ") == true)
    }

    @Test(
        "Keys in any script, with spaces, dots, colons and slashes inside, are taken",
        arguments: [
            "épaisseur", "精度", "val/acc", "a b", "a:b", "train.loss", "x_1-2",
        ])
    func goodKeys(key: String) async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        try await bench.runs.logBatch(
            metrics: [Metric(key: key, value: 1, timestamp: 1, step: 0)], params: [Entry(key, "1")],
            tags: [Entry(key, "1")], to: id, in: bench.scope)
        #expect(try await bench.runs.get(id, in: bench.scope).data.metrics.map(\.key) == [key])
    }

    @Test("Values are as long as MLflow allows and no longer")
    func lengths() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        let long = String(repeating: "é", count: 6000)
        try await bench.runs.log(Entry("p", long), to: id, in: bench.scope)
        let param = await refusal { try await bench.runs.log(Entry("q", long + "x"), to: id, in: bench.scope) }
        #expect(param?.message == "'Param value' exceeds the maximum length of 6000 characters")
        let tag = Entry("t", String(repeating: "x", count: 8001))
        let refused = await refusal { try await bench.runs.setTag(tag, of: id, in: bench.scope) }
        #expect(refused?.message == "'value' exceeds the maximum length of 8000 characters")
        let key = Entry(String(repeating: "k", count: 251), "1")
        #expect(await refusal { try await bench.runs.log(key, to: id, in: bench.scope) } != nil)
    }

    @Test("A deleted run takes no more changes until it is restored")
    func deletedRuns() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run(name: "gone")
        try await bench.runs.delete(id, in: bench.scope)
        let failure = await refusal { try await bench.runs.setTag(Entry("a", "b"), of: id, in: bench.scope) }
        #expect(failure?.message == "The run \(id) must be in the 'active' state. Current state is deleted.")
        #expect(try await bench.names().isEmpty)
        #expect(try await bench.runs.get(id, in: bench.scope).info.isDeleted)
        try await bench.runs.restore(id, in: bench.scope)
        #expect(try await bench.names() == ["gone"])
    }

    @Test("An unknown run is not found")
    func unknownRun() async throws {
        let bench = try TrackingBench()
        let failure = await refusal { _ = try await bench.runs.get("nope", in: bench.scope) }
        #expect(failure?.code == .notFound)
        #expect(failure?.message == "Run with id=nope not found")
    }

    @Test("Purging a run leaves no row of it behind")
    func purge() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run(metrics: ["a": 1], params: ["b": "2"], tags: ["c": "3"])
        let input = DatasetInput(
            dataset: Dataset(name: "d", digest: "1", sourceType: "local", source: "{}", schema: nil, profile: nil),
            tags: [Entry("mlflow.data.context", "training")])
        try await bench.runs.logInputs([input], models: ["m-1"], to: id, in: bench.scope)
        try await bench.runs.purge([id], in: bench.scope)
        let left = try await bench.database.read { database in
            try ["run", "param", "tag", "metricPoint", "latestMetric", "runInput", "runInputTag", "runModel"].map {
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \($0)") ?? -1
            }
        }
        #expect(left.allSatisfy { $0 == 0 })
    }

    @Test("Datasets and models that a run read or made come back with it, once each")
    func inputsAndOutputs() async throws {
        let bench = try TrackingBench()
        let id = try await bench.run()
        let dataset = Dataset(
            name: "diamonds", digest: "abc", sourceType: "local", source: "{}", schema: "{}", profile: nil)
        let input = DatasetInput(dataset: dataset, tags: [Entry("mlflow.data.context", "training")])
        for _ in 0..<2 {
            try await bench.runs.logInputs([input], models: ["m-1"], to: id, in: bench.scope)
            try await bench.runs.logOutputs([ModelOutput(modelID: "m-2", step: 3)], of: id, in: bench.scope)
        }
        let data = try await bench.runs.get(id, in: bench.scope).data
        #expect(data.datasets == [input])
        #expect(data.modelInputs == ["m-1"])
        #expect(data.modelOutputs == [ModelOutput(modelID: "m-2", step: 3)])
        let summaries = try await bench.runs.datasets(ofExperiments: ["0"], in: bench.scope)
        #expect(summaries.map(\.context) == ["training"])
    }
}
