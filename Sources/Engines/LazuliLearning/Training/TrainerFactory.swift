package import LazuliResources

/// Where the libraries of the boosters, and the reader of Parquet files, lie; nil for one that is not installed.
package struct NativeLibraryFiles: Sendable, Equatable {
    package var lightGBM: String?
    package var xgboost: String?
    package var duckdb: String?

    package init(lightGBM: String?, xgboost: String?, duckdb: String? = nil) {
        self.lightGBM = lightGBM
        self.xgboost = xgboost
        self.duckdb = duckdb
    }

    package init(_ json: JSON) {
        self.init(
            lightGBM: json["lightgbm"].string, xgboost: json["xgboost"].string, duckdb: json["duckdb"].string)
    }
}

/// Finds the trainer of a candidate. Libraries are opened when they are first needed.
final class TrainerFactory {
    private let libraries: NativeLibraryFiles
    private var lightGBM: LightGBMLibrary?
    private var xgboost: XGBoostLibrary?

    init(libraries: NativeLibraryFiles) { self.libraries = libraries }

    func fit(
        _ order: TrainingOrder, _ data: BoostingData, _ isOver: () -> Bool
    ) throws(LearningFault) -> BoostedModel {
        let candidate = order.candidate
        var parameters = candidate.parameters
        if let rounds = order.rounds { parameters["rounds"] = JSON(rounds) }
        guard let algorithm = Algorithm(named: candidate.algorithm) else {
            throw LearningFault("There is no trainer for \(candidate.algorithm).")
        }
        switch algorithm.library {
        case .lightGBM:
            return try LightGBMTrainer(parameters, seed: order.seed, library: openLightGBM())
                .fit(data, isOver: isOver)
        case .xgboost:
            return try XGBoostTrainer(parameters, seed: order.seed, library: openXGBoost()).fit(data, isOver: isOver)
        case nil: return try fit(trainer(algorithm, order, data.task), data, isOver)
        }
    }

    private func fit(
        _ trainer: any Trainer, _ data: BoostingData, _ isOver: () -> Bool
    ) throws(LearningFault) -> BoostedModel {
        let form = try trainer.fit(data.training, validation: data.validation, task: data.task, isOver: isOver)
        return BoostedModel(form: form, validation: data.validation.map { form.predict($0.features) }, rounds: 1)
    }

    /// The candidate's parameters have the names of the trainers' own.
    private func trainer(
        _ algorithm: Algorithm, _ order: TrainingOrder, _ task: LearningTask
    ) throws(LearningFault) -> any Trainer {
        let parameters = order.candidate.parameters, seed = order.seed
        let alpha = parameters["alpha"].number
        switch algorithm {
        case .logisticRegression:
            return overPieces(LogisticRegression(c: parameters["c"].number ?? 1), parameters)
        case .linearSVM: return LinearSVM(c: parameters["c"].number ?? 1, seed: seed)
        case .stochasticGradient: return StochasticGradient(alpha: alpha ?? 1e-4, seed: seed)
        case .elasticNet:
            return overPieces(
                ElasticNet(alpha: alpha ?? 1, l1Ratio: parameters["l1Ratio"].number ?? 0.5), parameters)
        case .lassoLars: return LassoLars(alpha: alpha ?? 1)
        case .bernoulliNaiveBayes: return BernoulliNaiveBayes(alpha: alpha ?? 1)
        case .multinomialNaiveBayes: return MultinomialNaiveBayes(alpha: alpha ?? 1)
        case .nearestNeighbours:
            return NearestNeighbours(
                neighbours: parameters["neighbours"].integer ?? 5,
                weighsByDistance: parameters["weighsByDistance"].bool ?? false, seed: seed)
        case .decisionTree:
            return DecisionTree(
                maxDepth: parameters["maxDepth"].integer,
                minSamplesLeaf: parameters["minSamplesLeaf"].integer ?? 1, seed: seed)
        case .randomForest:
            return RandomForest(
                trees: parameters["trees"].integer ?? 100,
                minSamplesLeaf: parameters["minSamplesLeaf"].integer ?? 1,
                maxFeatures: parameters["maxFeatures"].number, seed: seed)
        case .extremeRandomTrees:
            return ExtremeRandomTrees(
                trees: parameters["trees"].integer ?? 100,
                minSamplesLeaf: parameters["minSamplesLeaf"].integer ?? 1,
                maxFeatures: parameters["maxFeatures"].number, seed: seed)
        case .neuralNetwork:
            return NeuralNetwork(
                hidden: (parameters["hidden"].array ?? []).compactMap(\.integer),
                dropout: parameters["dropout"].number ?? 0, inputDropout: parameters["inputDropout"].number ?? 0,
                normalizes: parameters["normalizes"].bool ?? false, hasPieces: parameters["pieces"].bool ?? true,
                epochs: parameters["epochs"].integer ?? 20, seconds: order.secondsToTrain, seed: seed)
        case .supportVectorMachine, .lightGBM, .gradientBoosting, .xgboostClassifier, .xgboostRegressor:
            throw LearningFault("There is no trainer for \(algorithm.rawValue).")
        }
    }

    private func overPieces(_ trainer: any Trainer, _ parameters: JSON) -> any Trainer {
        parameters["pieces"].bool ?? false ? PieceTrainer(trainer: trainer) : trainer
    }

    private func openLightGBM() throws(LearningFault) -> LightGBMLibrary {
        if let lightGBM { return lightGBM }
        guard let file = libraries.lightGBM else { throw Self.missing("lightgbm") }
        let opened = try LightGBMLibrary(file: file)
        lightGBM = opened
        return opened
    }

    private func openXGBoost() throws(LearningFault) -> XGBoostLibrary {
        if let xgboost { return xgboost }
        guard let file = libraries.xgboost else { throw Self.missing("xgboost") }
        let opened = try XGBoostLibrary(file: file)
        xgboost = opened
        return opened
    }

    private static func missing(_ name: String) -> LearningFault {
        LearningFault("The \(name) library is not installed. Install it with: lazuli native install \(name)")
    }
}
