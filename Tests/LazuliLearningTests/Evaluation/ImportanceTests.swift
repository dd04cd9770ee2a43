import LazuliResources
import LazuliTabular
import LazuliTrees
import Testing

@testable import LazuliLearning

/// Models over a table whose target depends on the column `much`, a little on `some`, and not on `none`.
private struct MadeExperiment {
    let preparation: TablePreparation
    let features: FittedFeatures
    let training: TrainingSet
    let rows = 400

    init(classes: Int) throws(LearningFault) {
        var random = RandomNumbers(seed: 5)
        let rows = rows
        func numbers() -> [Double] { (0..<rows).map { _ in random.unit() } }
        let much = numbers(), none = numbers(), words = (0..<rows).map { Int32($0 % 3) }
        let target = (0..<rows).map { row in
            let value = 3 * much[row] + (words[row] == 0 ? 0.8 : 0)
            return classes == 0 ? 1_000 * value : (value / 3.8 * Double(classes)).rounded(.down)
        }
        let settings = ExperimentSettings(
            task: classes == 0 ? .regression : .classification, target: "y", data: .init(training: "t.csv"))
        preparation = try TablePreparation(
            Table(
                columns: [
                    Column(name: "much", kind: .real, values: .numbers(much)),
                    Column(
                        name: "some", kind: .category,
                        values: .labels(LabelValues(codes: words, texts: ["a", "b", "c"]))),
                    Column(name: "none", kind: .real, values: .numbers(none)),
                    Column(name: "y", kind: classes == 0 ? .real : .integer, values: .numbers(target)),
                ], rowCount: rows), settings)
        let fitted = FeatureFitting(preparation.table, view: .trees, rows: Array(0..<rows)).fitted()
        features = fitted.features
        training = TrainingSet(features: fitted.training, targets: preparation.table.targets)
    }

    func form(_ trainer: some Trainer) throws(LearningFault) -> ModelForm {
        try trainer.fit(training, validation: nil, task: preparation.table.task, isOver: { false })
    }

    /// Trees whose sums are made probabilities: for each class how likely one forest finds it.
    func boosted() throws(LearningFault) -> ModelForm {
        guard case .trees(var trees, _) = try form(RandomForest(trees: 5, maxDepth: 5, minSamplesLeaf: 5)) else {
            throw LearningFault("No trees.")
        }
        let isLogistic = trees.width == 2
        trees.leaves = trees.leaves.map { 8 * $0 - 0.5 }
        guard isLogistic else { return .trees(trees, .softmax) }
        var single = TreeModel(width: 1)
        single.nodes = trees.nodes
        single.covers = trees.covers
        single.trees = trees.trees
        for place in single.nodes.indices where single.nodes[place].isLeaf { single.nodes[place].left /= 2 }
        single.leaves = trees.leaves.indices.filter { $0 % 2 == 1 }.map { trees.leaves[$0] }
        return .trees(single, .logistic)
    }

    func model(_ forms: [(ModelForm, Double)]) -> FinalModel {
        FinalModel(
            members: forms.map { .init(features: features, form: $0, weight: $1, name: "") },
            target: preparation.target, columns: preparation.columns)
    }

    func result(_ model: FinalModel) -> Experiment.Result {
        Experiment.Result(
            model: model, preparation: preparation,
            folds: Folds(.folds(3), of: preparation.table.targets, task: preparation.table.task, seed: 1),
            validation: [], bestTrial: 0, bestName: "")
    }
}

@Suite("What columns are worth")
struct ImportanceTests {
    @Test("Columns' values add up to the prediction minus that of an unknown row", arguments: [0, 2, 4])
    func addsUp(classes: Int) throws {
        let made = try MadeExperiment(classes: classes)
        var forms = [(try made.form(RandomForest(trees: 7, minSamplesLeaf: 3)), 0.4)]
        forms.append((classes == 0 ? try made.form(DecisionTree()) : try made.boosted(), 0.6))
        let model = made.model(forms)
        let attribution = try #require(FinalAttribution(model))
        let table = made.preparation.table, predictions = model.predictions(of: table)
        let rows = attribution.rows(of: table), walk = attribution.makeWalk(), width = attribution.width
        func unknown(_ row: Int) -> [Double] {
            let values = walk.values(of: row, in: rows)
            return (0..<width).map { output in
                predictions[row, output]
                    - attribution.columns.indices.reduce(0) { $0 + values[$1 * width + output] }
            }
        }
        let first = unknown(0)
        for row in 1..<60 {
            for (one, other) in zip(first, unknown(row)) { #expect(abs(one - other) < 1e-9 * max(1, abs(one))) }
        }
        if classes > 0 { #expect(abs(first.reduce(0, +) - 1) < 1e-9) }
    }

    @Test("A link with slopes takes parts to exactly the difference of the predictions")
    func slopes() {
        let cases: [(Link, [Double], [Double])] = [
            (.identity, [1, 2], [0, 5]), (.logistic, [0.3], [-4]), (.logistic, [2], [2]), (.exponential, [1], [3]),
            (.softmax, [0, 1, 2], [3, -2, 2]), (.softmax, [0, 0, 0], [900, -900, 0]), (.softmax, [1, 2], [1, 2]),
        ]
        for (link, base, raw) in cases {
            let slopes = LinkSlopes(link, base: base, raw: raw)
            var sums = Array(repeating: 0.0, count: slopes.width)
            let parts = zip(raw, base).map { $0 - $1 }
            slopes.add(parts.map { 0.25 * $0 }[...], times: 1, to: &sums, from: 0)
            slopes.add(parts.map { 0.75 * $0 }[...], times: 1, to: &sums, from: 0)
            let before = link.predictions(of: Predictions(width: base.count, values: base)).values
            let after = link.predictions(of: Predictions(width: raw.count, values: raw)).values
            for place in sums.indices { #expect(abs(after[place] - before[place] - sums[place]) < 1e-12) }
        }
    }

    @Test("Trees are explained by SHAP values, by class too", arguments: [0, 2, 3])
    func shap(classes: Int) throws {
        let made = try MadeExperiment(classes: classes)
        let model = made.model([(try made.form(RandomForest(trees: 20)), 1)])
        let importance = Importance(made.result(model), seconds: 30)
        #expect(importance.method == .shap && importance.rows == made.rows)
        #expect(importance.columns.map(\.name) == ["much", "some", "none"])
        #expect(abs(importance.shares.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        #expect(importance.columns[0].ofClasses.count == classes)
        let first = importance.json["columns"].array?.first
        #expect(importance.json["method"] == "shap" && first?["column"] == "much")
        #expect(first?["classes"].object?.pairs.count ?? 0 == classes)
    }

    @Test("Other models are explained by shuffling columns", arguments: [0, 2])
    func permutation(classes: Int) throws {
        let made = try MadeExperiment(classes: classes)
        let neighbours = ModelForm.neighbours(
            NeighbourModel(
                rows: made.training.features.rowMajor(), features: made.features.width, targets: made.training.targets,
                neighbours: 5, weighsByDistance: false, task: made.preparation.table.task))
        let model = made.model([(try made.form(RandomForest(trees: 5)), 0.5), (neighbours, 0.5)])
        let importance = Importance(made.result(model), seconds: 30)
        #expect(importance.method == .permutation && importance.json["method"] == "permutation")
        #expect(importance.columns.first?.name == "much")
    }

    @Test("Without time, few rows are explained, but some")
    func bounded() throws {
        let made = try MadeExperiment(classes: 0)
        let trees = Importance(made.result(made.model([(try made.form(RandomForest(trees: 5)), 1)])), seconds: 0)
        #expect(trees.rows > 0 && trees.rows < made.rows && trees.columns.count == 3)
        let linear = ModelForm.linear(
            LinearModel(
                weights: Array(repeating: 1, count: made.features.width), intercepts: [0], link: .identity))
        let shuffled = Importance(made.result(made.model([(linear, 1)])), seconds: 0)
        #expect(shuffled.rows == 50 && shuffled.columns.count == 3)
    }

    @Test("A forest's covers are the weights of its rows, and survive being written down")
    func covers() throws {
        let made = try MadeExperiment(classes: 3)
        let form = try made.form(DecisionTree())
        guard case .trees(let trees, _) = form else { throw LearningFault("No trees.") }
        #expect(trees.covers.count == trees.nodes.count && trees.covers[0] == Float(made.rows))
        var writer = ByteWriter()
        form.write(to: &writer)
        var reader = ByteReader(FileBytes(writer.bytes))
        #expect(try ModelForm(from: &reader) == form)
    }
}
