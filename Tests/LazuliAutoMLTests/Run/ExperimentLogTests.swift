import Foundation
import LazuliConformance
import LazuliDomain
import LazuliLearning
import LazuliResources
import Testing

@testable import LazuliAutoML

@Suite("The events of an experiment")
struct ExperimentLogTests {
    private func job(in folder: URL) -> RunningJob {
        RunningJob(
            name: "job", scope: WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w"),
            submittedBy: Caller(objectID: "u", name: "ada"), properties: [:], folder: folder, artifacts: folder)
    }

    private func append(_ text: String, to folder: URL) throws {
        let file = folder.appending(path: ExperimentFiles.events)
        let before = (try? Data(contentsOf: file)) ?? Data()
        try (before + Data(text.utf8)).write(to: file)
    }

    private static func ended(_ number: Int, _ score: Double) -> ExperimentEvent {
        .trialEnded(
            .init(number: number, algorithm: "LightGBM", preprocessor: "", parameters: ["leaves": 31]),
            .init(status: .completed, seconds: 1, metrics: ["accuracy": score]))
    }

    @Test("A line is read once it has its end, and once only")
    func lines() async throws {
        try await withTemporaryFolder { folder in
            var log = ExperimentLog(job(in: folder), primaryMetric: "accuracy")
            #expect(log.advance().events == [])
            let line = Self.ended(0, 0.8).json.text
            try append(String(line.prefix(10)), to: folder)
            #expect(log.advance().events == [])
            try append(String(line.dropFirst(10)) + "\n" + Self.ended(1, 0.9).json.text + "\n", to: folder)
            #expect(log.advance().events.count == 2)
            #expect(log.advance().events == [])
            #expect(log.advance().chronicle.best?.trial.number == 1)
        }
    }

    @Test("Lines that are no event are passed over")
    func strange() async throws {
        try await withTemporaryFolder { folder in
            try append("warming up\n{\"event\": \"later\"}\n\(Self.ended(0, 0.8).json.text)\n", to: folder)
            var log = ExperimentLog(job(in: folder), primaryMetric: nil)
            #expect(log.advance().events.count == 1)
        }
    }

    @Test("The best is the greatest score, or the least of a metric that is better when it is less")
    func best() {
        for (isGreaterBetter, expected) in [(true, 2), (false, 1)] {
            var chronicle = ExperimentChronicle(metric: nil)
            chronicle.take(
                .prepared(
                    .init(
                        rows: 1, columns: 1, features: 1, metric: "accuracy", isGreaterBetter: isGreaterBetter,
                        validation: "")))
            for (number, score) in [(0, 0.5), (1, 0.3), (2, 0.7), (3, 0.7)] {
                chronicle.take(Self.ended(number, score))
            }
            #expect(chronicle.best?.trial.number == expected)
            #expect(chronicle.endedTrials == 4)
        }
    }

    @Test("Progress and end are sentences")
    func sentences() {
        var chronicle = ExperimentChronicle(metric: "accuracy")
        chronicle.take(.progress(0.129, best: nil))
        #expect(chronicle.progress == "12 % done, 0 trials so far.")
        chronicle.take(Self.ended(0, 0.91234567))
        #expect(chronicle.progress == "12 % done, 1 trial, best accuracy 0.9123 (LightGBM, trial 0).")
        chronicle.take(.ended(.init(best: 0, reason: "The time is up.")))
        #expect(chronicle.summary == "Best of 1 trial: accuracy 0.9123 (LightGBM, trial 0). The time is up.")
    }
}
