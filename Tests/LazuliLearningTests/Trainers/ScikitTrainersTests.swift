import LazuliResources
import Testing

@testable import LazuliLearning

@Suite("Trainers learn what scikit-learn learns")
struct ScikitTrainersTests {
    @Test("Logistic regression", arguments: TrainerCase.all("logistic"))
    func logistic(one: TrainerCase) throws {
        let trainer = LogisticRegression(c: one.parameter("c"), maxIterations: 2000, tolerance: 1e-9)
        expectClose(try one.linear(trainer).weights, one.answer("weights"), within: 1e-5)
        let predictions = try one.fit(trainer).predict(one.training.features)
        expectClose(predictions.values, one.answer("probabilities"), within: 1e-6)
    }

    @Test("A linear support vector machine, before calibration", arguments: TrainerCase.all("squaredHinge"))
    func squaredHinge(one: TrainerCase) throws {
        let training = one.training
        var objective = LinearObjective(
            LinearColumns(training.features), targets: training.targets.map { 2 * $0 - 1 }, weights: nil,
            loss: .squaredHinge, outputs: 1, penalty: 1 / (one.parameter("c") * Double(training.targets.count)))
        let start = Array(repeating: 0.0, count: objective.parameterCount)
        let found = LimitedMemoryBFGS(maxIterations: 1000, tolerance: 1e-10).minimize(start, isOver: { false }) {
            objective.evaluate($0, gradient: $1)
        }
        expectClose(found, one.answer("weights"), within: 1e-5)
    }

    @Test(
        "A calibrated machine's probabilities order the rows as its scores do",
        arguments: TrainerCase.all("squaredHinge"))
    func calibrated(one: TrainerCase) throws {
        let model = try one.linear(LinearSVM(c: one.parameter("c"), tolerance: 1e-10))
        let scores = one.answer("weights").dropLast()
        let ratio = model.weights[0] / scores[0]
        #expect(ratio > 0)
        expectClose(model.weights, scores.map { $0 * ratio }, within: 1e-4)
    }

    @Test("The elastic net, over covariances", arguments: TrainerCase.all("elasticNet"))
    func elasticNet(one: TrainerCase) throws {
        let trainer = ElasticNet(
            alpha: one.parameter("alpha"), l1Ratio: one.parameter("l1Ratio"), maxIterations: 10_000, tolerance: 1e-12)
        let model = try one.linear(trainer)
        expectClose(model.weights, one.answer("weights"), within: 1e-5)
        expectClose(model.intercepts, one.answer("intercept"), within: 1e-5)
    }

    @Test("The elastic net, over residuals", arguments: TrainerCase.all("elasticNet"))
    func elasticNetOverResiduals(one: TrainerCase) throws {
        let trainer = ElasticNet(
            alpha: one.parameter("alpha"), l1Ratio: one.parameter("l1Ratio"), maxIterations: 10_000, tolerance: 1e-12)
        let problem = CentredProblem(one.training)
        var weights = Array(repeating: 0.0, count: problem.columns.columnCount)
        trainer.descend(problem, one.training, nil, from: &weights, isOver: { false })
        expectClose(weights, one.answer("weights"), within: 1e-5)
    }

    @Test("The lasso by its path", arguments: TrainerCase.all("lassoLars"))
    func lassoLars(one: TrainerCase) throws {
        let model = try one.linear(LassoLars(alpha: one.parameter("alpha"), tolerance: 1e-12))
        expectClose(model.weights, one.answer("weights"), within: 1e-5)
        expectClose(model.intercepts, one.answer("intercept"), within: 1e-5)
    }

    @Test("Least squares, with and without a penalty", arguments: TrainerCase.all("leastSquares"))
    func leastSquares(one: TrainerCase) throws {
        let model = try one.linear(LinearRegression(alpha: one.parameter("alpha")))
        expectClose(model.weights, one.answer("weights"), within: 1e-8)
        expectClose(model.intercepts, one.answer("intercept"), within: 1e-8)
    }

    @Test("Naive Bayes", arguments: TrainerCase.all("bayes"))
    func bayes(one: TrainerCase) throws {
        let trainer: any Trainer =
            switch one.testDescription {
            case "Bernoulli": BernoulliNaiveBayes(alpha: one.parameter("alpha"))
            case "Multinomial": MultinomialNaiveBayes(alpha: one.parameter("alpha"))
            default: GaussianNaiveBayes(smoothing: one.parameter("smoothing"))
            }
        let model = try trainer.fit(one.training, validation: nil, task: one.task, isOver: { false })
        expectClose(model.predict(one.training.features).values, one.answer("probabilities"), within: 1e-9)
    }

    @Test("Nearest neighbours", arguments: TrainerCase.all("neighbours"))
    func neighbours(one: TrainerCase) throws {
        let trainer = NearestNeighbours(
            neighbours: Int(one.parameter("neighbours")),
            weighsByDistance: one.json["parameters"]["byDistance"].bool ?? false)
        let asked = TrainerCase.matrix(one.json["answers"]["asked"], rows: one.training.targets.count)
        expectClose(try one.fit(trainer).predict(asked).values, one.answer("predictions"), within: 1e-4)
    }

    @Test("A single tree", arguments: TrainerCase.all("trees"))
    func trees(one: TrainerCase) throws {
        let criterion = SplitCriterion(rawValue: one.json["parameters"]["criterion"].string ?? "") ?? .gini
        let trainer = DecisionTree(
            criterion: criterion, maxDepth: Int(one.parameter("maxDepth")),
            minSamplesLeaf: Int(one.parameter("minSamplesLeaf")))
        let predictions = try one.fit(trainer).predict(one.training.features)
        expectClose(predictions.values, one.answer("predictions"), within: 1e-6)
    }

    @Test("Forests are as good, within four hundredths", arguments: TrainerCase.all("forests"))
    func forests(one: TrainerCase) throws {
        let known = Int(one.parameter("trained"))
        let (learned, asked) = (
            one.training.rows(Array(0..<known)), one.training.rows(Array(known..<one.training.targets.count))
        )
        let share: Double? = one.task == .regression ? 1 : nil
        let trainers: [(String, any Trainer)] = [
            ("RandomForest", RandomForest(maxFeatures: share)), ("ExtraTrees", ExtremeRandomTrees(maxFeatures: share)),
        ]
        for (name, trainer) in trainers {
            let model = try trainer.fit(learned, validation: nil, task: one.task, isOver: { false })
            let predictions = model.predict(asked.features)
            let score =
                one.task == .regression
                ? RegressionMetrics(truth: asked.targets, predictions: predictions)[.r2]
                : ClassificationMetrics(truth: asked.targets.map { Int($0) }, predictions: predictions)[.accuracy]
            #expect((score ?? 0) > one.answer(name)[0] - 0.04, "\(name)")
        }
    }
}
