import GRDB
import LazuliPersistence
import LazuliResources
import LazuliTracking
import Testing

struct PurgeTests {
    private func purge(_ bench: TrackingBench, _ request: PurgeRequest) async throws -> PurgePlan {
        let service = PurgeService(store: bench.store)
        let plan = try await service.plan(request, in: bench.scope)
        try await service.purge(plan, in: bench.scope)
        return plan
    }

    private let all = PurgeRequest(olderThan: 0, runIDs: [], experimentIDs: [])

    @Test func `a purged run leaves no row behind`() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run(metrics: ["loss": 1], params: ["p": "1"], tags: ["t": "x"])
        let dataset = Dataset(name: "d", digest: "1", sourceType: "code", source: "s", schema: nil, profile: nil)
        try await bench.runs.logInputs(
            [DatasetInput(dataset: dataset, tags: [Entry("k", "v")])], models: ["m-1"], to: run, in: bench.scope)
        try await bench.runs.delete(run, in: bench.scope)
        let plan = try await purge(bench, all)
        #expect(plan.runs.map(\.id) == [run])
        #expect(plan.folders == ["ExperimentRun/dcid.\(run)"])
        let tables = [
            "run", "metricPoint", "latestMetric", "param", "tag", "runInput", "runInputTag", "runModel", "dataset",
        ]
        for table in tables {
            let count = try await bench.database.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
    }

    @Test func `living runs and models are not touched`() async throws {
        let bench = try TrackingBench()
        let living = try await bench.run(name: "living", metrics: ["loss": 1])
        let model = try await bench.models.create(
            .init(experimentID: "0", name: "m", modelType: nil, sourceRunID: living, params: [], tags: []),
            in: bench.scope)
        let plan = try await purge(bench, all)
        #expect(plan.runs.isEmpty && plan.loggedModels.isEmpty)
        #expect(try await bench.runs.get(living, in: bench.scope).data.metrics.count == 1)
        #expect(try await bench.models.get(model.modelID, in: bench.scope).name == "m")
    }

    @Test func `the files of a living model below a deleted run are kept`() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        _ = try await bench.models.create(
            .init(experimentID: "0", name: "model", modelType: nil, sourceRunID: run, params: [], tags: []),
            in: bench.scope)
        try await bench.runs.delete(run, in: bench.scope)
        #expect(try await purge(bench, all).keptFolders == ["ExperimentRun/dcid.\(run)/model"])
    }

    @Test func `a deleted experiment goes with its runs and the default one stays`() async throws {
        let bench = try TrackingBench()
        let id = try await bench.experiments.create(name: "gone", artifactLocation: nil, tags: [], in: bench.scope)
        try await bench.run(id)
        try await bench.experiments.delete(id, in: bench.scope)
        try await bench.experiments.delete("0", in: bench.scope)
        let plan = try await purge(bench, all)
        #expect(plan.experiments.map(\.id) == [id])
        #expect(plan.runs.count == 1)
        #expect(await refusal { _ = try await bench.experiments.get(id, in: bench.scope) }?.code == .notFound)
        #expect(try await bench.experiments.get("0", in: bench.scope).isDeleted)
    }

    @Test func `what is not deleted, or not long enough, is refused by name`() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        let service = PurgeService(store: bench.store)
        func request(_ age: Int64) -> PurgeRequest { PurgeRequest(olderThan: age, runIDs: [run], experimentIDs: []) }
        #expect(await refusal { _ = try await service.plan(request(0), in: bench.scope) }?.code == .invalidArgument)
        try await bench.runs.delete(run, in: bench.scope)
        #expect(await refusal { _ = try await service.plan(request(60_000), in: bench.scope) }?.target == run)
        #expect(try await service.plan(request(0), in: bench.scope).runs.map(\.id) == [run])
    }
}
