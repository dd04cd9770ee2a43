package import LazuliTrees

/// A trained model as plain values: it can be asked, written down, and exported as a part of an ONNX graph.
package enum ModelForm: Sendable, Equatable {
    /// Trees over the features as they are, with missing values.
    case trees(TreeModel, Link)
    /// A weighted sum of the features, none of which is missing.
    case linear(LinearModel)
    /// Layers over the features and the pieces of their ranges.
    case layered(LayeredModel)
    /// A vote of the nearest training rows.
    case neighbours(NeighbourModel)
}

/// How a model's raw outputs become a prediction.
package enum Link: String, Sendable, Equatable {
    /// They are the prediction: a value, or probabilities.
    case identity
    /// One raw output: the probability of class 1 is its logistic function, that of class 0 the rest.
    case logistic
    /// One raw output per class: their softmax.
    case softmax
    /// One raw output per class: the logistic function of each, divided by their sum (one against the rest).
    case oneVersusRest
    /// One raw output: its exponential (Poisson, Gamma and Tweedie regression).
    case exponential
}

/// Source of the names: scikit-learn's `coef_` and `intercept_`.
package struct LinearModel: Sendable, Equatable {
    /// How each feature is prepared first; nil leaves them as they are.
    package var preparation: Preparation
    /// `outputs` × features numbers, output after output.
    package var weights: [Double]
    package var intercepts: [Double]
    package var link: Link

    package enum Preparation: String, Sendable, Equatable {
        case none
        /// 1 where a feature is above 0, else 0 (Bernoulli naive Bayes).
        case binary
        /// The features, followed by their squares (Gaussian naive Bayes).
        case withSquares
    }

    package init(
        preparation: Preparation = .none, weights: [Double], intercepts: [Double], link: Link
    ) {
        self.preparation = preparation
        self.weights = weights
        self.intercepts = intercepts
        self.link = link
    }

    package var outputs: Int { intercepts.count }
}

/// The rows that a nearest-neighbour model remembers.
package struct NeighbourModel: Sendable, Equatable {
    /// Row-major, `rows.count / features` rows.
    package var rows: [Float]
    package var features: Int
    /// Per remembered row the number of its class, or its value.
    package var targets: [Double]
    package var neighbours: Int
    /// Whether nearer rows count more, by 1 / distance.
    package var weighsByDistance: Bool
    package var task: LearningTask

    package init(
        rows: [Float], features: Int, targets: [Double], neighbours: Int, weighsByDistance: Bool, task: LearningTask
    ) {
        self.rows = rows
        self.features = features
        self.targets = targets
        self.neighbours = neighbours
        self.weighsByDistance = weighsByDistance
        self.task = task
    }
}
