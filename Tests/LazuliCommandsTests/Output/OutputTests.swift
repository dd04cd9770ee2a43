import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct OutputTests {
    @Test(
        "tab-separated output is what scripts written for az read",
        arguments: [
            (#""text""#, "text\n"), ("true", "true\n"), ("3", "3\n"), (#"["a", "b"]"#, "a\nb\n"),
            (#"[["a", 1], ["b", null]]"#, "a\t1\nb\tNone\n"),
            (#"{"b": 2, "a": "x"}"#, "x\t2\n"), (#"[{"a": {"x": 1}, "b": [1, 2]}]"#, "\t2\n"), ("[]", ""), ("null", ""),
        ])
    func writesTabs(json: String, expected: String) throws {
        #expect(OutputFormat.tsv.text(of: try JSON(parsing: json), columns: nil) == expected)
    }

    @Test("a table has the kind's columns, and leaves out those that are empty")
    func writesTable() {
        let items: JSON = [["name": "a", "status": "Completed"], ["name": "longer", "status": "Failed"]]
        let text = OutputFormat.table.text(
            of: items, columns: [.init("Name", "name"), .init("Status", "status"), .init("Empty", "none.at.all")])
        #expect(text == "Name    Status\n------  ---------\na       Completed\nlonger  Failed\n")
    }

    @Test("a table of a query takes its members or numbers them")
    func writesQueryTable() throws {
        #expect(OutputFormat.table.text(of: [["n": 1, "deep": ["x": 1]]], columns: nil) == "N\n-\n1\n")
        #expect(
            OutputFormat.table.text(of: [["x", "y"]], columns: nil)
                == "Column1  Column2\n-------  -------\nx        y\n")
        #expect(OutputFormat.table.text(of: "x", columns: nil) == "Result\n------\nx\n")
    }

    @Test("nothing found is nothing written", arguments: OutputFormat.allCases)
    func writesNothing(format: OutputFormat) { #expect(format.text(of: .null, columns: nil).isEmpty) }

    @Test("each kind of failure has its exit code")
    func exitCodes() {
        #expect(ErrorReport(ServiceError(.notFound, "x")).exitCode == 3)
        #expect(ErrorReport(ServiceError(.conflict, "x")).exitCode == 1)
        #expect(ErrorReport(ServiceError(ErrorReport.usageCode, "x")).exitCode == 2)
        #expect(ErrorReport(JMESPathError(message: "x", column: 1)).exitCode == 2)
    }

    @Test("a detail that the message tells already is not told twice")
    func tellsDetailsOnce() {
        let error = ServiceError(
            .conflict, "Two problems. One.",
            details: [ServiceError(.conflict, "One."), ServiceError(.conflict, "Two.")])
        #expect(ErrorReport(error).text == "ERROR: Two problems. One.\n  Two.")
    }
}
