import LazuliResources
import Testing

@testable import LazuliTabular

/// The expected figures are NumPy's and pandas': `describe`, `quantile`, `std`.
@Suite("Profiles of columns")
struct ColumnProfileTests {
    private func profile(_ values: [String]) throws -> ColumnProfile {
        ColumnProfile(
            try #require(try read("a\n" + values.map { "\"\($0)\"" }.joined(separator: "\n")).table.columns.first))
    }

    @Test("Numbers have range, mean, deviation, quantiles and counts")
    func numbers() throws {
        let profile = try profile(["1.5", "2.5", "", "10", "4", "2.5"])
        #expect(profile.rowCount == 6 && profile.missing == 1 && profile.unique == 4)
        let numbers = try #require(profile.numbers)
        #expect(numbers.min == 1.5 && numbers.max == 10 && numbers.mean == 4.1)
        #expect(abs((numbers.standardDeviation ?? 0) - 3.4168699126539774) < 1e-12)
        let quantiles = Dictionary(uniqueKeysWithValues: numbers.quantiles.map { ($0.share, $0.value) })
        #expect(quantiles[0.25] == 2.5 && quantiles[0.5] == 2.5 && quantiles[0.75] == 4)
        #expect(abs((quantiles[0.95] ?? 0) - 8.8) < 1e-12)
        #expect(numbers.histogram.count == 20 && numbers.histogram.reduce(0) { $0 + $1.count } == 5)
        #expect(numbers.histogram.first?.from == 1.5 && numbers.histogram.last?.to == 10)
        #expect(profile.top.first == .init(value: "2.5", count: 2))
    }

    @Test("Whole numbers have whole bins: one per number, or of several numbers each")
    func wholeBins() throws {
        let few = try #require(try profile(["1", "2", "2", "5"]).numbers)
        #expect(few.histogram.map(\.count) == [1, 2, 0, 0, 1] && few.histogram.map(\.from) == [1, 2, 3, 4, 5])
        let many = try #require(try profile((0..<95).map(String.init)).numbers)
        #expect(many.histogram.count == 19 && many.histogram.allSatisfy { $0.count == 5 })
    }

    @Test("One value, and infinities, leave nothing undefined")
    func edges() throws {
        let one = try #require(try profile(["3", "3"]).numbers)
        #expect(one.histogram == [.init(from: 3, to: 3, count: 2)] && one.standardDeviation == 0)
        let infinite = try #require(try profile(["inf", "1", "2"]).numbers)
        #expect(infinite.infinite == 1 && infinite.max == 2)
        #expect(try profile(["inf"]).numbers == nil)
        #expect(try profile(["", ""]).numbers == nil)
    }

    @Test("Labels have their most frequent values, equal ones in the order of the rows")
    func labels() throws {
        let profile = try profile(["b", "a", "", "a", "c"])
        #expect(profile.kind == .category && profile.unique == 3 && profile.missing == 1 && profile.numbers == nil)
        #expect(profile.top == [.init(value: "a", count: 2), .init(value: "b", count: 1), .init(value: "c", count: 1)])
    }

    @Test("As JSON, times are ISO texts and whole numbers are whole")
    func json() throws {
        let times = try profile(["2024-01-01", "2024-01-03"]).json
        #expect(times["min"] == "2024-01-01T00:00:00Z" && times["mean"] == "2024-01-02T00:00:00Z")
        let whole = try profile(["1", "3"]).json
        #expect(whole["kind"] == "integer" && whole["max"] == 3 && whole["mean"] == .number(2))
        #expect(whole["histogram"].array?.first == ["from": 1, "to": 2, "count": 1])
        #expect(whole["quantiles"].array?.count == 7 && whole["top"].array?.count == 2)
    }
}
