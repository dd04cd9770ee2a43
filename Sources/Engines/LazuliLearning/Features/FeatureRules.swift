package import LazuliResources

/// What the user wants of the making of features, beside what each view makes by itself.
package struct FeatureRules: Sendable, Equatable {
    /// How it is found what stands for missing values: the parameter `strategy` of Azure's Imputer.
    package enum Strategy: String, Sendable, CaseIterable {
        case mean
        case median
        case mostFrequent = "most_frequent"
        case constant
    }

    /// What stands for the missing values of a column of numbers.
    package struct Filling: Sendable, Equatable {
        package var strategy: Strategy
        /// Of the strategy of that name alone.
        package var constant: Float?

        package init(_ strategy: Strategy, constant: Float? = nil) {
            self.strategy = strategy
            self.constant = constant
        }
    }

    /// Kinds of features that may be forbidden.
    package enum Kind: String, Sendable, CaseIterable {
        case oneHot
        case rank
        case targetMean
        case words
    }

    /// By column.
    package var fillings: [String: Filling] = [:]
    /// By column, how many words of a text have a feature at most.
    package var mostWords: [String: Int] = [:]
    package var forbidden: Set<Kind> = []

    package init() {}
}

// MARK: - Between processes

extension FeatureRules {
    package var json: JSON {
        [
            "fillings": .object(JSONObject(fillings.map { ($0.key, $0.value.json) })),
            "mostWords": .object(JSONObject(mostWords.map { ($0.key, JSON($0.value)) })),
            "forbidden": .array(forbidden.map { .string($0.rawValue) }),
        ]
    }

    package init(_ json: JSON) {
        for (column, filling) in json["fillings"].object?.pairs ?? [] { fillings[column] = Filling(filling) }
        for (column, most) in json["mostWords"].object?.pairs ?? [] { mostWords[column] = most.integer }
        forbidden = Set((json["forbidden"].array ?? []).compactMap { $0.string.flatMap(Kind.init) })
    }
}

extension FeatureRules.Filling {
    fileprivate var json: JSON {
        .object(dropping: [
            ("strategy", .string(strategy.rawValue)), ("fill_value", constant.map { .number(Double($0)) }),
        ])
    }

    /// - Parameter parameters: an Imputer's; without a strategy it takes the mean.
    /// - Returns: nil for a strategy that there is not, or a constant that is no number.
    init?(_ parameters: JSON) {
        let name = parameters["strategy"].string ?? FeatureRules.Strategy.mean.rawValue
        guard let strategy = FeatureRules.Strategy(rawValue: name) else { return nil }
        self.init(strategy)
        guard strategy == .constant else { return }
        let value = parameters["fill_value"]
        guard let number = value.number ?? value.string.flatMap(Double.init), Float(number).isFinite else { return nil }
        constant = Float(number)
    }
}

// MARK: - Fillings

extension FeatureRules.Filling {
    /// The number that stands for missing ones among some rows; nil where no value is there to tell it.
    func number(of values: SharedArray<Float>, rows: [Int]) -> Float? {
        lazy var there = rows.lazy.map { values[$0] }.filter { !$0.isNaN }.sorted()
        switch strategy {
        case .constant: return constant
        case .mean where !there.isEmpty: return Float(there.reduce(0) { $0 + Double($1) } / Double(there.count))
        case .median where !there.isEmpty: return (there[there.count / 2] + there[(there.count - 1) / 2]) / 2
        case .mostFrequent where !there.isEmpty: return Self.mostFrequent(there)
        case .mean, .median, .mostFrequent: return nil
        }
    }

    /// The least of those that stand there most often, as scikit-learn's SimpleImputer takes it.
    private static func mostFrequent(_ sorted: [Float]) -> Float {
        var best = (number: sorted[0], count: 0), run = best
        for number in sorted {
            run = number == run.number ? (number, run.count + 1) : (number, 1)
            if run.count > best.count { best = run }
        }
        return best.number
    }
}
