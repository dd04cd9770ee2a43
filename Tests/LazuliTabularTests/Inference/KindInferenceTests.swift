import Testing

@testable import LazuliTabular

@Suite("Telling what the values of a column mean")
struct KindInferenceTests {
    private func kind(_ values: [String]) throws -> ColumnKind? {
        try read("a,z\n" + values.map { "\"\($0)\",1" }.joined(separator: "\n")).table.column("a")?.kind
    }

    @Test("Codes with leading zeros stay labels, as they are written")
    func codes() throws {
        let table = try read("zip\n00123\n04109\n12345\n").table
        #expect(table.kinds == [.category] && table.texts("zip") == ["00123", "04109", "12345"])
        #expect(try kind(["0", "10", "0.5"]) == .real)
    }

    @Test("Whole numbers that a double cannot hold stay labels")
    func wideNumbers() throws {
        let table = try read("id\n9007199254740993\n9007199254740994\n").table
        #expect(table.kinds == [.category] && table.texts("id")[0] == "9007199254740993")
    }

    @Test("Every marker of a missing value is one, in columns of numbers and of words")
    func missing() throws {
        let markers = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A", "<NA>"]
        let table = try read("n,w\n1,x\n" + markers.map { "\($0),\($0)" }.joined(separator: "\n") + "\n2,y\n").table
        #expect(table.kinds == [.integer, .category])
        #expect(table.texts("n") == ["1"] + markers.map { _ in nil } + ["2"])
        #expect(table.texts("w") == ["x"] + markers.map { _ in nil } + ["y"])
    }

    @Test("A question mark is missing beside numbers, and a value beside words")
    func questionMarks() throws {
        let table = try read("n,w,q\n1,x,?\n?,?,?\n").table
        #expect(table.kinds == [.integer, .category, .category])
        #expect(table.texts("n") == ["1", nil] && table.texts("w") == ["x", "?"] && table.texts("q") == ["?", "?"])
    }

    @Test("A column of missing values alone is empty")
    func empty() throws {
        let column = try read("a,b\n,1\nNA,2\n").table.column("a")
        #expect(column?.kind == .empty && column?.numbers.allSatisfy(\.isNaN) == true)
    }

    @Test("True and false are booleans, the false first among the texts; yes and no are a category")
    func booleans() throws {
        let table = try read("b,y,t\nTrue,yes,TRUE\nFalse,no,\n,yes,TRUE\n").table
        #expect(table.kinds == [.boolean, .category, .boolean])
        #expect(table.texts("b") == ["True", "False", nil])
        guard case .labels(let labels)? = table.column("b")?.values,
            case .labels(let trues)? = table.column("t")?.values
        else {
            Issue.record("booleans are labels")
            return
        }
        #expect(labels == LabelValues(codes: [1, 0, -1], texts: ["False", "True"]))
        #expect(trues == LabelValues(codes: [1, -1, 1], texts: ["FALSE", "TRUE"]))
    }

    @Test("Labels are numbered in the order in which they first appear")
    func order() throws {
        guard case .labels(let labels)? = try read("a\nq\nb\n\"\"\nq\nc\n").table.columns.first?.values else {
            Issue.record("words are labels")
            return
        }
        #expect(labels == LabelValues(codes: [0, 1, -1, 0, 2], texts: ["q", "b", "c"]))
    }

    @Test("Many different values of several words are a text; names, codes and repeated phrases are categories")
    func texts() throws {
        #expect(try kind((0..<30).map { "the quick fox number \($0) jumps" }) == .text)
        #expect(try kind((0..<30).map { "user\($0)" }) == .category)
        #expect(try kind((0..<30).map { "some college but no degree \($0 % 3)" }) == .category)
        #expect(try kind((0..<30).map { "Street \($0)" }) == .category)
    }

    @Test("Whole numbers beside reals are reals; 5.0 is a real, 5 beside missing values an integer")
    func wholeNumbers() throws {
        #expect(try kind(["1", "2.5"]) == .real)
        #expect(try kind(["5.0", "6.0"]) == .real)
        #expect(try kind(["5", "", "7"]) == .integer)
    }

    @Test("Kinds that are given are kept, and values that do not fit are missing with a note")
    func givenKinds() throws {
        let options = CSVOptions.with { $0.kinds = ["n": .real, "c": .category, "b": .boolean, "d": .dateTime] }
        let read = try read("n,c,b,d\n1,1,1,01/02/2024\nx,2,no,02/02/2024\n3,3,maybe,never\n", options)
        #expect(read.table.kinds == [.real, .category, .boolean, .dateTime])
        #expect(read.table.texts("n") == ["1.0", nil, "3.0"] && read.table.texts("c") == ["1", "2", "3"])
        #expect(read.table.texts("b") == ["1", "no", nil] || read.table.texts("b") == ["1", "0", nil])
        #expect(read.table.texts("d") == ["2024-01-02T00:00:00Z", "2024-02-02T00:00:00Z", nil])
        #expect(Set(read.notes.compactMap(\.column)) == ["n", "b", "d"])
        #expect(read.notes.first?.text == "1 value is no number and was read as missing, the first in line 3 of t.csv.")
    }

    @Test("Without inference all columns are labels as they are written")
    func noInference() throws {
        let table = try read("a,b,c\n1.50,true,2024-01-01\n", .with { $0.infersKinds = false }).table
        #expect(table.kinds == [.category, .category, .category] && table.texts("a") == ["1.50"])
    }

    @Test("Empty fields can be kept as empty texts, yet not as numbers")
    func emptyTexts() throws {
        let table = try read("a,b\nx,1\n,\n", .with { $0.emptyAsText = true }).table
        #expect(table.texts("a") == ["x", ""] && table.texts("b") == ["1", nil])
    }
}

@Suite("Reading what spreadsheets export")
struct SpreadsheetTests {
    @Test("A row of words below the header, where all other rows are numbers, is left out with a note")
    func secondHeader() throws {
        let rows = (0..<20).map { "\($0),\($0 * 2),x\n" }.joined()
        let read = try read(",X1,X2\nID,LIMIT,NAME\n" + rows)
        #expect(read.table.names == ["Column1", "X1", "X2"] && read.table.kinds == [.integer, .integer, .category])
        #expect(
            read.table.rowCount == 20 && read.notes.map(\.text).first?.hasPrefix("Line 2 of t.csv holds words") == true)
        let kept = try LazuliTabularTests.read(
            "a,b\nID,NAME\n" + rows.replacing(",x", with: ""), .with { $0.skipsSecondHeader = false })
        #expect(kept.table.rowCount == 21)
    }

    @Test("A first row of words is data where the columns are words")
    func noSecondHeader() throws {
        #expect(try read("a,b\nx,y\nz,w\n1,v\n2,u\n3,t\n4,s\n").table.rowCount == 6)
        #expect(try read("a,b\nx,y\n1,2\n").table.rowCount == 2)
    }

    @Test("Where semicolons part the fields, a comma stands before decimals")
    func decimalComma() throws {
        let read = try read("a;b\n1,5;x\n-1.234,25;y\n;z\n7;w\n")
        #expect(read.table.kinds == [.real, .category] && read.table.texts("a") == ["1.5", "-1234.25", nil, "7.0"])
        #expect(read.notes.map(\.column) == ["a"])
    }

    @Test("Where commas part the fields, a comma in quotes parts thousands")
    func thousands() throws {
        let table = try read("a,b\n\"1,234\",\"1,234.50\"\n12,7\n").table
        #expect(
            table.kinds == [.integer, .real] && table.texts("a") == ["1234", "12"]
                && table.texts("b") == ["1234.5", "7.0"])
        #expect(try read("a,b\n\"1,23\",x\n\"12,3\",y\n").table.kinds == [.category, .category])
    }
}
