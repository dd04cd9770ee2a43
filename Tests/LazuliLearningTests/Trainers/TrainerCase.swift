import LazuliResources
import Testing

@testable import LazuliLearning

/// A table of the fixture, with what scikit-learn learned from it.
struct TrainerCase: CustomTestStringConvertible {
    let json: JSON
    var testDescription: String { json["name"].string ?? "" }

    static func all(_ kind: String) -> [TrainerCase] {
        (LearningFixture.trainers[kind].array ?? []).map(TrainerCase.init)
    }

    var training: TrainingSet {
        TrainingSet(
            features: Self.matrix(json["features"], rows: json["rows"].integer ?? 0), targets: json["targets"].numbers,
            weights: json["weights"].numbersIfAny)
    }

    static func matrix(_ json: JSON, rows: Int) -> FeatureMatrix {
        let values = json.numbers.map { Float($0) }
        return FeatureMatrix(rowCount: rows, columnCount: values.count / rows, values: values)
    }

    var task: LearningTask {
        json["parameters"]["classes"].integer.map { .classification(classes: $0) } ?? .regression
    }

    func parameter(_ name: String) -> Double { json["parameters"][name].number ?? .nan }
    func answer(_ name: String) -> [Double] { json["answers"][name].numbers }

    func fit(_ trainer: some Trainer) throws -> ModelForm {
        try trainer.fit(training, validation: nil, task: task, isOver: { false })
    }

    func linear(_ trainer: some Trainer) throws -> LinearModel {
        guard case .linear(let model) = try fit(trainer) else { throw LearningFault("No linear model came of it.") }
        return model
    }
}

func expectClose(_ values: [Double], _ expected: [Double], within tolerance: Double, _ note: Comment? = nil) {
    #expect(values.count == expected.count && !expected.isEmpty, note)
    let farthest = zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(farthest <= tolerance, note)
}
