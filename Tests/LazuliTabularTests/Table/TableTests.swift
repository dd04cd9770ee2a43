import Testing

@testable import LazuliTabular

@Suite("Tables")
struct TableTests {
    private let table = Table(
        columns: [
            Column(name: "a", kind: .real, values: .numbers([1, .nan, 3])),
            Column(name: "b", kind: .category, values: .labels(LabelValues(codes: [0, 1, -1], texts: ["x", "y"]))),
        ], rowCount: 3)

    @Test("A column is found by its name")
    func findsColumns() {
        #expect(table.column("a")?.kind == .real)
        #expect(table.column("c") == nil)
    }

    @Test("Chosen rows come in the order given, in every column")
    func rows() {
        let chosen = table.rows([2, 0])
        #expect(chosen.rowCount == 2 && chosen.texts("a") == ["3.0", "1.0"] && chosen.texts("b") == [nil, "x"])
        #expect(
            table.first(2).texts("b") == ["x", "y"] && table.first(9).rowCount == 3 && table.first(0).rowCount == 0)
    }

    @Test("Missing values are counted in numbers and in labels")
    func missing() {
        #expect(table.columns.map(\.missingCount) == [1, 1])
        #expect(table.columns[0].isMissing(1) && !table.columns[1].isMissing(1))
    }
}
