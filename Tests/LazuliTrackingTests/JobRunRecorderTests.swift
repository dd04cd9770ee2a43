import LazuliDomain
import LazuliPersistence
import LazuliResources
import LazuliTracking
import Testing

@Suite("Jobs as runs")
struct JobRunRecorderTests {
    private func job(_ name: String, experiment: String = "train") -> NewRun {
        NewRun(
            runID: name, experimentName: experiment, displayName: "My job", tags: ["team": "blue"],
            parentRunID: "parent",
            user: "ann", createdAt: 10)
    }

    @Test("A job is its run: made with its experiment, and finished with its status and times")
    func jobIsItsRun() async throws {
        let bench = try TrackingBench()
        let recorder = JobRunRecorder(), scope = bench.scope
        let experiment = try await bench.database.write { try recorder.create(job("happy_job_1"), in: scope, $0) }
        #expect(experiment == "1")
        var run = try await bench.runs.get("happy_job_1", in: scope)
        #expect(run.info.status == "SCHEDULED")
        #expect(run.info.artifactURI == "mlflow-artifacts:/1/happy_job_1/artifacts")
        #expect(run.data.tags.contains(Entry("mlflow.parentRunId", "parent")))
        #expect(run.data.tags.contains(Entry("mlflow.runName", "My job")))
        try await bench.database.write { try recorder.set(.running, ofRun: "happy_job_1", at: 20, in: scope, $0) }
        try await bench.runs.log(Metric(key: "m", value: 1, timestamp: 1, step: 0), to: "happy_job_1", in: scope)
        try await bench.database.write {
            try recorder.set(.finished, ofRun: "happy_job_1", at: 30, in: scope, $0)
            try recorder.setTags(["done": "yes"], ofRun: "happy_job_1", in: scope, $0)
        }
        run = try await bench.runs.get("happy_job_1", in: scope)
        #expect(run.info.status == "FINISHED")
        #expect(run.info.startTime == 20)
        #expect(run.info.endTime == 30)
        #expect(run.data.tags.contains(Entry("done", "yes")))
        #expect(run.data.metrics.count == 1)
        #expect(try await bench.experiments.get(name: "train", in: scope).id == "1")
    }

    @Test("A job whose run was deleted for good meanwhile still ends")
    func purgedRun() async throws {
        let bench = try TrackingBench()
        let recorder = JobRunRecorder(), scope = bench.scope
        _ = try await bench.database.write { try recorder.create(job("a"), in: scope, $0) }
        try await bench.runs.delete("a", in: scope)
        let purges = PurgeService(store: bench.store)
        let plan = try await purges.plan(PurgeRequest(olderThan: 0, runIDs: ["a"], experimentIDs: []), in: scope)
        try await purges.purge(plan, in: scope)
        try await bench.database.write {
            try recorder.set(.finished, ofRun: "a", at: 30, in: scope, $0)
            try recorder.setTags(["done": "yes"], ofRun: "a", in: scope, $0)
        }
        #expect(await refusal { _ = try await bench.runs.get("a", in: scope) }?.code == .notFound)
    }

    @Test("Values and params of a job are those of its run; a param keeps its first value")
    func values() async throws {
        let bench = try TrackingBench()
        let recorder = JobRunRecorder(), scope = bench.scope
        try await bench.database.write {
            _ = try recorder.create(job("a"), in: scope, $0)
            let metrics = [RunMetric(key: "loss", value: 0.5, step: 1), RunMetric(key: "loss", value: 0.4, step: 2)]
            try recorder.log(metrics, params: ["depth": "3"], toRun: "a", at: 20, in: scope, $0)
            try recorder.log([], params: ["depth": "4"], toRun: "a", at: 21, in: scope, $0)
            try recorder.log([], params: [:], toRun: "nobody", at: 22, in: scope, $0)
        }
        let run = try await bench.runs.get("a", in: scope)
        #expect(run.data.metrics.map(\.point.value) == [0.4])
        #expect(run.data.params == [Entry("depth", "3")])
    }

    @Test("A step that fails afterwards takes its run with it; a second job of the name is refused")
    func atomicity() async throws {
        let bench = try TrackingBench()
        let recorder = JobRunRecorder(), scope = bench.scope
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await bench.database.write { database in
                _ = try recorder.create(job("a"), in: scope, database)
                throw Stop()
            }
        }
        #expect(await refusal { _ = try await bench.runs.get("a", in: scope) }?.code == .notFound)
        _ = try await bench.database.write { try recorder.create(job("a"), in: scope, $0) }
        let again = await refusal {
            _ = try await bench.database.write { try recorder.create(job("a"), in: scope, $0) }
        }
        #expect(again?.code == .conflict)
    }

    @Test("Deleting a workspace deletes its runs and leaves those of others")
    func deletingWorkspaces() async throws {
        let bench = try TrackingBench()
        let other = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "other")
        let recorder = JobRunRecorder(), scope = bench.scope
        for place in [scope, other] {
            _ = try await bench.database.write { try recorder.create(job("a"), in: place, $0) }
        }
        let store = bench.store
        try await bench.database.write { try store.clear(scope, $0) }
        #expect(await refusal { _ = try await bench.runs.get("a", in: scope) }?.code == .notFound)
        #expect(try await bench.runs.get("a", in: other).info.runID == "a")
    }
}
