import Testing

@testable import LazuliTabular

@Suite("Tables")
struct TableTests {
    @Test("A column is found by its name")
    func findsColumns() {
        let table = Table(columns: [Column(name: "a", kind: .real, values: .numbers([1]))], rowCount: 1)
        #expect(table.column("a")?.kind == .real)
        #expect(table.column("b") == nil)
    }
}
