import LazuliResources
import LazuliTabular

/// Reads Azure's custom featurization: transformers that are not wanted, and parameters of others.
struct FeatureWishes {
    private(set) var rules = FeatureRules()
    /// By column of categories, the one that a missing value counts as.
    private(set) var missingMeans: [String: String] = [:]
    /// What has no effect here, in words.
    private(set) var unheeded: [String] = []

    /// What is not made when Azure's transformer of a name is not wanted. The names that are missing make nothing here.
    private static let kinds: [String: FeatureRules.Kind] = [
        "OneHotEncoder": .oneHot, "LabelEncoder": .rank, "CatTargetEncoder": .targetMean, "TfIdf": .words,
    ]

    /// - Parameters:
    ///   - columns: that are learned from.
    ///   - names: of all columns of the data.
    /// - Throws: `LearningFault` for a wish that cannot be meant.
    init(
        _ settings: ExperimentSettings.Featurization, _ columns: [PreparedTable.Column], names: [String]
    ) throws(LearningFault) {
        guard settings.mode != .off else { return }
        rules.forbidden = Set(settings.blockedTransformers.compactMap { Self.kinds[$0] })
        for transformer in settings.transformers {
            if let unknown = transformer.columns.first(where: { !names.contains($0) }) {
                throw LearningFault(
                    "The featurization's \(transformer.name) names the column \"\(unknown)\", which is not in the data."
                )
            }
            let own = columns.filter { transformer.columns.isEmpty || transformer.columns.contains($0.name) }
            switch transformer.name {
            case "Imputer": try impute(own, transformer)
            case "TfIdf": limitWords(own, transformer.parameters)
            default: unheeded.append("\(transformer.name) (features are never made by it here)")
            }
        }
    }

    private mutating func impute(
        _ columns: [PreparedTable.Column], _ transformer: ExperimentSettings.Featurization.Transformer
    ) throws(LearningFault) {
        // Where no column is named, all numbers are meant.
        let isNamed = !transformer.columns.isEmpty
        for column in columns {
            switch column.values {
            case .numbers: rules.fillings[column.name] = try Self.filling(of: column.name, transformer.parameters)
            case .labels(let labels) where isNamed && column.role != .text:
                missingMeans[column.name] = Self.text(for: labels, transformer.parameters)
            case .labels, .times: break
            }
            if isNamed, imputation(of: column.name) == nil {
                unheeded.append(
                    "the Imputer of \"\(column.name)\" (a column of categories takes most_frequent, or constant with a "
                        + "fill_value; texts and dates are not filled)")
            }
        }
    }

    private static func filling(of column: String, _ parameters: JSON) throws(LearningFault) -> FeatureRules.Filling {
        if let filling = FeatureRules.Filling(parameters) { return filling }
        throw LearningFault(
            "The Imputer's parameters \(parameters.text) do not suit \"\(column)\", a column of numbers. Its strategy is one "
                + "of " + FeatureRules.Strategy.allCases.map(\.rawValue).joined(separator: ", ")
                + ", the last with a number as fill_value.")
    }

    /// The category that stands for missing ones.
    private static func text(for labels: LabelValues, _ parameters: JSON) -> String? {
        switch parameters["strategy"].string.flatMap(FeatureRules.Strategy.init) {
        case .mostFrequent:
            var counts = Array(repeating: 0, count: labels.texts.count)
            for code in labels.codes where code >= 0 { counts[Int(code)] += 1 }
            return zip(labels.texts, counts).max { ($0.1, $1.0) < ($1.1, $0.0) }?.0
        case .constant: return parameters["fill_value"].scalarText
        default: return nil
        }
    }

    /// What stands for missing values of a column, in words; nil where nothing was asked for.
    func imputation(of column: String) -> String? {
        missingMeans[column].map { "\"\($0)\"" } ?? rules.fillings[column]?.strategy.rawValue
    }

    private mutating func limitWords(_ columns: [PreparedTable.Column], _ parameters: JSON) {
        let most = parameters["max_features"].integer
        for column in columns where column.role == .text { rules.mostWords[column.name] = most.map { max(1, $0) } }
        let others = (parameters.object?.pairs ?? []).map(\.key).filter { $0 != "max_features" }
        if !others.isEmpty { unheeded.append("TfIdf's \(others.joined(separator: ", "))") }
    }
}
