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

    /// What Azure calls the scaler before a model; trees have none.
    package var preprocessor: String {
        switch view.scaling {
        case .none: ""
        case .standard, .numbers: "StandardScaleWrapper"
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
