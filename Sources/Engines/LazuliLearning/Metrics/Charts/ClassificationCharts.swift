package import LazuliResources

/// What Azure's studio draws of a classifier: how its probabilities met the truth.
///
/// Rows count alike here, whatever their weights.
package struct ClassificationCharts: Sendable {
    private let truth: [Int]
    private let predictions: Predictions
    private let labels: [String]
    /// Per class what each distinct probability, as a threshold, lets through, from the highest on.
    private let steps: [[ThresholdSweep.Step]]

    /// - Parameter labels: a name per class.
    package init(truth: [Int], predictions: Predictions, labels: [String]) {
        precondition(truth.count == predictions.rowCount && labels.count == predictions.width)
        self.truth = truth
        self.predictions = predictions
        self.labels = labels
        var ranking = Ranking()
        steps = labels.indices.map { one in
            var steps: [ThresholdSweep.Step] = []
            let score = { predictions[$0, one] }
            ranking.withRows(count: truth.count, score: score) { rows in
                ThresholdSweep.forEachStep(
                    rows, score: score, weight: { _ in 1 }, isPositive: { truth[$0] == one }
                ) { steps.append($0) }
            }
            return steps
        }
    }

    private func positives(_ one: Int) -> Double { steps[one].last?.truePositives ?? 0 }
    private func negatives(_ one: Int) -> Double { steps[one].last?.falsePositives ?? 0 }

    private var classesWithCurve: [Int] { labels.indices.filter { positives($0) > 0 && negatives($0) > 0 } }

    /// A curve per class, made of what each threshold lets through.
    private func curves(
        from origin: (Double, Double)?, _ point: (_ step: ThresholdSweep.Step, _ one: Int) -> (Double, Double)
    ) -> [Curve] {
        classesWithCurve.map { one in
            var curve = Curve(name: labels[one])
            if let origin { curve.append(origin.0, origin.1) }
            for step in steps[one] {
                let (x, y) = point(step, one)
                curve.append(x, y)
            }
            return curve.thinned()
        }
    }

    private func share(_ step: ThresholdSweep.Step) -> Double {
        (step.truePositives + step.falsePositives) / Double(truth.count)
    }

    /// False positive rate → true positive rate.
    package var receiverOperatingCharacteristic: [Curve] {
        curves(from: (0, 0)) { ($0.falsePositives / negatives($1), $0.truePositives / positives($1)) }
    }

    /// Recall → precision.
    package var precisionRecall: [Curve] {
        curves(from: (0, 1)) {
            ($0.truePositives / positives($1), $0.truePositives / ($0.truePositives + $0.falsePositives))
        }
    }

    /// Share of rows, the likeliest first → share of the class's rows among them.
    package var cumulativeGains: [Curve] {
        curves(from: (0, 0)) { (share($0), $0.truePositives / positives($1)) }
    }

    /// Share of rows, the likeliest first → how many times more of the class is among them than chance gives.
    package var lift: [Curve] {
        curves(from: nil) { (share($0), $0.truePositives / positives($1) / share($0)) }
    }

    /// Mean probability given → share of rows that are of the class, in ten equal intervals of probability.
    package var calibration: [Curve] {
        labels.indices.map { one in
            var (sums, hits, counts) = (Self.tenZeros, Self.tenZeros, Self.tenZeros)
            for row in truth.indices {
                let bin = min(9, max(0, Int(predictions[row, one] * 10)))
                sums[bin] += predictions[row, one]
                hits[bin] += truth[row] == one ? 1 : 0
                counts[bin] += 1
            }
            var curve = Curve(name: labels[one])
            for bin in counts.indices where counts[bin] > 0 {
                curve.append(sums[bin] / counts[bin], hits[bin] / counts[bin])
            }
            return curve
        }
    }

    private static let tenZeros = Array(repeating: 0.0, count: 10)

    /// Azure's `confusion_matrix` artifact: rows are the true classes.
    package var confusionMatrix: JSON {
        let matrix = predictions.values.withUnsafeBufferPointer {
            ConfusionMatrix(truth: truth, predictions: $0, classes: labels.count, weights: nil)
        }
        let rows = labels.indices.map { truth in JSON.array(labels.indices.map { JSON(Int(matrix[truth, $0])) }) }
        return ChartDocument.json("confusion_matrix", ["class_labels": classLabels, "matrix": .array(rows)])
    }

    private var classLabels: JSON { .array(labels.map(JSON.string)) }
}

extension ClassificationCharts {
    private static let thresholds = (0...100).map { Double($0) / 100 }

    /// Azure's `accuracy_table` artifact, from which its studio draws all curves: per class and threshold the counts
    /// of true positives, false positives, true negatives and false negatives. Thresholds are probabilities, and the
    /// percentiles of those that the class was given.
    package var accuracyTable: JSON {
        let byProbability = labels.indices.map { one in counts(one, Self.thresholds) }
        let byPercentile = labels.indices.map { one in counts(one, percentiles(of: one)) }
        return ChartDocument.json(
            "accuracy_table",
            [
                "class_labels": classLabels,
                "probability_tables": .array(byProbability),
                "percentile_tables": .array(byPercentile),
                "probability_thresholds": .array(Self.thresholds.map(JSON.number)),
                "percentile_thresholds": .array(Self.thresholds.map(JSON.number)),
            ])
    }

    /// What scores at least as high as each of the rising thresholds counts as positive.
    private func counts(_ one: Int, _ thresholds: [Double]) -> JSON {
        var rows: [JSON] = []
        var place = 0
        var reached = (truePositives: 0.0, falsePositives: 0.0)
        for threshold in thresholds.reversed() {
            while place < steps[one].count, steps[one][place].threshold >= threshold {
                reached = (steps[one][place].truePositives, steps[one][place].falsePositives)
                place += 1
            }
            let (missed, spared) = (positives(one) - reached.truePositives, negatives(one) - reached.falsePositives)
            rows.append(
                .array([reached.truePositives, reached.falsePositives, spared, missed].map { JSON(Int($0)) }))
        }
        return .array(rows.reversed())
    }

    private func percentiles(of one: Int) -> [Double] {
        guard !truth.isEmpty else { return Self.thresholds }
        let sorted = truth.indices.map { predictions[$0, one] }.sorted()
        return Self.thresholds.map { sorted[Int($0 * Double(sorted.count - 1))] }
    }
}

extension ClassificationCharts {
    /// Every chart under the name of its artifact.
    package var all: [(name: String, document: JSON)] {
        [
            ("accuracy_table", accuracyTable),
            ("confusion_matrix", confusionMatrix),
            averaged("roc_curve", receiverOperatingCharacteristic),
            averaged("precision_recall_curve", precisionRecall),
            ("calibration_curve", ChartDocument.json("calibration_curve", calibration)),
            averaged("cumulative_gains_curve", cumulativeGains),
            averaged("lift_curve", lift),
        ]
    }

    /// - Parameter curves: those of `classesWithCurve`.
    private func averaged(_ name: String, _ curves: [Curve]) -> (name: String, document: JSON) {
        let rows = classesWithCurve.map(positives)
        let averages = [
            Curve.mean("weighted average", of: curves, weights: rows),
            Curve.mean("macro average", of: curves, weights: rows.map { _ in 1 }),
        ]
        return (name, ChartDocument.json(name, curves, averages: averages.filter { !$0.x.isEmpty }))
    }
}
