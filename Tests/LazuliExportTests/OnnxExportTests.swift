import Foundation
import LazuliTrees
import Testing

@testable import LazuliLearning

@Suite("Exporting a model as one graph")
struct OnnxExportTests {
    @Test("leaves columns out that no model looks at")
    func inputs() throws {
        let (model, _) = SampleModels.named("booster")
        let export = try OnnxExport(model)
        #expect(!export.inputs.map(\.name).contains("unused"))
        #expect(export.inputs.allSatisfy { input in model.members.contains { $0.features.reads(input.name) } })
    }

    @Test("gives an output another name than a column has")
    func names() throws {
        let (model, _) = SampleModels.named("booster")
        #expect(
            try OnnxExport(model).outputs == [.label(name: "predicted_label"), .probabilities(name: "probabilities")])
    }

    @Test("refuses a step over a column that is not listed")
    func unknownColumn() {
        var (model, _) = SampleModels.named("regression")
        model.columns.removeFirst()
        let fault = #expect(throws: LearningFault.self) { try OnnxExport(model) }
        #expect(fault?.description.contains("\"age\"") ?? false)
    }

    @Test("takes less than 30 bytes a node, so that 300,000 nodes stay below 10 MB")
    func size() throws {
        var samples = SampleModels(rows: 200, classes: 0)
        let features = samples.fitted(.trees)
        let small = samples.trees(features, link: .identity, outputs: 1, count: 10, leaves: 31)
        let large = samples.trees(features, link: .identity, outputs: 1, count: 510, leaves: 31)
        let difference =
            try OnnxExport(samples.model([large])).bytes.count - OnnxExport(samples.model([small])).bytes.count
        #expect(difference < 500 * 61 * 30)
    }
}

extension FittedFeatures {
    fileprivate func reads(_ column: String) -> Bool { steps.contains { $0.column == column } }
}
