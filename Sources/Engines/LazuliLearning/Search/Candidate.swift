package import LazuliResources

/// An algorithm with its parameters and the features that it is given.
package struct Candidate: Sendable, Equatable {
    /// As on Azure's wire, for instance `LightGBM`.
    package var algorithm: String
    package var view: FeatureView
    /// The algorithm's own names and values.
    package var parameters: JSON

    package init(_ algorithm: String, _ view: FeatureView, _ parameters: JSON) {
        self.algorithm = algorithm
        self.view = view
        self.parameters = parameters
    }

    /// What Azure calls the scaler before a model; trees have none.
    package var preprocessor: String {
        switch view.scaling {
        case .none: ""
        case .standard: "StandardScaleWrapper"
        case .range: "MinMaxScaler"
        }
    }

    package var json: JSON {
        ["algorithm": .string(algorithm), "view": view.json, "parameters": parameters]
    }

    package init(_ json: JSON) {
        self.init(json["algorithm"].string ?? "", FeatureView(json["view"]), json["parameters"])
    }
}
