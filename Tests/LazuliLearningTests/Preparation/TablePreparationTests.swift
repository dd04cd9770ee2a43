import LazuliTabular
import Testing

@testable import LazuliLearning

@Suite("Preparing a table")
struct TablePreparationTests {
    private func numbers(_ name: String, _ values: [Double], kind: ColumnKind = .real) -> Column {
        Column(name: name, kind: kind, values: .numbers(values))
    }

    private func labels(_ name: String, _ values: [String]) -> Column {
        let texts = Array(Set(values)).sorted()
        return Column(
            name: name, kind: .category,
            values: .labels(
                LabelValues(codes: values.map { value in Int32(texts.firstIndex(of: value) ?? -1) }, texts: texts)))
    }

    private let rows = 30
    private var x: Column { numbers("x", (0..<rows).map { Double($0 * $0 % 7) }) }

    private func prepared(
        _ columns: [Column], target: String = "y", task: ExperimentSettings.Task = .classification
    ) throws(LearningFault) -> TablePreparation {
        try TablePreparation(
            Table(columns: columns, rowCount: rows),
            ExperimentSettings(task: task, target: target, data: .init(training: "t.csv")))
    }

    private func fault(_ columns: [Column], task: ExperimentSettings.Task = .classification) -> String {
        do throws(LearningFault) {
            _ = try prepared(columns, task: task)
            return ""
        } catch {
            return error.description
        }
    }

    private var twoClasses: Column { labels("y", (0..<rows).map { $0 % 3 == 0 ? "yes" : "no" }) }

    @Test("A target that is not there is named, with the columns that are")
    func missingTarget() {
        #expect(fault([x]).contains("\"y\" is not in the data. Its columns are: x"))
    }

    @Test("A single class is nothing to tell apart")
    func singleClass() {
        #expect(fault([x, labels("y", Array(repeating: "a", count: rows))]).contains("only the value \"a\""))
    }

    @Test("The positive label names a class, or is refused with the classes that there are")
    func positiveLabel() throws {
        var settings = ExperimentSettings(task: .classification, target: "y", data: .init(training: "t.csv"))
        let table = Table(columns: [x, twoClasses], rowCount: rows)
        settings.positiveLabel = "yes"
        #expect(try TablePreparation(table, settings).target.positiveClass == 1)
        settings.positiveLabel = "ja"
        let fault = #expect(throws: LearningFault.self) { try TablePreparation(table, settings) }
        #expect(fault?.description.contains("Its classes are: no, yes.") ?? false)
    }

    @Test("Words cannot be predicted by regression")
    func wordsForRegression() {
        #expect(fault([x, twoClasses], task: .regression).contains("texts such as"))
    }

    @Test("Columns that are empty, constant or name their rows are dropped, each with its reason")
    func drops() throws {
        let preparation = try prepared([
            x, twoClasses, numbers("empty", Array(repeating: .nan, count: rows), kind: .empty),
            numbers("same", Array(repeating: 4, count: rows)),
            numbers("id", (0..<rows).map(Double.init), kind: .integer), labels("name", (0..<rows).map { "n\($0)" }),
        ])
        #expect(preparation.table.columns.map(\.name) == ["x"])
        #expect(preparation.columns.filter { !$0.isUsed }.map(\.name) == ["empty", "same", "id", "name"])
    }

    @Test("When nothing is left to learn from, it is said why")
    func nothingLeft() {
        let names = labels("name", (0..<rows).map { "n\($0)" })
        #expect(fault([twoClasses, names]).contains("Nearly every row has a value of its own"))
    }

    @Test("Infinities count as missing")
    func infinities() throws {
        var values = (0..<rows).map { Double($0 * $0 % 7) }
        values[3] = .infinity
        let preparation = try prepared([numbers("x", values), twoClasses])
        guard case .numbers(let kept)? = preparation.table.columns.first?.values else {
            Issue.record("x is not a number any more")
            return
        }
        #expect(kept[3].isNaN)
    }

    @Test("Rows without a target are left out, and a guardrail says so")
    func dropsRows() throws {
        var targets = (0..<rows).map { Double($0 % 5) }
        targets[0] = .nan
        let preparation = try prepared([x, numbers("y", targets)], task: .regression)
        #expect(preparation.table.rowCount == rows - 1)
        #expect(preparation.guardrails.contains { $0.name == "Missing target values" && $0.status == .done })
    }

    @Test("A column that tells the target is suspected of leaking it")
    func suspectsLeaks() throws {
        let targets = (0..<rows).map { Double($0 % 5) }
        let preparation = try prepared(
            [x, numbers("leak", targets.map { $0 * 2 }), numbers("y", targets)], task: .regression)
        #expect(preparation.guardrails.contains { $0.status == .alerted && $0.sentence.contains("\"leak\"") })
    }

    @Test("Classes are in the order of numbers where they are numbers")
    func ordersClasses() throws {
        let preparation = try prepared([
            x, numbers("y", (0..<rows).map { Double([2, 10, 1][$0 % 3]) }, kind: .integer),
        ])
        #expect(preparation.target.classes == ["1", "2", "10"])
    }

    @Test("A prepared table and its folds survive being written down")
    func bytes() throws {
        let preparation = try prepared([x, twoClasses, labels("c", (0..<rows).map { "v\($0 % 4)" })])
        let folds = Folds(.folds(3), of: preparation.table.targets, task: preparation.table.task, seed: 1)
        var writer = ByteWriter()
        preparation.table.write(to: &writer)
        folds.write(to: &writer)
        var reader = ByteReader(FileBytes(writer.bytes))
        #expect(try PreparedTable(from: &reader) == preparation.table)
        #expect(try Folds(from: &reader) == folds)
    }
}
