import LazuliResources
import LazuliTracking
import Testing

@Suite("Logged models")
struct LoggedModelTests {
    private func make(_ bench: TrackingBench, _ name: String, params: [Entry] = []) async throws -> String {
        try await bench.models.create(
            .init(experimentID: "0", name: name, modelType: "", sourceRunID: nil, params: params, tags: []),
            in: bench.scope
        ).modelID
    }

    private func names(_ bench: TrackingBench, _ filter: String?, _ order: [LoggedModelSearch.Order] = []) async throws
        -> [String]
    {
        try await bench.search.loggedModels(
            LoggedModelSearch(
                experiments: ["0"], filter: filter, datasets: [], orderBy: order, maxResults: nil, pageToken: nil),
            in: bench.scope
        ).items.map(\.name)
    }

    @Test("A model begins pending, takes params and tags, and ends ready")
    func life() async throws {
        let bench = try TrackingBench()
        let id = try await make(bench, "model")
        #expect(id.hasPrefix("m-") && id.count == 34)
        try await bench.models.logParams([Entry("depth", "3")], to: id, in: bench.scope)
        try await bench.models.setTags([Entry("a", "1"), Entry("b", "2")], of: id, in: bench.scope)
        try await bench.models.deleteTag("a", of: id, in: bench.scope)
        let model = try await bench.models.finish(id, status: .ready, in: bench.scope)
        #expect(model.status == .ready)
        #expect(model.params == [Entry("depth", "3")])
        #expect(model.tags == [Entry("b", "2")])
        #expect(model.artifactURI == "mlflow-artifacts:/0/models/\(id)/artifacts")
        let failure = await refusal { try await bench.models.deleteTag("a", of: id, in: bench.scope) }
        #expect(failure?.message == "No tag with key 'a' found for model with ID '\(id)'.")
    }

    @Test("A deleted model is found only by those who ask for deleted ones")
    func deletion() async throws {
        let bench = try TrackingBench()
        let id = try await make(bench, "model")
        try await bench.models.delete(id, in: bench.scope)
        let failure = await refusal { _ = try await bench.models.get(id, in: bench.scope) }
        #expect(failure?.message == "Logged model with ID '\(id)' not found.")
        #expect(try await bench.models.get(id, allowDeleted: true, in: bench.scope).isDeleted)
        #expect(try await names(bench, nil).isEmpty)
    }

    @Test("Metrics that name a model are logged to the run and to the model")
    func modelMetrics() async throws {
        let bench = try TrackingBench()
        let id = try await make(bench, "model"), run = try await bench.run()
        let metric = Metric(
            key: "acc", value: 0.5, timestamp: 1, step: 0, modelID: id, datasetName: "test", datasetDigest: "1")
        try await bench.runs.log(metric, to: run, in: bench.scope)
        try await bench.runs.logBatch(metrics: [metric], params: [], tags: [], to: run, in: bench.scope)
        let model = try await bench.models.get(id, in: bench.scope)
        #expect(model.metrics.count == 1)
        #expect(model.metrics.first?.runID == run)
        #expect(model.metrics.first?.datasetName == "test")
        #expect(try await bench.runs.get(run, in: bench.scope).data.metrics.map(\.key) == ["acc"])
    }

    @Test("Models are searched by attributes, params, tags and metrics, and ordered by metrics")
    func search() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        for (name, value) in [("one", 0.1), ("two", 0.2)] {
            let id = try await make(bench, name, params: [Entry("p", name)])
            try await bench.runs.log(
                Metric(key: "acc", value: value, timestamp: 1, step: 0, modelID: id), to: run, in: bench.scope)
        }
        _ = try await make(bench, "none")
        #expect(try await names(bench, "name = 'one'") == ["one"])
        #expect(try await names(bench, "params.p = 'two'") == ["two"])
        #expect(try await names(bench, "metrics.acc >= 0.15") == ["two"])
        #expect(try await names(bench, "name LIKE '%o%' AND status = 'PENDING' AND creation_timestamp > 0").count == 3)
        let order = LoggedModelSearch.Order(
            field: "metrics.acc", isAscending: false, datasetName: nil, datasetDigest: nil)
        #expect(try await names(bench, nil, [order]) == ["two", "one", "none"])
        let wrong = LoggedModelSearch.Order(field: "nope", isAscending: true, datasetName: nil, datasetDigest: nil)
        #expect(
            await refusal { _ = try await names(bench, nil, [wrong]) }?.message == "Invalid order by field name: nope")
    }

    @Test("A page token is good for its own query only")
    func tokens() async throws {
        let bench = try TrackingBench()
        for index in 0..<3 { _ = try await make(bench, "m\(index)") }
        func page(_ filter: String?, _ token: String?) async throws -> SearchPage<LoggedModel> {
            try await bench.search.loggedModels(
                LoggedModelSearch(
                    experiments: ["0"], filter: filter, datasets: [], orderBy: [], maxResults: 2, pageToken: token),
                in: bench.scope)
        }
        let first = try await page(nil, nil)
        #expect(first.items.count == 2)
        let second = try await page(nil, first.nextPageToken)
        #expect(second.items.count == 1)
        #expect(second.nextPageToken == nil)
        #expect(await refusal { _ = try await page("name = 'm1'", first.nextPageToken) } != nil)
    }

    @Test("Names that would break a URI are refused", arguments: ["a/b", "a:b", "a.b", "a%b"])
    func badNames(name: String) async throws {
        let bench = try TrackingBench()
        let failure = await refusal { _ = try await make(bench, name) }
        #expect(failure?.message.hasPrefix("Invalid model name ('\(name)') provided.") == true)
    }
}
