package import LazuliResources

/// Where the libraries of the boosters lie; nil for one that is not installed.
package struct NativeLibraryFiles: Sendable, Equatable {
    package var lightGBM: String?
    package var xgboost: String?

    package init(lightGBM: String?, xgboost: String?) {
        self.lightGBM = lightGBM
        self.xgboost = xgboost
    }

    package var json: JSON { ["lightgbm": JSON(lightGBM), "xgboost": JSON(xgboost)] }

    package init(_ json: JSON) {
        self.init(lightGBM: json["lightgbm"].string, xgboost: json["xgboost"].string)
    }
}

/// Finds the trainer of a candidate. Libraries are opened when they are first needed.
final class TrainerFactory {
    private let libraries: NativeLibraryFiles
    private var lightGBM: LightGBMLibrary?
    private var xgboost: XGBoostLibrary?

    init(libraries: NativeLibraryFiles) { self.libraries = libraries }

    func fit(_ order: TrainingOrder, _ data: BoostingData, _ isOver: () -> Bool) throws(LearningFault) -> BoostedModel {
        let candidate = order.candidate
        var parameters = candidate.parameters
        if let rounds = order.rounds { parameters["rounds"] = JSON(rounds) }
        switch candidate.algorithm {
        case "LightGBM", "GradientBoosting":
            return try LightGBMTrainer(parameters, seed: order.seed, library: openLightGBM())
                .fit(data, isOver: isOver)
        case "XGBoostClassifier", "XGBoostRegressor":
            return try XGBoostTrainer(parameters, seed: order.seed, library: openXGBoost()).fit(data, isOver: isOver)
        default:
            throw LearningFault("There is no trainer for \(candidate.algorithm).")
        }
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
