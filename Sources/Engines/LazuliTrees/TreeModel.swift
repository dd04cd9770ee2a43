/// Additive decision trees over rows of single-precision features: what boosters and forests have in common.
///
/// A row goes left at a node when its feature is at most the node's threshold. Thresholds are single-precision too, so
/// that every engine, ONNX Runtime included, sends a row the same way.
package struct TreeModel: Sendable, Equatable {
    package struct Node: Sendable, Equatable, BitwiseCopyable {
        /// −1 marks a leaf.
        package var feature: Int32
        package var threshold: Float
        /// Where rows go that miss the feature (NaN).
        package var missingGoesLeft: Bool
        /// The child's place in `nodes`; of a leaf, the place of its first value in `leaves`.
        package var left: Int32
        package var right: Int32

        package init(feature: Int32, threshold: Float, missingGoesLeft: Bool, left: Int32, right: Int32) {
            self.feature = feature
            self.threshold = threshold
            self.missingGoesLeft = missingGoesLeft
            self.left = left
            self.right = right
        }

        package static func leaf(_ place: Int) -> Node {
            Node(feature: -1, threshold: 0, missingGoesLeft: false, left: Int32(place), right: -1)
        }
        package var isLeaf: Bool { feature < 0 }
    }

    package struct Tree: Sendable, Equatable, BitwiseCopyable {
        /// The place of the root in `nodes`.
        package var root: Int32
        /// The output that the tree adds to; nil when its leaves hold a value for each output.
        package var output: Int32?

        package init(root: Int32, output: Int32?) {
            self.root = root
            self.output = output
        }
    }

    /// Numbers per row.
    package var width: Int
    /// What each output starts from; `width` numbers.
    package var start: [Double]
    package var trees: [Tree] = []
    package var nodes: [Node] = []
    package var leaves: [Double] = []
    /// Beside `nodes`, what the training rows that came to each weigh, as the trainer counts them (XGBoost: the sum of
    /// their second derivatives). Empty when unknown; predicting does without.
    package var covers: [Float] = []

    package init(width: Int, start: [Double]? = nil) {
        self.width = width
        self.start = start ?? Array(repeating: 0, count: width)
    }
}
