import Testing

@testable import LazuliInference

@Suite("Rows of named columns")
struct RequestShapeTests {
    private static let two = [[0.23, 1, 4], [1.5, 0, 2]]

    @Test(
        "are the same rows in every shape that clients send",
        arguments: [
            #"{"input_data": {"columns": ["carat", "cut", "count"], "index": [0, 1], "data": [[0.23, "Ideal", 4], [1.5, "Fair", 2]]}}"#,
            #"{"input_data": {"data": [["Ideal", 4, 0.23], ["Fair", 2, 1.5]], "index": [7, 8], "columns": ["cut", "count", "carat"]}}"#,
            #"{"input_data": [[0.23, "Ideal", 4], [1.5, "Fair", 2.0]]}"#,
            #"{"input_data": [{"count": 4, "carat": 0.23, "cut": "Ideal"}, {"carat": 1.5, "cut": "Fair", "count": 2}]}"#,
            #"{"input_data": {"carat": [0.23, 1.5], "cut": ["Ideal", "Fair"], "count": [4, 2]}}"#,
            #"{"input_data": {"carat": {"0": 0.23, "1": 1.5}, "cut": {"0": "Ideal", "1": "Fair"}, "count": {"0": 4, "1": 2}}}"#,
            #"{"dataframe_split": {"columns": ["count", "cut", "carat"], "data": [[4, "Ideal", 0.23], [2, "Fair", 1.5]]}}"#,
            #"{"dataframe_records": [{"carat": 0.23, "cut": "Ideal", "count": 4}, {"carat": 1.5, "cut": "Fair", "count": 2}]}"#,
            #"{"instances": [{"carat": 0.23, "cut": "Ideal", "count": 4}, {"carat": 15e-1, "cut": "\u0046air", "count": 2}]}"#,
            #"{"inputs": {"carat": [[0.23], [1.5]], "cut": [["Ideal"], ["Fair"]], "count": [[4], [2]]}, "params": {"x": [1, {}]}}"#,
            #"{"data": [[0.23, "Ideal", 4], [1.5, "Fair", 2]]}"#,
            #" [[0.23, "Ideal", 4], {"carat": 1.5, "cut": "Fair", "count": 2}] "#,
            #""{\"data\": [[0.23, \"Ideal\", 4], [1.5, \"Fair\", 2]]}""#,
        ])
    func shapes(_ body: String) throws {
        #expect(try ColumnFixture().read(body) == Self.two)
    }

    @Test("may be one, given as plain values, or none")
    func oneAndNone() throws {
        let fixture = ColumnFixture()
        #expect(try fixture.read(#"{"input_data": {"carat": 1, "cut": "Grün", "count": 3}}"#) == [[1, 2, 3]])
        #expect(try fixture.read(#"{"data": []}"#) == [])
    }

    @Test("have NaN where an optional value is left out, null, or a category nobody trained with")
    func missing() throws {
        let fixture = ColumnFixture(optional: ["carat"])
        for body in [
            #"[{"cut": "Fair", "count": 1}]"#, #"[{"carat": null, "cut": "Fair", "count": 1}]"#,
            #"{"input_data": {"columns": ["cut", "count"], "data": [["Fair", 1]]}}"#, #"[[NaN, "Fair", 1]]"#,
            #"{"input_data": {"cut": ["Fair"], "count": [1]}}"#,
        ] {
            let row = try #require(try fixture.read(body).first)
            #expect(row[0].isNaN && row[1...] == [0, 1], "\(body)")
        }
        #expect(try fixture.read(#"[[1, "Unheard of", 1]]"#)[0][1].isNaN)
    }

    @Test("are as many as the body holds, far more than the memory that was there at first")
    func many() throws {
        let rows = (0..<5000).map { "[\($0).5, \"Ideal\", \($0)]" }.joined(separator: ",")
        let read = try ColumnFixture().read("[\(rows)]")
        #expect(read.count == 5000 && read[4999] == [4999.5, 1, 4999] && read[17] == [17.5, 1, 17])
    }

    @Test("answer as a bare list, or under `predictions` when the key was one of MLflow's")
    func envelope() throws {
        let fixture = ColumnFixture()
        for (key, isBare) in [("input_data", true), ("data", true), ("dataframe_records", false), ("instances", false)]
        {
            let body = Array(#"{"\#(key)": [{"carat": 1, "cut": "Fair", "count": 1}]}"#.utf8)
            let request = try body.withUnsafeBufferPointer { try fixture.reader.read($0) }
            #expect((request.envelope == .bare) == isBare)
        }
    }
}
