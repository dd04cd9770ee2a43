import Foundation
import LazuliTabular
import LazuliTrees

@testable import LazuliLearning

/// Numbers that are the same in every run.
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2 + 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) ^ (state << 31) ^ state
    }
}

/// A table of every kind of column, and models of every kind over it, with made-up weights.
struct SampleModels {
    private var random: FixedRandom
    private(set) var table: PreparedTable
    private(set) var columns: [InputColumn]

    private static let cities = ["Łódź", "Rome", "Oslo", "New York", "Bern", "Lima", "Kyiv", "Quito", "Accra"]
    private static let sentences = [
        "Very good, VERY cheap!", "bad; do not buy", "Good value -- would buy again", "", "Übel und teuer (bad)",
        "cheap cheap cheap", "x", "nothing to say, really",
    ]

    /// - Parameter classes: 0 for a regression.
    init(rows: Int, classes: Int, seed: UInt64 = 1) {
        var random = FixedRandom(seed)
        func label(_ texts: [String], missing: Int32) -> PreparedTable.Values {
            .labels(
                LabelValues(
                    codes: (0..<rows).map { _ in
                        let code = Int32.random(in: -missing..<Int32(texts.count), using: &random)
                        return max(code, -1)
                    }, texts: texts))
        }
        let age = (0..<rows).map { _ in
            Int.random(in: 0..<9, using: &random) == 0 ? Float.nan : Float(Int.random(in: 17...90, using: &random))
        }
        let income = (0..<rows).map { _ in Float(Double.random(in: -1e5...2e6, using: &random)) }
        let when = (0..<rows).map { _ in
            Int.random(in: 0..<9, using: &random) == 0
                ? Double.nan : Double(Int.random(in: -3_000_000_000...4_000_000_000, using: &random))
        }
        let cities = label(Self.cities, missing: 2), member = label(["False", "True"], missing: 1)
        let comment = label(Self.sentences, missing: 1), code = label(["7", "12", "300", "-1"], missing: 1)
        let task: LearningTask = classes == 0 ? .regression : .classification(classes: classes)
        table = PreparedTable(
            columns: [
                .init(name: "age", kind: .integer, role: .number, values: .numbers(SharedArray(age))),
                .init(name: "income", kind: .real, role: .number, values: .numbers(SharedArray(income))),
                .init(name: "city name", kind: .text, role: .category, values: cities),
                .init(name: "member", kind: .boolean, role: .flag, values: member),
                .init(name: "when", kind: .dateTime, role: .dateTime, values: .times(SharedArray(when))),
                .init(name: "label", kind: .text, role: .text, values: comment),
                .init(name: "code", kind: .integer, role: .category, values: code),
            ], rowCount: rows, task: task,
            targets: (0..<rows).map { _ in
                classes == 0
                    ? Double.random(in: -2...2, using: &random) : Double(Int.random(in: 0..<classes, using: &random))
            })
        columns =
            table.columns.map {
                InputColumn(name: $0.name, kind: $0.kind, isUsed: true, mayMiss: $0.name != "income")
            } + [InputColumn(name: "unused", kind: .text, isUsed: false, mayMiss: false)]
        self.random = random
    }

    func fitted(_ view: FeatureView, part: Int = 0) -> FittedFeatures {
        let rows = (0..<table.rowCount).filter { $0 % 3 != part }
        return FeatureFitting(table.filled(columns), view: view, rows: rows).fitted().features
    }

    /// Lets a number and categories stand for missing ones.
    mutating func fill() {
        table.rules.fillings = ["age": .init(.median)]
        let texts = ["city name": "Oslo", "code": "12"]
        for place in columns.indices { columns[place].missingMeans = texts[columns[place].name] }
    }

    private func target(_ classes: [String], integers: Bool = false, booleans: Bool = false) -> TargetDescription {
        switch table.task {
        case .regression:
            TargetDescription(name: "target", task: table.task, shift: 1234.5, scale: 300)
        case .classification:
            TargetDescription(
                name: "target", task: table.task, classes: classes, classesAreIntegers: integers,
                classesAreBooleans: booleans)
        }
    }

    private var classes: [String] { (0..<table.task.width).map { "class \($0)" } }

    // MARK: - Members

    /// Trees that split where the rows' own values lie.
    mutating func trees(
        _ features: FittedFeatures, link: Link, outputs: Int, count: Int, leaves: Int, sharedLeaves: Bool = false
    ) -> FinalModel.Member {
        let matrix = features.features(of: table, rows: Array(0..<table.rowCount))
        var model = TreeModel(width: outputs, start: (0..<outputs).map { Double($0) / 10 - 0.1 })
        for number in 0..<count {
            grow(&model, sharedLeaves ? nil : Int32(number % outputs), leaves, matrix)
        }
        if sharedLeaves, outputs == 2 { model.start = [0.5, 0.5 - 0.2 * Double(count)] }
        return FinalModel.Member(features: features, form: .trees(model, link), weight: 1, name: "LightGBM")
    }

    private mutating func grow(_ model: inout TreeModel, _ output: Int32?, _ leaves: Int, _ matrix: FeatureMatrix) {
        func leaf(_ random: inout FixedRandom) -> TreeModel.Node {
            let place = model.leaves.count
            let first = Double.random(in: 0...0.2, using: &random)
            if output == nil, model.width == 2 {
                // The shares of two classes.
                model.leaves += [first, 0.2 - first]
            } else {
                for _ in 0..<(output == nil ? model.width : 1) {
                    model.leaves.append(.random(in: -0.2...0.2, using: &random))
                }
            }
            return .leaf(place)
        }
        let root = model.nodes.count
        model.nodes.append(leaf(&random))
        var open = [root]
        for _ in 1..<leaves {
            let place = open.remove(at: Int.random(in: 0..<open.count, using: &random))
            let left = model.nodes.count, feature = Int.random(in: 0..<matrix.columnCount, using: &random)
            model.nodes.append(leaf(&random))
            model.nodes.append(leaf(&random))
            let value = matrix[Int.random(in: 0..<matrix.rowCount, using: &random), feature]
            model.nodes[place] = TreeModel.Node(
                feature: Int32(feature), threshold: value.isNaN ? 0.5 : value,
                missingGoesLeft: .random(using: &random), left: Int32(left), right: Int32(left + 1))
            open += [left, left + 1]
        }
        model.trees.append(TreeModel.Tree(root: Int32(root), output: output))
    }

    mutating func linear(
        _ features: FittedFeatures, link: Link, outputs: Int, preparation: LinearModel.Preparation = .none
    ) -> FinalModel.Member {
        let width = features.width * (preparation == .withSquares ? 2 : 1)
        // The raw outputs of naive Bayes are large.
        let most = preparation == .withSquares ? 30 : link == .oneVersusRest ? 15 : 0.3
        let model = LinearModel(
            preparation: preparation,
            weights: (0..<outputs * width).map { _ in .random(in: -most...most, using: &random) },
            intercepts: (0..<outputs).map { _ in .random(in: -1...1, using: &random) }, link: link)
        return FinalModel.Member(features: features, form: .linear(model), weight: 1, name: "LogisticRegression")
    }

    mutating func layered(_ features: FittedFeatures, link: Link, hidden: [Int], outputs: Int) -> FinalModel.Member {
        let pieces = LayeredModel.Pieces(fitting: features.features(of: table, rows: Array(0..<table.rowCount)))
        let widths = [features.width + pieces.count] + hidden + [outputs]
        let layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
            LayeredModel.Layer(
                inputs: inputs, outputs: outputs,
                weights: (0..<inputs * outputs).map { _ in .random(in: -0.2...0.2, using: &random) },
                added: (0..<outputs).map { _ in .random(in: -0.5...0.5, using: &random) })
        }
        let model = LayeredModel(pieces: pieces, layers: layers, link: link)
        return FinalModel.Member(features: features, form: .layered(model), weight: 1, name: "NeuralNetwork")
    }

    func neighbours(_ features: FittedFeatures, count: Int, byDistance: Bool) -> FinalModel.Member {
        let rows = Array(0..<table.rowCount / 2), matrix = features.features(of: table, rows: rows)
        let model = NeighbourModel(
            rows: rows.flatMap { row in (0..<matrix.columnCount).map { matrix[row, $0] } },
            features: matrix.columnCount, targets: rows.map { table.targets[$0] }, neighbours: count,
            weighsByDistance: byDistance, task: table.task)
        return FinalModel.Member(features: features, form: .neighbours(model), weight: 1, name: "KNN")
    }

    func model(
        _ members: [FinalModel.Member], stack: FinalModel.Stack? = nil, classes: [String]? = nil,
        integers: Bool = false, booleans: Bool = false
    ) -> FinalModel {
        var members = members
        let total = Double(members.count * (members.count + 1) / 2)
        for index in members.indices { members[index].weight = Double(index + 1) / total }
        return FinalModel(
            members: members, stack: stack,
            target: target(classes ?? self.classes, integers: integers, booleans: booleans), columns: columns)
    }
}

extension SampleModels {
    static func named(_ name: String) -> (FinalModel, PreparedTable) {
        switch name {
        case "regression":
            var samples = SampleModels(rows: 200, classes: 0)
            let trees = samples.fitted(.trees), other = samples.fitted(.trees, part: 1)
            let members = [
                samples.trees(trees, link: .identity, outputs: 1, count: 60, leaves: 31),
                samples.trees(other, link: .identity, outputs: 1, count: 40, leaves: 90),
                samples.linear(samples.fitted(.dense), link: .identity, outputs: 1),
            ]
            return (samples.model(members), samples.table)
        case "booster":
            var samples = SampleModels(rows: 300, classes: 2)
            let member = samples.trees(samples.fitted(.trees), link: .logistic, outputs: 1, count: 80, leaves: 31)
            return (samples.model([member], classes: ["no", "yes"]), samples.table)
        case "binary ensemble":
            var samples = SampleModels(rows: 200, classes: 2)
            var members: [FinalModel.Member] = []
            for part in 0..<3 {
                let trees = samples.fitted(.trees, part: part), dense = samples.fitted(.dense, part: part)
                members += [
                    samples.trees(trees, link: .logistic, outputs: 1, count: 30, leaves: 31),
                    samples.trees(trees, link: .identity, outputs: 2, count: 1, leaves: 20, sharedLeaves: true),
                    samples.linear(dense, link: .logistic, outputs: 1),
                    samples.linear(dense, link: .softmax, outputs: 2, preparation: .withSquares),
                    samples.linear(dense, link: .softmax, outputs: 2, preparation: .binary),
                ]
            }
            return (samples.model(members, classes: ["0", "1"], integers: true), samples.table)
        case "multiclass":
            var samples = SampleModels(rows: 200, classes: 3)
            let trees = samples.fitted(.trees), dense = samples.fitted(.dense)
            let members = [
                samples.trees(trees, link: .softmax, outputs: 3, count: 30, leaves: 31),
                samples.trees(trees, link: .softmax, outputs: 3, count: 60, leaves: 70),
                samples.trees(dense, link: .softmax, outputs: 3, count: 10, leaves: 31),
                samples.linear(dense, link: .oneVersusRest, outputs: 3),
                samples.linear(dense, link: .softmax, outputs: 3),
            ]
            return (samples.model(members), samples.table)
        case "neighbours":
            var samples = SampleModels(rows: 200, classes: 3)
            let dense = samples.fitted(.dense)
            let members = [
                samples.neighbours(dense, count: 5, byDistance: false),
                samples.neighbours(dense, count: 7, byDistance: true),
                samples.linear(dense, link: .softmax, outputs: 3),
            ]
            return (samples.model(members), samples.table)
        case "layers":
            var samples = SampleModels(rows: 200, classes: 3)
            let features = samples.fitted(.layered), other = samples.fitted(.layered, part: 1)
            var model = samples.model([
                samples.layered(features, link: .softmax, hidden: [40, 24], outputs: 3),
                samples.layered(other, link: .softmax, hidden: [], outputs: 3),
                samples.trees(samples.fitted(.trees), link: .softmax, outputs: 3, count: 30, leaves: 31),
            ])
            model.calibration = PowerCalibration(exponent: 1.2)
            return (model, samples.table)
        case "stack":
            var samples = SampleModels(rows: 200, classes: 2)
            let trees = samples.fitted(.trees), dense = samples.fitted(.dense)
            let members = [
                samples.trees(trees, link: .logistic, outputs: 1, count: 30, leaves: 31),
                samples.trees(samples.fitted(.trees, part: 1), link: .logistic, outputs: 1, count: 30, leaves: 31),
                samples.linear(dense, link: .logistic, outputs: 1),
            ]
            let stack = FinalModel.Stack(
                inputs: [[0, 1], [2]],
                model: LinearModel(weights: [-1.5, 1.5, -0.7, 0.9], intercepts: [0.1], link: .logistic))
            return (samples.model(members, stack: stack, classes: ["False", "True"], booleans: true), samples.table)
        case "filled":
            var samples = SampleModels(rows: 200, classes: 0)
            samples.fill()
            let dense = samples.fitted(.dense)
            let members = [
                samples.trees(samples.fitted(.trees), link: .identity, outputs: 1, count: 30, leaves: 31),
                samples.trees(dense, link: .identity, outputs: 1, count: 20, leaves: 31),
                samples.linear(dense, link: .identity, outputs: 1),
            ]
            return (samples.model(members), samples.table)
        default: fatalError("There is no sample \(name).")
        }
    }

    static let names = [
        "regression", "booster", "binary ensemble", "multiclass", "neighbours", "layers", "stack", "filled",
    ]
}
