import LazuliTabular

/// Looks for what often goes wrong with data. Source of the names: Azure's data guardrails.
struct Guardrails {
    let table: PreparedTable
    let plans: [ColumnPlan]
    let target: TargetDescription
    /// Rows without a target.
    let dropped: Int
    let wishes: FeatureWishes

    var all: [ExperimentEvent.Guardrail] {
        [missingValues, highCardinality, missingTargets, classBalance, leakage, custom].compactMap { $0 }
    }

    private var custom: ExperimentEvent.Guardrail? {
        guard !wishes.unheeded.isEmpty else { return nil }
        return .init(
            name: "Custom featurization", status: .alerted,
            sentence: "These settings have no effect here: \(wishes.unheeded.joined(separator: ", ")).")
    }

    /// What the reading of a table made of it, if anything.
    static func reading(_ notes: [TableNote]) -> [ExperimentEvent.Guardrail] {
        guard !notes.isEmpty else { return [] }
        var sentences = notes.prefix(mostNotes).map { note in
            (note.column.map { "In \"\($0)\": " } ?? "") + note.text
        }
        if notes.count > mostNotes { sentences.append("And \(notes.count - mostNotes) notes more.") }
        return [.init(name: "Reading of the data", status: .done, sentence: sentences.joined(separator: " "))]
    }

    private static let mostNotes = 8

    private static func listed(_ names: [String]) -> String {
        names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > 8 ? "…" : "")
    }

    private var missingValues: ExperimentEvent.Guardrail {
        let missing = plans.filter { $0.missing > 0 }
        let filled = missing.map(\.name).filter { wishes.imputation(of: $0) != nil }
        return .init(
            name: "Missing feature values imputation", status: missing.isEmpty ? .passed : .done,
            sentence: missing.isEmpty
                ? "No values are missing."
                : "Values are missing in \(Self.listed(missing.map(\.name))). Trees take them as they are; for other "
                    + "models numbers are filled by their mean, and a missing category is one of its own."
                    + (filled.isEmpty ? "" : " In \(Self.listed(filled)) they are filled as you asked."))
    }

    private var highCardinality: ExperimentEvent.Guardrail {
        let named = plans.filter { if case .dropped(let reason) = $0.use { reason.contains("rows") } else { false } }
        return .init(
            name: "High cardinality feature detection", status: named.isEmpty ? .passed : .done,
            sentence: named.isEmpty
                ? "No column names its rows."
                : "\(Self.listed(named.map(\.name))) have a value of their own for nearly every row, and were dropped.")
    }

    private var missingTargets: ExperimentEvent.Guardrail? {
        guard dropped > 0 else { return nil }
        return .init(
            name: "Missing target values", status: .done,
            sentence: "\(dropped) rows without a value of \"\(target.name)\" were left out.")
    }

    /// Source: Azure reports classes of which the smallest has at most a fifth of the rows of the largest.
    private var classBalance: ExperimentEvent.Guardrail? {
        guard case .classification(let classes) = target.task else { return nil }
        var counts = Array(repeating: 0, count: classes)
        for value in table.targets { counts[Int(value)] += 1 }
        guard let least = counts.indices.min(by: { counts[$0] < counts[$1] }), let most = counts.max() else {
            return nil
        }
        let isBalanced = counts[least] * 5 > most
        return .init(
            name: "Class balancing detection", status: isBalanced ? .passed : .alerted,
            sentence: isBalanced
                ? "The classes are balanced."
                : "Class \"\(target.classes[least])\" has \(counts[least]) of \(table.rowCount) rows. Accuracy says "
                    + "little here: judge by AUC_weighted or norm_macro_recall.")
    }

    /// A column that alone tells the target is more often a leak than a miracle.
    private var leakage: ExperimentEvent.Guardrail {
        let suspects = table.columns.filter(tellsAll).map(\.name)
        return .init(
            name: "Target leakage detection", status: suspects.isEmpty ? .passed : .alerted,
            sentence: suspects.isEmpty
                ? "No single column tells the target."
                : "\(Self.listed(suspects)) alone tell the target almost exactly. If they are not known at the time of "
                    + "a prediction, drop them.")
    }

    private func tellsAll(_ column: PreparedTable.Column) -> Bool {
        switch (column.values, table.task) {
        case (.numbers(let values), .regression): abs(correlation(values)) > 0.999
        case (.labels(let labels), .classification):
            Self.purity(labels.codes.map(Int.init), table.targets, table.task.width) > 0.995
        case (.numbers(let values), .classification):
            Self.purity(Self.ranks(values), table.targets, table.task.width) > 0.995
        default: false
        }
    }

    private func correlation(_ values: SharedArray<Float>) -> Double {
        var count = 0.0, x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0
        for (value, target) in zip(values, table.targets) where !value.isNaN {
            let value = Double(value)
            count += 1
            x += value
            y += target
            xx += value * value
            yy += target * target
            xy += value * target
        }
        let covariance = xy - x * y / count, spread = ((xx - x * x / count) * (yy - y * y / count)).squareRoot()
        return spread > 0 ? covariance / spread : 0
    }

    /// Numbers as groups; none where they differ too much to be groups.
    private static func ranks(_ values: SharedArray<Float>) -> [Int] {
        var places: [Float: Int] = [:], groups: [Int] = []
        groups.reserveCapacity(values.count)
        for value in values {
            guard !value.isNaN else {
                groups.append(-1)
                continue
            }
            let place = places[value] ?? places.count
            guard place * Self.rowsPerGroup < values.count else { return [] }
            places[value] = place
            groups.append(place)
        }
        return groups
    }

    /// Groups of fewer rows on average tell the target by chance.
    private static let rowsPerGroup = 20

    /// How far above guessing the most frequent class per group is right, from 0 to 1; 0 for groups of few rows.
    private static func purity(_ groups: [Int], _ targets: [Double], _ classes: Int) -> Double {
        let groupCount = (groups.max() ?? -1) + 2
        guard groupCount * rowsPerGroup < groups.count else { return 0 }
        var counts = Array(repeating: 0, count: groupCount * classes)
        var totals = Array(repeating: 0, count: classes)
        for (group, target) in zip(groups, targets) {
            counts[(group + 1) * classes + Int(target)] += 1
            totals[Int(target)] += 1
        }
        let right = (0..<groupCount).reduce(0) { sum, group in
            sum + (counts[group * classes..<(group + 1) * classes].max() ?? 0)
        }
        let guess = totals.max() ?? 0
        return guess == groups.count ? 0 : Double(right - guess) / Double(groups.count - guess)
    }
}
