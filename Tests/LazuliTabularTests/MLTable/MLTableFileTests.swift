import Foundation
import Testing

@testable import LazuliTabular

@Suite("MLTable files")
struct MLTableFileTests {
    @Test("A folder with an MLTable file and its data is read as the file says")
    func plain() async throws {
        let folder = try TemporaryFolder([
            "MLTable": """
            # MLTable definition file

            paths:
              - file: ./diabetes.csv
            transformations:
              - read_delimited:
                    delimiter: ','
                    encoding: 'ascii'
            """,
            "diabetes.csv": "PatientID,BMI\n1354778,43.5\n1147438,21.25\n",
        ])
        let table = try await folder.read().table
        #expect(table.names == ["PatientID", "BMI"] && table.kinds == [.integer, .real] && table.rowCount == 2)
    }

    @Test("The delimiter and the encoding of the file are honoured")
    func delimiterAndEncoding() async throws {
        for (delimiter, written) in [(";", ";"), ("\t", "\\t"), ("|", "|")] {
            let folder = try TemporaryFolder([
                "MLTable":
                    "paths: [{file: t.csv}]\ntransformations: [{read_delimited: {delimiter: \"\(written)\", encoding: latin1}}]",
                "t.csv": "a\(delimiter)b\n1,5\(delimiter)x\n",
            ])
            #expect(try await folder.read().table.names == ["a", "b"])
        }
    }

    // MARK: Headers

    private let parts = ["p/1.csv": "a,b\n1,2\n", "p/2.csv": "b,a\n3,4\n", "p/3.csv": "a,c\n5,6\n"]

    private func headers(_ mode: String, _ files: [String: String]) throws -> TemporaryFolder {
        let text = "paths: [{pattern: ./p/*.csv}]\ntransformations: [{read_delimited: {header: \(mode)}}]"
        return try TemporaryFolder(files.merging(["MLTable": text]) { own, _ in own })
    }

    @Test("no_header: every row is data, and the columns are numbered")
    func noHeader() async throws {
        let table = try await headers("no_header", ["p/1.csv": "1,x\n", "p/2.csv": "2,y,z\n"]).read().table
        #expect(table.names == ["Column1", "Column2", "Column3"])
        #expect(table.texts("Column1") == ["1", "2"] && table.texts("Column3") == [nil, "z"])
    }

    @Test("from_first_file: the first row of the first file names the columns, all other rows are data")
    func fromFirstFile() async throws {
        let table = try await headers("from_first_file", ["p/1.csv": "a,b\n1,2\n", "p/2.csv": "3,4\n5,6\n"]).read()
            .table
        #expect(table.names == ["a", "b"] && table.texts("a") == ["1", "3", "5"])
    }

    @Test(
        "all_files_same_headers: each first row is a header; another order of names is put right, other names are refused"
    )
    func sameHeaders() async throws {
        let two = parts.filter { $0.key != "p/3.csv" }
        let table = try await headers("all_files_same_headers", two).read().table
        #expect(table.texts("a") == ["1", "4"] && table.texts("b") == ["2", "3"])
        let fault = try #require(await headers("all_files_same_headers", parts).fault())
        #expect(
            fault.message.contains("3.csv has no column \"b\"") && fault.message.contains("all_files_different_headers")
        )
    }

    @Test("all_files_different_headers: columns of one name are one column, and missing where a file lacks them")
    func differentHeaders() async throws {
        let table = try await headers("all_files_different_headers", parts).read().table
        #expect(table.names == ["a", "b", "c"])
        #expect(table.texts("a") == ["1", "4", "5"] && table.texts("b") == ["2", "3", nil])
        #expect(table.texts("c") == [nil, nil, "6"])
    }

    @Test("A column that is numbers in one file and words in another is a category, as written in both")
    func typesAcrossFiles() async throws {
        let table = try await headers("all_files_same_headers", ["p/1.csv": "a\n1.50\n", "p/2.csv": "a\nx\n"]).read()
            .table
        #expect(table.kinds == [.category] && table.texts("a") == ["1.50", "x"])
    }

    // MARK: Paths

    @Test("Files, folders and patterns are found, with wildcards through folders")
    func paths() async throws {
        let data = [
            "d/a1.txt": "x\n1\n", "d/e/a2.txt": "x\n2\n", "d/e/b.txt": "x\n3\n", "d/_SUCCESS": "",
            "d/.hidden.txt": "y\n9\n",
        ]
        let expected: [(String, [String])] = [
            ("file: ./d/a1.txt", ["1"]), ("folder: d", ["1", "2", "3"]), ("pattern: ./d/*.txt", ["1"]),
            ("pattern: d/**/*.txt", ["1", "2", "3"]), ("pattern: d/**/a?.txt", ["1", "2"]),
            ("pattern: d/*/[b-c].txt", ["3"]),
        ]
        for (path, values) in expected {
            let text =
                "type: mltable\npaths:\n  - \(path)\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
            let folder = try TemporaryFolder(data.merging(["MLTable": text]) { own, _ in own })
            #expect(try await folder.read().table.texts("x") == values, "\(path)")
        }
    }

    @Test("A path that means no file is refused with the path")
    func noFiles() async throws {
        for path in ["file: ./no.csv", "pattern: ./*.txt", "folder: ./none"] {
            let folder = try TemporaryFolder(["MLTable": "paths:\n  - \(path)\n", "yes.csv": "a\n1\n"])
            let fault = try #require(await folder.fault())
            #expect(fault.message.contains("not there") || fault.message.contains("means no file"), "\(fault.message)")
        }
    }

    @Test("A path with a scheme is asked for")
    func schemes() async throws {
        let folder = try TemporaryFolder(["data.csv": "a\n1\n", "MLTable": "paths: [{file: 'azureml://x/data.csv'}]"])
        #expect(await folder.fault()?.message.contains("azureml://x/data.csv is not on this machine") == true)
        var source = TableSource()
        let place = folder.path
        source.localPath = { "\(place)/\($0.split(separator: "/").last ?? "")" }
        #expect(try await source.read(path: folder.path).table.texts("a") == ["1"])
    }

    // MARK: Steps

    private func stepped(
        _ steps: String,
        csv: String = "id,name,price,day,ok\n1,x,1.5,31/12/2024,yes\n2,y,,01/01/2025,no\n3,x,3.5,02/01/2025,yes\n"
    ) async throws -> ReadTable {
        try await stepsFolder(steps, csv).read()
    }

    private func stepsFolder(_ steps: String, _ csv: String = "id,name\n1,x\n") throws -> TemporaryFolder {
        let text = "paths: [{file: t.csv}]\ntransformations:\n  - read_delimited: {delimiter: ','}\n\(steps)\n"
        return try TemporaryFolder(["MLTable": text, "t.csv": csv])
    }

    @Test("Columns are kept and dropped")
    func columns() async throws {
        #expect(try await stepped("  - keep_columns: [price, id]").table.names == ["price", "id"])
        #expect(
            try await stepped("  - drop_columns: [price, id]\n  - drop_columns: ok").table.names == ["name", "day"])
        let fault = await (try stepsFolder("  - drop_columns: [nome]")).fault()
        #expect(fault?.message.contains("\"nome\", which is not there. Did you mean \"name\"?") == true)
    }

    @Test("Rows are skipped, taken and sampled, the sample by its seed")
    func rows() async throws {
        #expect(try await stepped("  - skip: 1\n  - take: 1").table.texts("id") == ["2"])
        let csv = "n\n" + (0..<1000).map { "\($0)" }.joined(separator: "\n")
        let sample = "  - take_random_sample: {probability: 0.3, seed: 5}"
        let (one, two) = (try await stepped(sample, csv: csv).table, try await stepped(sample, csv: csv).table)
        #expect(one.texts("n") == two.texts("n") && (230...370).contains(one.rowCount))
    }

    @Test("Types are converted from what is written: int, float, string, boolean, datetime")
    func conversions() async throws {
        let read = try await stepped(
            """
              - convert_column_types:
                  - columns: [id]
                    column_type: string
                  - columns: price
                    column_type: float
                  - columns: day
                    column_type:
                      datetime:
                        formats: ['%d/%m/%Y']
                  - columns: ok
                    column_type:
                      boolean:
                        true_values: ['yes']
                        false_values: ['no']
            """, csv: "id,price,day,ok\n0070,1.5,31/12/2024,yes\n1.50,n/a,01/01/2025,no\n3,x,nonsense,maybe\n")
        let table = read.table
        #expect(table.kinds == [.category, .real, .dateTime, .boolean])
        #expect(table.texts("id") == ["0070", "1.50", "3"] && table.texts("price") == ["1.5", nil, nil])
        #expect(table.texts("day") == ["2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z", nil])
        #expect(table.texts("ok") == ["true", "false", nil])
        #expect(read.notes.compactMap(\.column) == ["price", "day", "ok"])
    }

    @Test("Whole numbers are made of what is whole, and other values are missing with a note")
    func integers() async throws {
        let read = try await stepped(
            "  - convert_column_types: [{columns: [a], column_type: int}]", csv: "a\n1\n2.0\n3.7\nx\n")
        #expect(read.table.kinds == [.integer] && read.table.texts("a") == ["1", "2", nil, nil])
        #expect(read.notes.map(\.text) == ["\"3.7\" is no whole number; 2 such values were read as missing."])
    }

    @Test("A file as the package mltable saves it is read, the types of single columns set beside the inference")
    func saved() async throws {
        let folder = try TemporaryFolder([
            "MLTable": """
            paths:
            - pattern: ./*.csv
            transformations:
            - read_delimited:
                delimiter: ','
                empty_as_string: false
                encoding: utf8
                header: all_files_same_headers
                include_path_column: true
                infer_column_types:
                  sample_size: 100
                  column_type_overrides:
                    zip: string
                partition_size: 20971520
                path_column: Source
                support_multi_line: false
            type: mltable
            """, "t.csv": "zip,n\n70173,1\n",
        ])
        let table = try await folder.read().table
        #expect(table.names == ["Source", "zip", "n"] && table.kinds == [.category, .category, .integer])
    }

    @Test("Rows are filtered by comparisons")
    func filters() async throws {
        let expected: [(String, [String])] = [
            ("col(\"id\") > 1", ["2", "3"]), ("col('name') == 'x' and not col('id') == 1", ["3"]),
            ("2 <= col(\"id\")", ["2", "3"]), ("(col(\"id\") == 1) | (col(\"id\") == 3)", ["1", "3"]),
            ("col(\"price\") < 2", ["1"]), ("col(\"price\").is_null()", ["2"]), ("col(\"price\") != None", ["1", "3"]),
            ("col(\"id\") >= -1", ["1", "2", "3"]), ("col(\"day\") > '2024-12-31'", ["2", "3"]),
        ]
        for (filter, ids) in expected {
            let read = try await stepped("  - filter: '\(filter.replacingOccurrences(of: "'", with: "''"))'")
            #expect(read.table.texts("id") == ids, "\(filter)")
        }
        for filter in [
            "col(\"id\").length() > 3", "startswith(col(\"id\"))", "col(\"id\")", "col(\"none\") > 1",
            "col(\"id\") > \"x",
        ] {
            let fault = try await #require(stepsFolder("  - filter: '\(filter)'").fault(), "\(filter)")
            #expect(fault.message.contains("filter"), "\(fault.message)")
        }
    }

    @Test("Columns are read off the paths of the files")
    func partitions() async throws {
        let folder = try TemporaryFolder([
            "MLTable": """
            paths: [{pattern: ./d/**/*.csv}]
            transformations:
              - read_delimited: {include_path_column: true}
              - extract_columns_from_partition_format: /d/{Department}/{Day:yyyy/MM/dd}/data.csv
              - filter: col("n") > 1
            """,
            "d/Accounts/2019/01/01/data.csv": "n\n1\n2\n", "d/Sales/2019/01/02/data.csv": "n\n3\n",
        ])
        let table = try await folder.read().table
        #expect(table.names == ["Department", "Day", "Path", "n"])
        #expect(table.texts("Department") == ["Accounts", "Sales"])
        #expect(table.texts("Day") == ["2019-01-01T00:00:00Z", "2019-01-02T00:00:00Z"])
        #expect(table.texts("Path").map { $0?.hasSuffix("data.csv") } == [true, true])
    }

    // MARK: Faults

    @Test("What is not known is refused by its name and line, with what there is")
    func unknown() async throws {
        let cases = [
            ("  - read_delta_lake: {timestamp_as_of: x}", "read_delta_lake"),
            ("  - keep_colums: [a]", "Did you mean \"keep_columns\"?"),
            ("  - convert_column_types: [{columns: a, column_type: stream_info}]", "\"stream_info\" is not supported"),
            ("  - take: many", "whole number of rows"), ("  - take_random_sample: {probability: 2}", "from 0 to 1"),
            ("  - read_parquet", "the files are read once"),
            ("  - convert_column_types: [{columns: a, column_type: {datetime: {formats: '%Q'}}}]", "the directive %Q"),
        ]
        for (step, words) in cases {
            let fault = try await #require(stepsFolder(step).fault())
            #expect(fault.message.contains(words) && fault.line == 4, "\(fault.message)")
        }
    }

    @Test(
        "Settings that are not known, or cannot be so, are refused",
        arguments: [
            (
                "paths: [{file: t.csv}]\ntransformations: [{read_delimited: {delimeter: ','}}]",
                "Did you mean \"delimiter\"?"
            ),
            (
                "paths: [{file: t.csv}]\ntransformations: [{read_delimited: {encoding: ebcdic}}]",
                "\"ebcdic\" is not known"
            ),
            (
                "paths: [{file: t.csv}]\ntransformations: [{read_delimited: {header: first}}]",
                "There are: all_files_different"
            ),
            ("paths: [{file: t.csv}]\ntransformations: [{read_delimited: {delimiter: '::'}}]", "one character"),
            ("paths: [{files: t.csv}]", "Did you mean \"file\"?"), ("transformations: []", "\"paths:\" is missing"),
            ("path: [{file: t.csv}]", "Did you mean \"paths\"?"), ("paths: [", "is no YAML"),
            ("- a", "no MLTable file"),
            ("type: uri_file\npaths: [{file: t.csv}]", "should be mltable"),
        ])
    func badSettings(_ text: String, _ words: String) async throws {
        let folder = try TemporaryFolder(["MLTable": text, "t.csv": "a\n1\n"])
        let fault = try #require(await folder.fault())
        #expect(fault.message.contains(words), "\(fault.message)")
    }

    @Test("Short rows are filled up, as Azure does it, and a note tells the line")
    func shortRows() async throws {
        let read = try await stepped("", csv: "a,b\n1,2\n3\n")
        #expect(read.table.texts("b") == ["2", nil] && read.notes.first?.text.contains("line 3") == true)
    }

    @Test("A limit gives the first rows after the steps")
    func rowLimit() async throws {
        let folder = try stepsFolder("  - skip: 1\n  - filter: col(\"n\") > 2", "n\n1\n2\n3\n4\n5\n")
        var source = TableSource()
        source.rowLimit = 2
        #expect(try await source.read(path: folder.path).table.texts("n") == ["3", "4"])
    }
}
