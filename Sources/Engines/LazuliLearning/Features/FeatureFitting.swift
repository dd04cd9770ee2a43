import LazuliTabular

/// Learns from some rows of a table how its columns become features.
package struct FeatureFitting {
    let table: PreparedTable
    let view: FeatureView
    let rows: [Int]

    package init(_ table: PreparedTable, view: FeatureView, rows: [Int]) {
        self.table = table
        self.view = view
        self.rows = rows
    }

    /// Fitted features, and the features of the fitted rows: means of the target leave a row's own target out there.
    package func fitted() -> (features: FittedFeatures, training: FeatureMatrix) {
        var features = FittedFeatures(steps: table.columns.flatMap(steps))
        var training = features.unscaled(table, rows: rows)
        leaveOwnTargetsOut(of: features, &training)
        if view.isDense {
            let scaling = FeatureScaling(fitting: training, view.scaling, marks: features.steps.flatMap(\.marks))
            scaling.apply(to: &training)
            features.scaling = scaling
        }
        return (features, training)
    }

    // MARK: - Steps

    private func steps(_ column: PreparedTable.Column) -> [FeatureStep] {
        let name = column.name
        switch (column.role, column.values) {
        case (.number, .numbers(let values)):
            let fill = table.rules.fillings[name].flatMap { $0.number(of: values, rows: rows) }
            // Where the user says what stands for missing values, nothing else tells of them.
            let misses = view.isDense && fill == nil && rows.contains { values[$0].isNaN }
            return [.number(column: name, fill: fill)] + (misses ? [.missing(column: name)] : [])
        case (.dateTime, .times(let values)): return dateSteps(name, values)
        case (.flag, .labels(let labels)), (.category, .labels(let labels)): return categorySteps(name, labels)
        case (.text, .labels(let labels)):
            guard allows(.words) else { return [] }
            let most = table.rules.mostWords[name] ?? view.words
            let vocabulary = WordVocabulary(fitting: labels, rows: rows, limit: most)
            return vocabulary.words.isEmpty ? [] : [.words(column: name, vocabulary)]
        default: return []
        }
    }

    private func allows(_ kind: FeatureRules.Kind) -> Bool { !table.rules.forbidden.contains(kind) }

    /// The moment itself, and the parts that differ between rows.
    private func dateSteps(_ name: String, _ values: SharedArray<Double>) -> [FeatureStep] {
        let varying = DatePart.allCases.filter { part in
            var first: Float?
            return rows.contains { row in
                let value = part.value(values[row])
                guard !value.isNaN else { return false }
                defer { first = first ?? value }
                return first.map { $0 != value } ?? false
            }
        }
        return [.number(column: name)] + varying.map { .datePart(column: name, $0) }
    }

    private func categorySteps(_ name: String, _ labels: LabelValues) -> [FeatureStep] {
        let counts = CategoryCounts(labels, rows: rows)
        guard counts.ordered.count > 1 else { return [] }
        if counts.ordered.count == 2, allows(.oneHot) {
            return [.oneHot(column: name, categories: [counts.ordered[1].text])]
        }
        var steps: [FeatureStep] = []
        let hasMany = counts.ordered.count > view.oneHot || !allows(.oneHot)
        if allows(.oneHot), !hasMany || view.isDense {
            let frequent = counts.ordered.prefix(view.oneHot).filter { $0.count >= view.leastCount }
            steps.append(.oneHot(column: name, categories: frequent.map(\.text)))
        }
        guard hasMany else { return steps }
        let hasMean = view.hasTargetMean && allows(.targetMean)
        // Where nothing else tells the categories apart, their ranks do.
        if allows(.rank), view.hasRank || steps.isEmpty && !hasMean {
            steps.append(.lookup(column: name, counts.ranks()))
        }
        if hasMean { steps += targetMeans(labels, counts).map { .lookup(column: name, $0) } }
        return steps
    }

    // MARK: - Means of the target

    /// How many rows the overall mean counts for in a category's.
    private static let smoothing = 10.0
    /// The shares of more classes than this cost more than they tell.
    private static let mostClasses = 3

    /// The numbers whose means are taken: the value, or for the largest classes whether it is the one; a single one for
    /// two classes.
    private var indicators: [(Double) -> Double] {
        switch table.task {
        case .regression, .classification(classes: 2): return [{ $0 }]
        case .classification(let classes):
            var counts = Array(repeating: 0, count: classes)
            for row in rows { counts[Int(table.targets[row])] += 1 }
            return counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.mostClasses)
                .map { number in { $0 == Double(number) ? 1 : 0 } }
        }
    }

    private func targetMeans(_ labels: LabelValues, _ counts: CategoryCounts) -> [LookupTable] {
        indicators.map { indicator in
            var sums = Array(repeating: 0.0, count: labels.texts.count + 1)
            var total = 0.0
            for row in rows {
                let value = indicator(table.targets[row])
                sums[Int(labels.codes[row]) + 1] += value
                total += value
            }
            let mean = total / Double(max(1, rows.count))
            return LookupTable(
                kind: .targetMean, categories: counts.ordered.map(\.text),
                numbers: counts.ordered.map { entry in
                    let sum = sums[Int(entry.code) + 1]
                    return Float((sum + mean * Self.smoothing) / (Double(entry.count) + Self.smoothing))
                }, other: Float(mean))
        }
    }

    /// Replaces the target means of the training rows by means over the other parts of a five-part split, so that no
    /// row is told its own target.
    private func leaveOwnTargetsOut(of features: FittedFeatures, _ matrix: inout FeatureMatrix) {
        let indicators = indicators
        var place = 0, seen: [String: Int] = [:]
        for step in features.steps {
            if case .lookup(let name, let lookup) = step, lookup.kind == .targetMean,
                case .labels(let labels)? = table.column(name)?.values
            {
                let number = seen[name, default: 0]
                seen[name] = number + 1
                if rows.count < Self.rowsPerCategory * lookup.categories.count {
                    writeLeftOut(labels, indicators[number], to: &matrix, column: place)
                }
            }
            place += step.width
        }
    }

    private static let parts = 5
    /// In categories of so many rows on average, a row's own target is no longer seen in the mean.
    private static let rowsPerCategory = 100

    private func writeLeftOut(
        _ labels: LabelValues, _ indicator: (Double) -> Double, to matrix: inout FeatureMatrix, column: Int
    ) {
        let width = labels.texts.count + 1
        var sums = Array(repeating: 0.0, count: width * Self.parts)
        var counts = sums
        var partSums = Array(repeating: 0.0, count: Self.parts), partCounts = partSums
        for (place, row) in rows.enumerated() {
            let part = Self.part(place), cell = part * width + Int(labels.codes[row]) + 1
            let value = indicator(table.targets[row])
            sums[cell] += value
            counts[cell] += 1
            partSums[part] += value
            partCounts[part] += 1
        }
        let allSum = partSums.reduce(0, +), allCount = partCounts.reduce(0, +)
        var codeSums = Array(repeating: 0.0, count: width), codeCounts = codeSums
        for cell in sums.indices {
            codeSums[cell % width] += sums[cell]
            codeCounts[cell % width] += counts[cell]
        }
        for (place, row) in rows.enumerated() {
            let part = Self.part(place), code = Int(labels.codes[row]) + 1, cell = part * width + code
            let mean = (allSum - partSums[part]) / max(1, allCount - partCounts[part])
            let left =
                (codeSums[code] - sums[cell] + mean * Self.smoothing)
                / (codeCounts[code] - counts[cell] + Self.smoothing)
            matrix.values[column * matrix.rowCount + place] = Float(left)
        }
    }

    /// A fixed, scattered part for each place.
    private static func part(_ place: Int) -> Int {
        Int((UInt64(place) &* 0x9E37_79B9_7F4A_7C15) >> 33) % parts
    }
}

/// The categories of a column among some rows, most frequent first. The empty text stands for missing values.
struct CategoryCounts {
    struct Entry {
        var text: String
        var code: Int32
        var count: Int
    }

    let ordered: [Entry]

    init(_ labels: LabelValues, rows: [Int]) {
        var counts = Array(repeating: 0, count: labels.texts.count + 1)
        for row in rows { counts[Int(labels.codes[row]) + 1] += 1 }
        ordered = counts.indices.filter { counts[$0] > 0 }
            .map { Entry(text: $0 == 0 ? "" : labels.texts[$0 - 1], code: Int32($0) - 1, count: counts[$0]) }
            .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    }

    func ranks() -> LookupTable {
        LookupTable(
            kind: .rank, categories: ordered.map(\.text), numbers: ordered.indices.map(Float.init),
            other: Float(ordered.count))
    }
}
