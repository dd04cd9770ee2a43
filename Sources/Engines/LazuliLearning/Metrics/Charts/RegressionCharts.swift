import Foundation
package import LazuliResources

/// What Azure's studio draws of a regressor: how its values met the truth.
package struct RegressionCharts: Sendable {
    private let truth: [Double]
    private let predicted: [Double]

    package init(truth: [Double], predictions: Predictions) {
        precondition(predictions.width == 1 && truth.count == predictions.rowCount)
        self.truth = truth
        predicted = predictions.values
    }

    /// Every chart under the name of its artifact.
    package var all: [(name: String, document: JSON)] {
        [("residuals", residuals), ("predicted_true", predictedTrue)]
    }

    /// Azure's `residuals` artifact: a histogram of predicted minus true. The outer bins hold all beyond two standard
    /// deviations, so that one outlier does not flatten the rest.
    package var residuals: JSON {
        let residuals = zip(predicted, truth).map { $0 - $1 }
        let (mean, deviation) = Self.moments(residuals)
        let bound = max(2 * deviation, Double.leastNormalMagnitude)
        let inner = (0...20).map { mean - bound + bound * Double($0) / 10 }
        var edges = inner
        if let least = residuals.min(), least < inner[0] { edges.insert(least, at: 0) }
        if let most = residuals.max(), most > inner[20] { edges.append(most) }
        return ChartDocument.json(
            "residuals",
            [
                "bin_edges": .array(edges.map(JSON.number)),
                "bin_counts": .array(Self.counts(residuals, edges).map { JSON($0) }),
                "mean": .number(mean), "stddev": .number(deviation), "res_count": JSON(residuals.count),
            ])
    }

    /// Azure's `predictions` artifact: mean and deviation of what was predicted, by intervals of the true value.
    package var predictedTrue: JSON {
        let range = RegressionMetrics.range(of: truth) ?? 0...0
        let bins = max(1, min(100, Int(Double(truth.count).squareRoot())))
        let step = (range.upperBound - range.lowerBound) / Double(bins)
        let edges = (0...bins).map { range.lowerBound + step * Double($0) }
        var groups = Array(repeating: [Double](), count: bins)
        for row in truth.indices { groups[Self.bin(truth[row], edges)].append(predicted[row]) }
        let moments = groups.map(Self.moments)
        return ChartDocument.json(
            "predictions",
            [
                "bin_averages": .array(moments.map { .number($0.mean) }),
                "bin_errors": .array(moments.map { .number($0.deviation) }),
                "bin_counts": .array(groups.map { JSON($0.count) }),
                "bin_edges": .array(edges.map(JSON.number)),
            ])
    }

    private static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
        var counts = Array(repeating: 0, count: edges.count - 1)
        for value in values { counts[bin(value, edges)] += 1 }
        return counts
    }

    /// The last bin that begins at or below the value.
    private static func bin(_ value: Double, _ edges: [Double]) -> Int {
        var (low, high) = (0, edges.count - 2)
        while low < high {
            let middle = (low + high + 1) / 2
            if edges[middle] <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        guard !values.isEmpty else { return (0, 0) }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, variance.squareRoot())
    }
}
