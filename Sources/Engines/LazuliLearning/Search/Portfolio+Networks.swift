import LazuliResources

/// The networks of the portfolio. Their sizes were found on public tables (Documentation/AutoML.md).
extension Portfolio {
    var usualNetwork: Candidate {
        network(.layered, isClassification && rows > 20_000 ? [128, 64] : [256, 128], ["dropout": dropout])
    }

    /// Of another kind than the usual one, so that both together are better than each.
    var normalizedNetwork: Candidate {
        network(.layered, [256, 128], ["dropout": isClassification ? 0.2 : 0.1, "normalizes": true])
    }

    /// For readings of one unit: a wide network that may lean on none of them, or a smaller one where time is short.
    var readingNetwork: Candidate {
        let parameters: JSON = ["normalizes": true, "pieces": false], wide = [512, 256]
        return networkSeconds(.common, wide) <= mostNetworkSeconds
            ? network(.common, wide, parameters.joined(["dropout": 0.4, "inputDropout": 0.2]))
            : network(.common, [256, 128], parameters.joined(["dropout": 0.2, "inputDropout": 0.1]))
    }

    /// Classes only become less sure by what is left out, values become wrong.
    private var dropout: JSON { isClassification ? 0.2 : rows < 5_000 ? 0.1 : 0.05 }

    private func network(_ view: FeatureView, _ hidden: [Int], _ parameters: JSON) -> Candidate {
        Candidate(
            .neuralNetwork, view,
            parameters.joined(["hidden": .array(hidden.map { JSON($0) }), "epochs": JSON(epochs(view))]),
            mostSeconds: mostNetworkSeconds,
            likelySeconds: min(mostNetworkSeconds, networkSeconds(view, hidden)))
    }

    private func epochs(_ view: FeatureView) -> Int {
        rows < 3_000 ? 80 : rows < 12_000 ? (view == .common ? 40 : 60) : rows < 30_000 ? 36 : 24
    }

    private var mostNetworkSeconds: Double { pace.isSlow ? 2 * foldSeconds : foldSeconds }

    /// What all epochs would take.
    private func networkSeconds(_ view: FeatureView, _ hidden: [Int]) -> Double {
        let inputs = columns * (view == .common ? 1 : columns > Self.manyColumns ? 2 : Self.inputsPerColumn)
        let weights = zip([inputs] + hidden, hidden + [task.width]).reduce(0) { $0 + $1.0 * $1.1 }
        return Double(weights * rows * epochs(view)) * Self.secondsPerWeight
    }

    /// A feature and, of most, some pieces of its range; fewer where there are many features.
    private static let inputsPerColumn = 4
    private static let manyColumns = 60
    /// For each row of each epoch, measured on one processor.
    private static let secondsPerWeight = 0.15e-9
}
