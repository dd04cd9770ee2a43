package import LazuliResources

/// An algorithm with its parameters and the features that it is given.
package struct Candidate: Sendable, Equatable {
    /// As on Azure's wire, for instance `LightGBM`.
    package var algorithm: String
    package var view: FeatureView
    /// The algorithm's own names and values.
    package var parameters: JSON
    /// What training on one fold may take; nil for what the experiment's time allows.
    package var mostSeconds: Double?
    /// What training on one fold is thought to take before any was tried.
    package var likelySeconds: Double?

    package init(
        _ algorithm: String, _ view: FeatureView, _ parameters: JSON, mostSeconds: Double? = nil,
        likelySeconds: Double? = nil
    ) {
        self.algorithm = algorithm
        self.view = view
        self.parameters = parameters
        self.mostSeconds = mostSeconds
        self.likelySeconds = likelySeconds
    }

    init(
        _ algorithm: Algorithm, _ view: FeatureView, _ parameters: JSON, mostSeconds: Double? = nil,
        likelySeconds: Double? = nil
    ) {
        self.init(
            algorithm.rawValue, view, parameters, mostSeconds: mostSeconds, likelySeconds: likelySeconds)
    }

    // MARK: - What it is

    /// Whether it takes little time, whatever the table is.
    var isQuick: Bool { [.logisticRegression, .elasticNet].contains(Algorithm(named: algorithm)) }

    /// Whether it adds tree after tree, each to what those before it leave.
    var isBooster: Bool {
        [.lightGBM, .xgboostClassifier, .xgboostRegressor].contains(Algorithm(named: algorithm))
    }

    /// What trains it, where that is not our own code.
    var library: BoostingLibrary? { Algorithm(named: algorithm)?.library }

    /// Whether its model is the mean of its folds' models. A network that learns again has no rows to tell it when to stop.
    var keepsFolds: Bool { Algorithm(named: algorithm) == .neuralNetwork }

    /// Whether its trees each give their share of a mean.
    var isForest: Bool { [.randomForest, .extremeRandomTrees].contains(Algorithm(named: algorithm)) }

    /// Whether its model grows with the rows, so that a second one of its kind is not worth its size.
    var isLarge: Bool { isForest || Algorithm(named: algorithm) == .nearestNeighbours }

    /// What Azure calls the scaler before a model; trees have none.
    package var preprocessor: String {
        switch view.scaling {
        case .none: ""
        case .standard, .numbers, .common: "StandardScaleWrapper"
        case .range: "MinMaxScaler"
        }
    }

    package var json: JSON {
        .object(dropping: [
            ("algorithm", .string(algorithm)), ("view", view.json), ("parameters", parameters),
            ("mostSeconds", mostSeconds.map(JSON.number)),
        ])
    }

    package init(_ json: JSON) {
        self.init(
            json["algorithm"].string ?? "", FeatureView(json["view"]), json["parameters"],
            mostSeconds: json["mostSeconds"].number)
    }
}
