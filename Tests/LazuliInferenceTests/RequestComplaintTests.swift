import Testing

@testable import LazuliInference

@Suite("Complaints about request bodies")
struct RequestComplaintTests {
    @Test(
        "name what is wrong, and where",
        arguments: [
            (#"[[1, "Fair"]]"#, "Row 0 has 2 values; 3 are expected"),
            (#"[[1, "Fair", 1], [1, "Fair", 1, 1]]"#, "Row 1 has 4 values; 3 are expected"),
            (#"[[1, "Fair", 1], ["x", "Fair", 1]]"#, #"Row 1, column "carat": "x" is not a number (double)"#),
            (#"[["1", "Fair", 1]]"#, #"column "carat": "1" is not a number"#),
            (#"[[1, 2, 1]]"#, #"column "cut": 2 is not a text"#),
            (#"[[1, "Fair", 1.5]]"#, #"column "count": 1.5 is not a whole number"#),
            (#"[[1, "Fair", null]]"#, #"column "count": null is not a whole number"#),
            (#"[[true, "Fair", 1]]"#, #"column "carat": true is not a number"#),
            (#"[[[1], "Fair", 1]]"#, #"column "carat": [1] is not a number"#),
            (#"[{"carat": 1, "count": 1}]"#, #"Row 0 lacks the column "cut" (string)"#),
            (
                #"[{"carat": 1, "cut": "Fair", "count": 1, "colour": 2}]"#,
                #"no column "colour". Its columns are: carat, cut, count."#
            ),
            (#"{"input_data": {"columns": ["carat"], "data": [[1]]}}"#, #"The request lacks the column "cut""#),
            (#"{"input_data": {"columns": ["carat", "carat", "cut"], "data": []}}"#, "twice"),
            (
                #"{"input_data": {"carat": [1, 2], "cut": ["Fair"], "count": [1, 2]}}"#,
                #"The column "cut" has 1 values"#
            ),
            (#"{"input_data": 5}"#, "5 is neither"),
            (
                #"{"rows": []}"#,
                "The request has no rows to score. Expected is an object with one of the keys input_data"
            ),
            (#"{"data": [], "inputs": []}"#, "two of the keys"),
            ("", "The request has no body."),
            ("carat=1", "begins with c"),
            (#"{"data": [[1, "Fair", 1]]"#, "not valid JSON: expected ',' or '}' at line 1"),
            (#"{"data": [[1, "Fair, 1]]}"#, "a string is not closed"),
            ("{\"data\": [[1,\n \"Fair\" 1]]}", "expected ',' or ']' at line 2, column 9"),
            (#"{"data": []} x"#, "text after the end"),
        ])
    func messages(_ body: String, _ expected: String) {
        let complaint = ColumnFixture().complaint(body)
        #expect(complaint.contains(expected), "\(complaint)")
    }

    @Test("come instead of a crash for every beginning of a good body, and every byte of it replaced")
    func mutilated() {
        let fixture = ColumnFixture()
        let whole =
            #"{"input_data": {"columns": ["carat", "cut", "count"], "index": [0], "data": [[-1.5e3, "Fa\u0069r", 1]]}}"#
        for length in 0..<whole.utf8.count {
            #expect(!fixture.complaint(String(whole.prefix(length))).hasPrefix("no complaint"))
        }
        for index in whole.indices {
            for byte in ["\"", "{", "]", "9", "\\", "\u{1}", ","] {
                _ = fixture.complaint(whole.replacingCharacters(in: index...index, with: byte))
            }
        }
    }

    @Test("stop at a depth that the stack can bear")
    func deep() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(ColumnFixture().complaint("{\"x\": \(deep)").contains("nested deeper"))
        #expect(!ColumnFixture().complaint(deep).hasPrefix("no complaint"))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: ClosedRange<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
