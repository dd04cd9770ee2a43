import LazuliTabular
import Testing

@testable import LazuliLearning

@Suite("Fitting features")
struct FeatureFittingTests {
    private func table(_ texts: [String], targets: [Double]) -> PreparedTable {
        let pool = Array(Set(texts)).sorted()
        let codes = texts.map { text in Int32(pool.firstIndex(of: text) ?? -1) }
        return PreparedTable(
            columns: [
                .init(
                    name: "c", kind: .text, role: .category, values: .labels(LabelValues(codes: codes, texts: pool)))
            ], rowCount: texts.count, task: .regression, targets: targets, weights: nil)
    }

    private var few: FeatureView {
        FeatureView(scaling: .none, oneHot: 2, hasRank: false, hasTargetMean: true, words: 0)
    }

    @Test("A row's own target is not in the mean that it learns from")
    func leavesOut() {
        let texts = (0..<40).map { "g\($0 % 4)" }
        let targets = (0..<40).map { Double($0) }
        let table = table(texts, targets: targets)
        var changed = targets
        changed[0] = 1_000
        let before = FeatureFitting(table, view: few, rows: Array(0..<40)).fitted().training
        let after = FeatureFitting(self.table(texts, targets: changed), view: few, rows: Array(0..<40)).fitted()
            .training
        #expect(before[0, 0] == after[0, 0])
        #expect(before.values != after.values)
    }

    @Test("A category that was not seen gets the mean of all")
    func unseen() {
        let table = table((0..<30).map { "g\($0 % 3)" }, targets: (0..<30).map { Double($0 % 3) })
        let fitted = FeatureFitting(table, view: few, rows: Array(0..<30)).fitted().features
        let other = self.table(["new"], targets: [0])
        #expect(fitted.features(of: other, rows: [0])[0, 0] == 1)
    }

    @Test("Scaled features have mean 0, and miss nothing")
    func scales() {
        let table = PreparedTable(
            columns: [.init(name: "x", kind: .real, role: .number, values: .numbers([1, 3, .nan]))], rowCount: 3,
            task: .regression, targets: [0, 1, 2], weights: nil)
        let (features, training) = FeatureFitting(table, view: .dense, rows: [0, 1, 2]).fitted()
        #expect(features.steps == [.number(column: "x"), .missing(column: "x")])
        #expect(training.values[0...2].elementsEqual([-1, 1, 0]))
    }

    private func readings(_ columns: [[Float]]) -> PreparedTable {
        PreparedTable(
            columns: columns.enumerated().map {
                .init(name: "x\($0)", kind: .real, role: .number, values: .numbers(SharedArray($1)))
            }, rowCount: columns[0].count, task: .regression, targets: columns[0].map { Double($0) }, weights: nil)
    }

    @Test("Numbers of one unit are divided by the deviation that all have in common")
    func scalesInCommon() {
        let table = readings([[0, 4], [2, 2.5]])
        let training = FeatureFitting(table, view: .common, rows: [0, 1]).fitted().training
        let factor = Float(1 / (2.046875).squareRoot())
        #expect(zip(training.values, [-2, 2, -0.25, 0.25]).allSatisfy { abs($0 - Float($1) * factor) < 1e-5 })
    }

    @Test("Many columns that span like ranges are readings of one unit; others are not")
    func knowsReadings() {
        let alike = (0..<40).map { [Float(0), Float(200 + $0)] }
        #expect(readings(alike).hasCommonUnit)
        #expect(!readings(Array(alike.prefix(10))).hasCommonUnit)
        #expect(!readings((0..<40).map { [Float(0), Float($0 < 30 ? 1 : 200)] }).hasCommonUnit)
    }

    @Test("The parts of a date are those of the calendar")
    func dates() {
        let leapDay = 1_709_210_096.0  // 2024-02-29 12:34:56 UTC, a Thursday
        #expect(DatePart.allCases.map { $0.value(leapDay) } == [2024, 2, 29, 3, 60, 12, 34])
        #expect(DatePart.year.value(.nan).isNaN)
    }

    @Test("Missing numbers are filled as the user asks, by the rows that are learned from")
    func fills() {
        var table = PreparedTable(
            columns: [.init(name: "x", kind: .real, role: .number, values: .numbers([1, 2, .nan, 2, 9, 100]))],
            rowCount: 6, task: .regression, targets: [1, 2, 3, 4, 5, 6])
        let wanted: [(FeatureRules.Filling, Float)] = [
            (.init(.mean), 3.5), (.init(.median), 2), (.init(.mostFrequent), 2), (.init(.constant, constant: -1), -1),
        ]
        for (filling, number) in wanted {
            table.rules.fillings = ["x": filling]
            let (features, training) = FeatureFitting(table, view: .trees, rows: [0, 1, 2, 3, 4]).fitted()
            #expect(features.steps == [.number(column: "x", fill: number)])
            #expect(training.values == [1, 2, number, 2, 9])
            #expect(features.features(of: table, rows: [2, 5]).values == [number, 100])
        }
    }

    @Test("Features that the user forbids are not made, and categories are still told apart if any may be")
    func forbids() {
        let codes = (0..<60).map { Int32($0 % 4) }
        var table = PreparedTable(
            columns: [
                .init(
                    name: "c", kind: .text, role: .category,
                    values: .labels(LabelValues(codes: codes, texts: ["a", "b", "c", "d"])))
            ], rowCount: 60, task: .regression, targets: codes.map { Double($0) })
        func kinds(_ forbidden: Set<FeatureRules.Kind>, _ view: FeatureView) -> [String] {
            table.rules.forbidden = forbidden
            return FeatureFitting(table, view: view, rows: Array(0..<60)).fitted().features.steps.map { step in
                if case .lookup(_, let lookup) = step { lookup.kind.rawValue } else { "oneHot" }
            }
        }
        #expect(kinds([], .dense) == ["oneHot"])
        #expect(kinds([.oneHot], .dense) == ["targetMean"])
        #expect(kinds([.oneHot, .targetMean], .dense) == ["rank"])
        #expect(kinds([.targetMean], .means) == ["rank"])
        #expect(kinds(Set(FeatureRules.Kind.allCases), .trees) == [])
    }
}
