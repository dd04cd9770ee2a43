import LazuliResources
import LazuliTabular
import Testing

@testable import LazuliLearning

@Suite("Custom featurization")
struct FeatureWishesTests {
    private static let rows = 40
    /// Every fourth one is missing.
    private static let words = (0..<rows).map { ["a", "b", "b", nil][$0 % 4] }

    /// A number, a category with missing values and a target.
    private let table: Table = {
        let codes = words.map { Int32($0 == nil ? -1 : $0 == "a" ? 0 : 1) }
        return Table(
            columns: [
                Column(name: "x", kind: .real, values: .numbers((0..<rows).map { Double($0 * $0 % 7) })),
                Column(name: "c", kind: .category, values: .labels(LabelValues(codes: codes, texts: ["a", "b"]))),
                Column(name: "y", kind: .real, values: .numbers((0..<rows).map { Double($0 % 5) })),
            ], rowCount: rows)
    }()

    private func prepared(
        _ name: String, _ columns: [String], _ parameters: JSON
    ) throws(LearningFault) -> TablePreparation {
        var settings = ExperimentSettings(task: .regression, target: "y", data: .init(training: "t.csv"))
        settings.featurization.mode = .custom
        settings.featurization.transformers = [.init(name: name, columns: columns, parameters: parameters)]
        return try TablePreparation(table, settings)
    }

    @Test("A missing category counts as the one that the user says, in other rows too")
    func fillsCategories() throws {
        for (parameters, text) in [
            (["strategy": "most_frequent"] as JSON, "b"), (["strategy": "constant", "fill_value": "none"], "none"),
        ] {
            let preparation = try prepared("Imputer", ["c"], parameters)
            #expect(preparation.columns.map(\.missingMeans) == [nil, text])
            #expect(preparation.summary.array?.last?["imputation"] == .string("\"\(text)\""))
            let other = try PreparedTable(table, like: preparation, named: "other rows")
            for filled in [preparation.table, other] {
                guard case .labels(let labels)? = filled.column("c")?.values else {
                    throw LearningFault("There are no words.")
                }
                #expect(labels.codes.map { labels.texts[Int($0)] } == Self.words.map { $0 ?? text })
            }
        }
    }

    @Test("Numbers of all columns are filled where no column is named")
    func fillsAll() throws {
        let preparation = try prepared("Imputer", [], ["strategy": "median"])
        #expect(preparation.table.rules.fillings == ["x": .init(.median)])
        #expect(!preparation.guardrails.contains { $0.name == "Custom featurization" })
    }

    @Test("What cannot be meant is refused with the column and the reason")
    func refuses() {
        let unknown = #expect(throws: LearningFault.self) { try prepared("Imputer", ["z"], [:]) }
        #expect(unknown?.description.contains("\"z\", which is not in the data") ?? false)
        let words: JSON = ["strategy": "constant", "fill_value": "many"]
        let noNumber = #expect(throws: LearningFault.self) { try prepared("Imputer", ["x"], words) }
        #expect(noNumber?.description.contains("a number as fill_value") ?? false)
    }

    @Test("What has no effect is told of")
    func tells() throws {
        let settings: [(String, String, JSON)] = [
            ("HashOneHotEncoder", "c", ["number_of_bits": 3]), ("Imputer", "c", ["strategy": "mean"]),
        ]
        for (name, column, parameters) in settings {
            let guardrails = try prepared(name, [column], parameters).guardrails
            #expect(guardrails.contains { $0.status == .alerted && $0.sentence.contains(name) })
        }
    }

    @Test("Rules survive their way to another process")
    func travels() {
        var rules = FeatureRules()
        rules.fillings = ["a": .init(.mean), "b": .init(.constant, constant: 0.1)]
        rules.mostWords = ["t": 7]
        rules.forbidden = [.oneHot, .words]
        #expect(FeatureRules(rules.json) == rules)
    }
}
