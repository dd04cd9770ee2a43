import Testing

@testable import LazuliTabular

@Suite("Reading delimited text")
struct CSVReaderTests {
    @Test("Numbers, words and missing values become typed columns")
    func readsTypes() throws {
        let table = try read("a,b,c\n1,0.5,red\n2,,blue\n3,-1.25,\n").table
        #expect(table.names == ["a", "b", "c"])
        #expect(table.kinds == [.integer, .real, .category])
        #expect(table.texts("a") == ["1", "2", "3"])
        #expect(table.texts("b") == ["0.5", nil, "-1.25"])
        #expect(table.texts("c") == ["red", "blue", nil])
    }

    @Test(
        "Rows may end with any line end, and the last need not end at all",
        arguments: ["a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "a,b\r1,x\r2,y", "a,b\n1,x\r\n2,y"])
    func lineEnds(_ text: String) throws {
        let table = try read(text).table
        #expect(table.texts("a") == ["1", "2"] && table.texts("b") == ["x", "y"])
    }

    @Test("Blank lines are no rows")
    func blankLines() throws {
        #expect(try read("\n\na,b\n\n1,2\r\n\r\n3,4\n\n").table.texts("b") == ["2", "4"])
    }

    @Test("Quoted values keep delimiters, line ends, doubled quotes and spaces")
    func quotes() throws {
        let table = try read("a,b\n\"x, y\",1\n\"two\nlines\",2\n\"say \"\"hi\"\"\",3\n\" s \",4\n").table
        #expect(table.texts("a") == ["x, y", "two\nlines", "say \"hi\"", " s "])
        #expect(table.texts("b") == ["1", "2", "3", "4"])
    }

    @Test("A quote inside of an unquoted value is a character; spaces around quotes do not count")
    func looseQuotes() throws {
        let table = try read("a,b\n5\" disk, \"x, y\" \nz,w\n").table
        #expect(table.texts("a") == ["5\" disk", "z"])
        #expect(table.texts("b") == ["x, y", "w"])
    }

    @Test("Numbers in quotes are numbers, and names in quotes are names")
    func quotedNumbers() throws {
        let table = try read("\"a\",\"b\"\n\"1.5\",\"2\"\n\" 3 \",\"\"\n").table
        #expect(table.kinds == [.real, .integer])
        #expect(table.texts("a") == ["1.5", "3.0"] && table.texts("b") == ["2", nil])
    }

    @Test("Quotes of every kind around numbers leave the numbers, or the words, that they hold")
    func oddQuotes() throws {
        let table = try read("a,b,c\n\"-1.25\",\"7\"\"\",\"007\"\n\"2\" , \"8\",\"1\"\n").table
        #expect(table.texts("a") == ["-1.25", "2.0"])
        #expect(table.texts("b") == ["7\"", "8"] && table.texts("c") == ["007", "1"])
    }

    @Test("The delimiter is told by the rows", arguments: [",", ";", "\t", "|"])
    func guessesDelimiter(_ delimiter: String) throws {
        let rows = [["name", "amount", "note"], ["\"a,b;c|d\te\"", "1", "x"], ["f", "2", "y"]]
        let text = rows.map { $0.joined(separator: delimiter) }.joined(separator: "\n")
        let table = try read(text).table
        #expect(table.names == ["name", "amount", "note"] && table.texts("amount") == ["1", "2"])
        #expect(table.texts("name") == ["a,b;c|d\te", "f"])
    }

    @Test("A delimiter that is given is used, even where another looks likelier")
    func givenDelimiter() throws {
        let table = try read("a,b|c,d\n1,2|3,4\n", .with { $0.delimiter = "|" }).table
        #expect(table.names == ["a,b", "c,d"])
    }

    @Test("The line by which a file tells Excel its delimiter is none of its rows")
    func excelDelimiter() throws {
        let table = try read("sep=|\r\na,x|b\r\n1|2\r\n").table
        #expect(table.names == ["a,x", "b"] && table.texts("b") == ["2"])
        #expect(try read("sep=x,b\n1,2\n").table.names == ["sep=x", "b"])
    }

    @Test("A file of one column is read")
    func oneColumn() throws {
        #expect(try read("a\n1\n\"\"\n3\n").table.texts("a") == ["1", nil, "3"])
    }

    @Test("A header without rows is a table of empty columns")
    func headerAlone() throws {
        let table = try read("a,b\n").table
        #expect(table.rowCount == 0 && table.kinds == [.empty, .empty])
    }

    @Test("Columns without a name are named by their place")
    func unnamed() throws {
        #expect(try read(",b, \n1,2,3\n").table.names == ["Column1", "b", "Column3"])
    }

    @Test("A row with too many fields is refused by its line, what it has and what it should have")
    func tooManyFields() throws {
        let fault = try #require(readFault("a,b\n1,2\n\"x\ny\",3\n4,5,6,7\n"))
        #expect(fault.line == 5 && fault.file == "t.csv")
        #expect(fault.message.hasPrefix("Line 5 of t.csv has 4 fields, and the header has 2."))
        #expect(fault.message.contains("double quotes"))
    }

    @Test("A row with too few fields is refused by its line")
    func tooFewFields() throws {
        let fault = try #require(readFault("a,b,c\r\n1,2,3\r\n4,5\r\n"))
        #expect(fault.line == 3)
        #expect(
            fault.message == "Line 3 of t.csv has 2 fields, and the header has 3. Complete the row, or take it out.")
    }

    @Test("Short rows can be padded with missing values, which a note tells")
    func paddedRows() throws {
        let read = try read("a,b,c\n1,2,x\n3\n4,5,y\n6,7\n", .with { $0.shortRows = .padded })
        #expect(read.table.texts("b") == ["2", nil, "5", "7"])
        #expect(read.table.texts("c") == ["x", nil, "y", nil])
        #expect(read.notes.map(\.text).first?.hasPrefix("2 rows of t.csv have fewer fields") == true)
        #expect(read.notes.first?.text.contains("line 3") == true)
        #expect(readFault("a,b\n1,2,3\n", .with { $0.shortRows = .padded })?.line == 2)
    }

    @Test("A quote that is never closed is refused by the line where it opens")
    func openQuote() throws {
        let fault = try #require(readFault("a,b\n1,x\n2,\"y\n3,z\n4,w\n"))
        #expect(fault.line == 3 && fault.message.contains("never closed"))
    }

    @Test("Text behind a closing quote is refused by its line")
    func textBehindQuote() throws {
        let fault = try #require(readFault("a,b\n1,x\n2,\"y\" and z\n"))
        #expect(fault.line == 3 && fault.message.contains("behind a closing double quote"))
    }

    @Test("A value that goes on over the line's end is refused where that is switched off")
    func singleLines() throws {
        let fault = try #require(readFault("a,b\n1,\"x\ny\"\n", .with { $0.quotedLineEnds = false }))
        #expect(fault.line == 2 && fault.message.contains("support_multi_line: true"))
    }

    @Test("Two columns of one name are refused with both places, or renamed as pandas does")
    func repeatedNames() throws {
        let fault = try #require(readFault("a,b,a,a\n1,2,3,4\n"))
        #expect(fault.message.hasPrefix("t.csv has two columns \"a\": columns 1 and 3."))
        let renamed = try read("a,b,a,a,a.1\n1,2,3,4,5\n", .with { $0.repeatedNames = .renamed }).table
        #expect(renamed.names == ["a", "b", "a.2", "a.3", "a.1"] || renamed.names == ["a", "b", "a.2", "a.4", "a.1"])
    }

    @Test("An empty file is refused in a sentence", arguments: ["", "\n\n"])
    func emptyFile(_ text: String) throws {
        #expect(readFault(text)?.message == "t.csv is empty: there is not even a header.")
    }

    @Test("A file that is not there is refused by its name")
    func noFile() {
        #expect(throws: TableFault("/no/such.csv cannot be read: No such file or directory.", file: "/no/such.csv")) {
            try CSVReader().read("/no/such.csv")
        }
    }

    @Test("A file of another format is named as what it is")
    func otherFormats() throws {
        let zip: [UInt8] = [0x50, 0x4B, 3, 4, 20, 0, 0, 0]
        #expect(throws: TableFault.self) { try CSVReader().read(bytes: zip, named: "t.xlsx") }
        do {
            _ = try CSVReader().read(bytes: Array("PAR1".utf8) + [0, 0, 1], named: "t.csv")
        } catch {
            #expect(error.message.contains("t.csv is a Parquet file"))
        }
    }

    @Test("A limit reads the first rows alone")
    func rowLimit() throws {
        let table = try read("a\n1\n2\nx\n,,,\n", .with { $0.rowLimit = 2 }).table
        #expect(table.rowCount == 2 && table.kinds == [.integer])
    }

    @Test("Chosen columns alone are read, and one that is not there is refused with the nearest name")
    func chosenColumns() throws {
        #expect(try read("a,b,c\n1,2,3\n", .with { $0.columns = ["c", "a"] }).table.names == ["a", "c"])
        let fault = try #require(readFault("age,city\n1,2\n", .with { $0.columns = ["agee"] }))
        #expect(fault.message == "t.csv has no column \"agee\". Did you mean \"age\"?")
    }

    @Test("A large file is read in pieces as it is read in one, quoted line ends and all")
    func pieces() throws {
        var random = FixedRandom(state: 7), text = "n,w,q\n"
        for row in 0..<200_000 {
            let word = ["alpha", "beta", "\"ga\nmma\"", "\"d\"\"elta,\""][Int.random(in: 0..<4, using: &random)]
            text += "\(row),\(word),\"\(Int.random(in: 0..<99, using: &random))\n\"\n"
        }
        let one = try read(text, .with { $0.threads = 1 }).table
        let many = try read(text, .with { $0.threads = 4 }).table
        #expect(one.rowCount == 200_000 && many.rowCount == 200_000)
        for (left, right) in zip(one.columns, many.columns) {
            #expect(left.kind == right.kind)
            switch (left.values, right.values) {
            case (.numbers(let left), .numbers(let right)): #expect(left == right)
            case (.labels(let left), .labels(let right)): #expect(left == right)
            default: Issue.record("the columns are of different kinds")
            }
        }
    }

    @Test("A stray quote, which misleads the cutting, does not change what is read from a large file")
    func misledCut() throws {
        let rows = (0..<400_000).map { "\($0),5\(($0 == 1000) ? "\"" : "") disk" }
        let table = try read("n,w\n" + rows.joined(separator: "\n"), .with { $0.threads = 4 }).table
        #expect(table.rowCount == 400_000 && table.column("n")?.numbers.last == 399_999)
    }

    @Test("A ragged row far down a large file is named by its line")
    func raggedFarDown() throws {
        var rows = (0..<400_000).map { "\($0),word" }
        rows[345_678] += ",more"
        let fault = try #require(readFault("n,w\n" + rows.joined(separator: "\n"), .with { $0.threads = 4 }))
        #expect(fault.line == 345_680)
    }

    @Test("A word that appears late makes a category of a column that began with numbers")
    func lateWord() throws {
        let rows = (0..<5000).map { $0 == 4321 ? "oops" : "\($0 % 10).50" }
        let read = try read("a\n" + rows.joined(separator: "\n"))
        #expect(read.table.kinds == [.category])
        #expect(read.table.texts("a")[4321] == "oops" && read.table.texts("a")[1] == "1.50")
        #expect(
            read.notes.first?.text.contains("4999 values are numbers and 1 is not, such as \"oops\" (line 4323)")
                == true)
    }
}
