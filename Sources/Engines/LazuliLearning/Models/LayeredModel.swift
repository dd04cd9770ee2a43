/// Layers of weighted sums over scaled features and the pieces of their ranges; a small neural network, or with a single
/// layer a linear model.
///
/// The first layer's inputs are the features, kept within ±`limit`, and behind them one input per piece. What goes from a
/// layer to the next is cut off at 0 (ReLU).
package struct LayeredModel: Sendable, Equatable {
    /// Scaled features are kept within ±`limit`.
    package static let limit: Float = 5

    /// How far a feature has gone through a part of its range: −½ before the part, ½ behind it.
    ///
    /// Source: Y. Gorishniy et al., "On embeddings for numerical features in tabular deep learning", NeurIPS 2022.
    package struct Pieces: Sendable, Equatable {
        /// Per piece, the feature that it is a part of, its middle, and 1 / its length.
        package var features: [Int32] = []
        package var middles: [Float] = []
        package var factors: [Float] = []

        package var count: Int { features.count }

        package init() {}
    }

    package struct Layer: Sendable, Equatable {
        package var inputs: Int
        package var outputs: Int
        /// `inputs` × `outputs` numbers, input after input.
        package var weights: [Float]
        package var added: [Float]

        package init(inputs: Int, outputs: Int, weights: [Float], added: [Float]) {
            self.inputs = inputs
            self.outputs = outputs
            self.weights = weights
            self.added = added
        }
    }

    package var pieces: Pieces
    package var layers: [Layer]
    package var link: Link

    package init(pieces: Pieces, layers: [Layer], link: Link) {
        self.pieces = pieces
        self.layers = layers
        self.link = link
    }

    package var outputs: Int { layers.last?.outputs ?? 0 }
    /// Numbers that it holds.
    package var size: Int { layers.reduce(0) { $0 + $1.weights.count + $1.added.count } }
}
