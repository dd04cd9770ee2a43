import Testing

@testable import LazuliTabular

@Suite("JSON lines")
struct JSONLinesTests {
    private func read(_ text: String, _ options: JSONLinesOptions = JSONLinesOptions()) throws(TableFault) -> ReadTable
    {
        try JSONLinesReader(options).read(bytes: Array(text.utf8), named: "t.jsonl")
    }

    @Test("Each value becomes what it is; names may come late, and be missing")
    func values() throws {
        let table = try read(
            """
            {"i": 1, "r": 0.5, "b": true, "s": "x", "n": null}
            {"i": 2, "r": 3, "b": false, "s": "00123", "late": "2024-01-01"}

            {"i": null, "s": "", "late": "2024-01-02", "o": {"a": [1, 2]}}
            """
        ).table
        #expect(table.names == ["i", "r", "b", "s", "n", "late", "o"])
        #expect(table.kinds == [.integer, .real, .boolean, .category, .empty, .dateTime, .category])
        #expect(table.texts("i") == ["1", "2", nil] && table.texts("s") == ["x", "00123", ""])
        #expect(table.texts("b") == ["true", "false", nil] && table.texts("o") == [nil, nil, "{\"a\": [1, 2]}"])
        #expect(table.texts("late") == [nil, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"])
    }

    @Test("Escapes stand for their characters, names may change their order, and the last of equal names counts")
    func escapes() throws {
        let table = try read(
            #"""
            {"a\"b": "x\n\u00e9\ud83d\ude00\/", "n": 1e2, "t": "a"}
            {"t": "\\", "n": -Infinity, "a\u0022b": "y", "n": NaN}
            """#
        ).table
        #expect(table.names == ["a\"b", "n", "t"])
        #expect(table.texts("a\"b") == ["x\né😀/", "y"] && table.texts("t") == ["a", "\\"])
        #expect(table.texts("n") == ["100.0", nil])
    }

    @Test(
        "What is no whole object is refused, and leaves nothing behind",
        arguments: [
            "{\"x\": 1", "{\"x\" 1}", "{\"x\": }", "{\"x\": \"y}", "{\"x\": 1} 2", "{\"x\": 01}", "{\"x\": [1}",
            "{\"x\": \"\\q\"}", "{x: 1}", "{\"x\": tru}",
        ])
    func malformed(_ line: String) throws {
        #expect(throws: TableFault.self) { try read(line) }
        var options = JSONLinesOptions()
        options.skipsInvalidLines = true
        let table = try read("{\"a\": 1}\n\(line)\n{\"a\": 2}", options).table
        #expect(table.names == ["a"] && table.texts("a") == ["1", "2"], "\(line)")
    }

    @Test("Texts of digits stay texts, and a column of numbers and texts is a category with a note")
    func mixtures() throws {
        let read = try read("{\"a\": \"1\", \"b\": 1}\n{\"a\": \"2\", \"b\": \"x\"}\n")
        #expect(read.table.kinds == [.category, .category] && read.table.texts("b") == ["1", "x"])
        #expect(read.notes.map(\.column) == ["b"])
    }

    @Test("A line that is no object is refused by its number, or left out with a note")
    func invalidLines() throws {
        let text = "{\"a\": 1}\nnonsense\n[1]\n{\"a\": 2}\n"
        #expect(
            throws: TableFault(
                "Line 2 of t.jsonl is no JSON object. Correct it, or set invalid_lines: drop.", file: "t.jsonl", line: 2
            )
        ) {
            try read(text)
        }
        var options = JSONLinesOptions()
        options.skipsInvalidLines = true
        let kept = try read(text, options)
        #expect(kept.table.texts("a") == ["1", "2"] && kept.notes.first?.text.contains("2 lines of t.jsonl") == true)
    }

    @Test("A list of objects is read too, and a limit keeps the first rows")
    func lists() throws {
        var options = JSONLinesOptions()
        options.rowLimit = 1
        #expect(try read("[{\"a\": 1}, {\"a\": 2}]").table.texts("a") == ["1", "2"])
        #expect(try read("[{\"a\": 1}, {\"a\": 2}]", options).table.rowCount == 1)
        #expect(try read("{\"a\": 1}\n{\"a\": 2}", options).table.rowCount == 1)
        #expect(try read("[\n  {\n    \"a\": 1\n  },\n  {}\n]\n").table.texts("a") == ["1", nil])
        #expect(try read("[]").table.rowCount == 0)
        #expect(throws: TableFault.self) { try read("[{\"a\": 1}, 2]") }
    }
}
