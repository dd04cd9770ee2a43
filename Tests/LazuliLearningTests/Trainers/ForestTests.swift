import LazuliTrees
import Testing

@testable import LazuliLearning

@Suite("Trees and forests")
struct ForestTests {
    private static let two = LearningTask.classification(classes: 2)

    @Test("Bins keep the order of values, and each value is at most its bin's bound")
    func bins() {
        let features = Made.features(rows: 5000, columns: 1)
        let binned = BinnedFeatures(features)
        let bounds = binned.bounds[0]
        #expect(bounds.count > 200 && bounds.count < 255)
        #expect(bounds == bounds.sorted())
        for row in 0..<5000 {
            let (bin, value) = (Int(binned.bins[row]), features[row, 0])
            #expect(bin == bounds.count || value <= bounds[bin])
            #expect(bin == 0 || value > bounds[bin - 1])
        }
    }

    @Test("A bound between two neighbouring numbers parts them")
    func boundsPart() {
        let pairs: [(Float, Float)] = [
            (1, Float(1).nextUp), (-0.5, 0.5), (3e38, Float.infinity), (-Float.infinity, 0),
            (Float.leastNonzeroMagnitude, 3 * Float.leastNonzeroMagnitude),
        ]
        for (lower, upper) in pairs {
            let bound = BinnedFeatures.between(lower, upper)
            #expect(lower <= bound && bound < upper)
        }
    }

    @Test("Rows that miss a value go to the side where they do more good")
    func missing() throws {
        let values: [Float] = [1, 2, 3, 4, .nan, .nan, .nan, 5, 6, 7, 8, .nan]
        let features = FeatureMatrix(rowCount: 12, columnCount: 1, values: values)
        for side in [0.0, 1] {
            let targets = values.map { $0.isNaN ? side : $0 < 4.5 ? 0 : 1 }
            for trainer in [DecisionTree(), DecisionTree(criterion: .entropy)] {
                let model = try trainer.fit(
                    TrainingSet(features: features, targets: targets), validation: nil, task: Self.two,
                    isOver: { false })
                #expect(model.predict(features).values == targets.flatMap { [1 - $0, $0] })
            }
        }
    }

    @Test("Missing values alone can part the rows", arguments: [2, 3])
    func partsByMissing(classes: Int) throws {
        let features = FeatureMatrix(rowCount: 6, columnCount: 1, values: [7, 7, .nan, .nan, 7, .nan])
        let targets = [0.0, 0, 1, 1, 0, 1]
        for trainer in [DecisionTree() as any Trainer, ExtremeRandomTrees(trees: 3)] {
            let task = LearningTask.classification(classes: classes)
            let model = try trainer.fit(
                TrainingSet(features: features, targets: targets), validation: nil, task: task, isOver: { false })
            let predictions = model.predict(features)
            for row in 0..<6 { #expect(abs(predictions[row, Int(targets[row])] - 1) < 1e-9) }
        }
    }

    @Test("No leaf is smaller and no path longer than was asked", arguments: [2, 4])
    func keepsRules(classes: Int) throws {
        let task = LearningTask.classification(classes: classes)
        let training = Made.training(classes == 2 ? task : .classification(classes: 3), rows: 400)
        for trainer in [
            RandomForest(trees: 5, maxDepth: 4, minSamplesLeaf: 7, drawsRows: false) as any Trainer,
            ExtremeRandomTrees(trees: 5, maxDepth: 4, minSamplesLeaf: 7),
        ] {
            let form = try trainer.fit(training, validation: nil, task: task, isOver: { false })
            guard case .trees(let model, _) = form else { return }
            for tree in model.trees {
                var reached: [Int32: Int] = [:]
                for row in 0..<400 {
                    var (place, depth) = (tree.root, 0)
                    while !model.nodes[Int(place)].isLeaf {
                        let node = model.nodes[Int(place)]
                        place = training.features[row, Int(node.feature)] <= node.threshold ? node.left : node.right
                        depth += 1
                    }
                    #expect(depth <= 4)
                    reached[place, default: 0] += 1
                }
                #expect(reached.values.allSatisfy { $0 >= 7 })
            }
        }
    }

    @Test("When time is over midway, the trees that are whole make the forest")
    func stopsMidway() throws {
        let training = Made.training(Self.two, rows: 6000, columns: 4)
        var asked = 0
        let form = try RandomForest(trees: 50).fit(training, validation: nil, task: Self.two) {
            asked += 1
            return asked > 10
        }
        guard case .trees(let model, _) = form else { return }
        #expect(model.trees.count < 50 && !model.trees.isEmpty)
        let predictions = form.predict(training.features)
        #expect((0..<6000).allSatisfy { abs(predictions[$0, 0] + predictions[$0, 1] - 1) < 1e-9 })
    }

    @Test("Another seed grows another forest")
    func seeds() throws {
        let training = Made.training(Self.two)
        let forests = try [1, 2].map {
            try RandomForest(trees: 3, seed: $0).fit(training, validation: nil, task: Self.two, isOver: { false })
        }
        #expect(forests[0] != forests[1])
    }
}
