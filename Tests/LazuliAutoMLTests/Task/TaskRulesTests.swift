import LazuliPersistence
import LazuliResources
import Testing

@testable import LazuliAutoML

@Suite("What an AutoML job may ask for")
struct TaskRulesTests {
    private static let simple: JSON = [
        "taskType": "Classification", "targetColumnName": "y",
        "trainingData": ["jobInputType": "mltable", "uri": "azureml:bank:1"],
    ]

    /// The problems of a task that is the simple one with changes.
    private func problems(_ changes: JSON, columns: [String]? = nil) -> String {
        do {
            try TaskRules.check(TabularTask(details: Self.simple.overlaid(with: changes)), columns: columns)
            return ""
        } catch let error as ServiceError {
            return ([error.message] + error.details.map(\.message)).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    @Test("A simple task is fine, with and without known columns")
    func simple() {
        #expect(problems([:]) == "")
        #expect(problems([:], columns: ["a", "y"]) == "")
    }

    @Test("A target that the data does not have is named, with the nearest column")
    func missingTarget() {
        let sentence = problems(["targetColumnName": "Diabetc"], columns: ["Age", "Diabetic"])
        #expect(sentence.contains("no column \"Diabetc\""))
        #expect(sentence.contains("Did you mean \"Diabetic\"?"))
        #expect(sentence.contains("Age, Diabetic"))
    }

    @Test("A task without a target is refused")
    func noTarget() { #expect(problems(["targetColumnName": nil]).contains("targetColumnName is missing")) }

    @Test(
        "Tasks that are not run say so in one sentence",
        arguments: ["Forecasting", "TextClassification", "TextNER", "ImageObjectDetection"])
    func notRun(task: String) {
        let sentence = problems(["taskType": .string(task)])
        #expect(sentence.contains("the task \(task) are not run by this version"))
        #expect(!sentence.contains("\n"))
    }

    @Test(
        "What contradicts itself is refused",
        arguments: [
            (
                ["trainingSettings": ["allowedTrainingAlgorithms": ["KNN"], "blockedTrainingAlgorithms": ["KNN"]]],
                "KNN is both allowed and blocked"
            ),
            (
                [
                    "trainingSettings": [
                        "blockedTrainingAlgorithms": .array(ClassificationWords.algorithms.map(JSON.string))
                    ]
                ],
                "Every algorithm is blocked"
            ),
            (["limitSettings": ["timeout": "PT10M", "trialTimeout": "PT20M"]], "longer than the timeout"),
            (["limitSettings": ["maxTrials": 2, "maxConcurrentTrials": 3]], "there are 2 trials at most"),
            (["limitSettings": ["maxTrials": 0]], "maxTrials is 0"),
            (["nCrossValidations": ["mode": "Custom", "value": 1]], "at least 2"),
            (
                ["nCrossValidations": ["mode": "Auto"], "validationData": ["uri": "azureml:v:1"]],
                "validationData and nCrossValidations are both given"
            ),
            (["testData": ["uri": "azureml:v:1"], "testDataSize": 0.1], "testData and testDataSize"),
            (["validationDataSize": 1.5], "between 0 and 1"),
            (["weightColumnName": "y"], "are both \"y\""),
            (["cvSplitColumnNames": ["f"], "nCrossValidations": ["mode": "Auto"]], "cvSplitColumnNames"),
            (["featurizationSettings": ["transformerParams": ["Imputr": []]]], "Did you mean \"Imputer\"?"),
            (
                ["featurizationSettings": ["transformerParams": ["Imputer": [["parameters": ["strategy": "modus"]]]]]],
                "The strategy \"modus\""
            ),
        ] as [(JSON, String)])
    func contradictions(changes: JSON, sentence: String) { #expect(problems(changes).contains(sentence)) }

    @Test("Every problem is told at once")
    func allAtOnce() {
        let sentences = problems(["limitSettings": ["maxTrials": 0], "testDataSize": 2])
        #expect(sentences.contains("maxTrials"))
        #expect(sentences.contains("testDataSize"))
    }

    @Test("What has no effect is said, and what has is not")
    func notices() {
        #expect(TaskNotices.of(TabularTask(details: Self.simple)) == [])
        let asked: JSON = [
            "trainingSettings": ["enableDnnTraining": true], "limitSettings": ["maxNodes": 2, "maxCoresPerTrial": 1],
            "positiveLabel": "yes",
        ]
        #expect(TaskNotices.of(TabularTask(details: Self.simple.overlaid(with: asked))).count == 2)
    }
}
