import Foundation
import LazuliDomain
import LazuliLearning
import LazuliResources
import Testing

@testable import LazuliAutoML

@Suite("What trials are called and described by")
struct TrialPropertiesTests {
    private let trial = ExperimentEvent.Trial(
        number: 3, algorithm: "LogisticRegression", preprocessor: "StandardScaleWrapper",
        parameters: ["C": 0.5, "penalty": "l2", "classes": ["a", "b"]])

    private var job: RunningJob {
        let folder = URL(fileURLWithPath: "/nowhere")
        return RunningJob(
            name: "job", scope: WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w"),
            submittedBy: Caller(objectID: "u", name: "ada"),
            properties: ["taskDetails": ["taskType": "Classification", "targetColumnName": "y"]], folder: folder,
            artifacts: folder)
    }

    @Test("A trial is named after its job and number, and shown by its pipeline")
    func names() {
        #expect(TrialNames.run(3, of: job) == "job_3")
        #expect(TrialNames.display(trial) == "StandardScaleWrapper, LogisticRegression")
    }

    @Test("Its choices are its params")
    func params() {
        #expect(
            TrialProperties.params(trial) == [
                "algorithm": "LogisticRegression", "preprocessor": "StandardScaleWrapper", "C": "0.5", "penalty": "l2",
                "classes": "[\"a\",\"b\"]",
            ])
    }

    @Test("Equal pipelines have equal ids, others have not")
    func ids() {
        let first = TrialProperties.begun(trial, of: job, metric: "accuracy")
        var other = trial
        other.number = 4
        #expect(TrialProperties.begun(other, of: job, metric: nil)["pipeline_id"] == first["pipeline_id"])
        other.parameters = ["C": 1]
        #expect(TrialProperties.begun(other, of: job, metric: nil)["pipeline_id"] != first["pipeline_id"])
        #expect(first["runTemplate"] == "automl_child")
        #expect(first["primary_metric"] == "accuracy")
    }
}
