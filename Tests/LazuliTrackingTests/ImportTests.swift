import LazuliResources
import LazuliTracking
import Testing

struct ImportTests {
    private func run(
        _ id: String, in experiment: Int64 = 0, start: Int64 = 5, metrics: [Metric] = [], isDeleted: Bool = false
    ) -> ImportedRun {
        ImportedRun(
            info: RunInfo(
                runID: id, experiment: experiment, name: "named", user: "ann", status: "FINISHED",
                isDeleted: isDeleted, startTime: start, endTime: 9, artifactURI: ""),
            artifactURI: nil, deletedAt: isDeleted ? 7 : nil, params: [Entry("a/b", "1")], tags: [Entry("größe", "x")],
            metrics: metrics, datasets: [], modelInputs: [], modelOutputs: [])
    }

    private func experiment(_ id: String, _ name: String) -> ImportedExperiment {
        ImportedExperiment(
            id: id, name: name, artifactLocation: nil, isDeleted: false, createdAt: 1, updatedAt: 2, tags: [])
    }

    private func point(_ step: Int64, _ value: Double = 0.5) -> Metric {
        Metric(key: "loss", value: value, timestamp: step, step: step)
    }

    @Test func `a run keeps its id and brings all that was logged to it`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        let outcomes = await imports.add([run("abc", metrics: [point(0), point(1, .nan)])], in: bench.scope)
        #expect(outcomes == [ImportOutcome("abc", .created)])
        let found = try await bench.runs.get("abc", in: bench.scope)
        #expect(found.data.params == [Entry("a/b", "1")])
        #expect(found.data.tags == [Entry("größe", "x")])
        #expect(found.data.metrics.first?.point.value.isNaN == true)
        #expect(found.info.artifactURI == "mlflow-artifacts:/0/abc/artifacts")
    }

    @Test func `importing again adds the points that lack and changes nothing else`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        _ = await imports.add([run("abc", metrics: [point(0)])], in: bench.scope)
        try await bench.runs.setTag(Entry("größe", "mine"), of: "abc", in: bench.scope)
        let again = await imports.add([run("abc", metrics: [point(0), point(1)])], in: bench.scope)
        #expect(again == [ImportOutcome("abc", .present)])
        let history = try await bench.metrics.history(
            ofRun: "abc", key: "loss", maxResults: nil, pageToken: nil, in: bench.scope)
        #expect(history.points.map(\.step) == [0, 1])
        #expect(try await bench.runs.get("abc", in: bench.scope).data.tags == [Entry("größe", "mine")])
    }

    @Test func `a run id that another run has is told and that run left alone`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        _ = await imports.add([run("abc", start: 5)], in: bench.scope)
        let outcomes = await imports.add(
            [run("abc", start: 6, metrics: [point(0)]), run("def", start: 6)], in: bench.scope)
        #expect(outcomes.map(\.state) == [.clash, .created])
        #expect(try await bench.runs.get("abc", in: bench.scope).data.metrics.isEmpty)
    }

    @Test func `a bad run is told and stops no others`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        let outcomes = await imports.add(
            [run("../up"), run("abc", in: 99), run("def")], in: bench.scope)
        #expect(outcomes.map(\.state) == [.failed, .failed, .created])
    }

    @Test func `a deleted run stays deleted`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        _ = await imports.add([run("abc", isDeleted: true)], in: bench.scope)
        #expect(try await bench.names() == [])
        #expect(try await bench.names(view: .deletedOnly) == ["named"])
    }

    @Test func `an experiment keeps its id where it is free`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        let mine = try await bench.experiments.create(name: "mine", artifactLocation: nil, tags: [], in: bench.scope)
        let free = await imports.add(experiment("974043660602949381", "free"), in: bench.scope)
        #expect(free.experiment == 974_043_660_602_949_381)
        let taken = await imports.add(experiment(mine, "other"), in: bench.scope)
        #expect(taken.state == .created)
        #expect(taken.experiment == 974_043_660_602_949_382)
        #expect(taken.message?.contains("\"mine\"") == true)
        let same = await imports.add(experiment("3", "mine"), in: bench.scope)
        #expect((same.state, same.experiment) == (.present, Int64(mine)))
    }

    @Test func `versions keep number, stage and times, and the next one follows them`() async throws {
        let bench = try TrackingBench(), imports = ImportService(store: bench.store)
        _ = await imports.add([run("abc")], in: bench.scope)
        let version = ImportedRegisteredModel.Version(
            version: 3, createdAt: 10, updatedAt: 20, stage: "Production",
            draft: .init(
                name: "iris", source: "mlflow-artifacts:/0/abc/artifacts/model", runID: "abc", runLink: nil,
                modelID: nil, description: "d", tags: [Entry("k", "v")], user: "ann"))
        let model = ImportedRegisteredModel(
            name: "iris", description: nil, createdAt: 10, updatedAt: 30, tags: [], aliases: [("best", 3), ("no", 9)],
            versions: [version])
        let outcomes = await imports.add(model, in: bench.scope)
        #expect(outcomes.map(\.state) == [.created, .created])
        let found = try await bench.registry.version(alias: "best", of: "iris", in: bench.scope)
        #expect((found.version, found.stage, found.createdAt, found.updatedAt) == (3, .production, 10, 20))
        #expect(try await bench.registry.get("iris", in: bench.scope).aliases.map(\.alias) == ["best"])
        let next = try await bench.registry.createVersion(version.draft, in: bench.scope)
        #expect(next.version == 4)
        #expect(await imports.add(model, in: bench.scope).map(\.state) == [.present, .present])
    }
}
