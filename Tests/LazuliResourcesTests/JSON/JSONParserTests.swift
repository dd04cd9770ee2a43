import LazuliResources
import Testing

@Suite("The JSON parser")
struct JSONParserTests {
    @Test(
        "Every form of value RFC 8259 allows is read as what it is",
        arguments: [
            ("null", JSON.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
            ("-0", .integer(0)),
            ("-17", .integer(-17)), ("1.5", .number(1.5)), ("1e2", .number(100)), ("1E+2", .number(100)),
            ("25e-1", .number(2.5)), ("-0.25", .number(-0.25)), (#""""#, .string("")), (#""a b""#, .string("a b")),
            ("[]", .array([])), ("{}", .emptyObject), (" \t\r\n[ 1 , 2 ]\n", [1, 2]),
            (#"{"a":{"b":[null,{}]}}"#, ["a": ["b": [nil, .emptyObject]]]), (#""\/""#, .string("/")),
            (#""\"\\\b\f\n\r\t""#, .string("\"\\\u{8}\u{C}\n\r\t")), ("\"\u{7F}\"", .string("\u{7F}")),
            (#""é€😀""#, .string("é€😀")), (#"{"":0}"#, ["": 0]),
        ] as [(String, JSON)])
    func accepted(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
    }

    @Test(
        "What RFC 8259 forbids is refused",
        arguments: [
            "", " ", "nul", "True", "TRUE", "tru", "nan", "NaN", "Infinity", "-", "+1", "01", "-01", "00", ".5", "1.",
            "1.e3",
            "1e", "1e+", "0x10", "1_000", "1 2", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "}", "{,}", #"{"a"}"#,
            #"{"a":}"#,
            #"{"a":1,}"#, #"{a:1}"#, #"{'a':1}"#, #"{"a" 1}"#, #"{1:2}"#, #"{"a":1 "b":2}"#, #"""#, #""a"#, #""\x41""#,
            #""\u12""#, #""\u12G4""#, "\"\n\"", "\"\t\"", "\"\u{0}\"", "// x\n1", "/* x */ 1", "'a'", "[1}",
            #"{"a":1]"#,
            "\u{FEFF}\u{FEFF}1", "\u{A0}1", "1\u{0}", "\u{2028}1",
        ])
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    }

    @Test(
        "An error names the line and the column, counted from 1",
        arguments: [
            ("", 1, 1), ("  x", 1, 3), ("[1,\n 2,\n  oops]", 3, 3), ("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3),
            ("1 1", 1, 3),
            ("{\r\n\"a\": tru\r\n}", 2, 6),
        ])
    func places(text: String, line: Int, column: Int) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(!error.reason.isEmpty)
    }

    @Test(
        "Bytes that are no UTF-8 are refused inside strings",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80],
        ] as [[UInt8]])
    func invalidUnicode(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22] + bytes + [0x22]) }
    }

    @Test(
        "Documents may be nested 256 levels deep and no deeper, whichever bracket nests them",
        arguments: [
            ("[", "]"), ("{\"a\":", "}"),
        ])
    func depth(open: String, close: String) throws {
        func nested(_ levels: Int) -> String {
            String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
        }
        _ = try JSON(parsing: nested(256))
        let error = try #require(throws: JSONSyntaxError.self) { try JSON(parsing: nested(257)) }
        #expect(error.reason.contains("256"))
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: String(repeating: open, count: 100_000)) }
    }

    @Test("Brackets side by side do not count as depth")
    func breadth() throws {
        let text = "[" + Array(repeating: "[{}]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSON(parsing: text).array?.count == 1000)
    }

    @Test(
        "Escapes of surrogates make one character; a lone one becomes the replacement character",
        arguments: [
            (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDD1E""#, "𝄞"), (#""\ud83d""#, "\u{FFFD}"),
            (#""\ude00""#, "\u{FFFD}"),
            (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
            (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\u00e9""#, "é"), (#""\u0000""#, "\u{0}"),
        ])
    func surrogates(text: String, expected: String) throws {
        #expect(try JSON(parsing: text).string == expected)
    }

    @Test(
        "Whole numbers stay whole to the last digit; what does not fit becomes a number",
        arguments: [
            ("9007199254740993", JSON.integer(9_007_199_254_740_993)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("-9223372036854775809", .number(-0x1p63)),
            ("9223372036854775808", .number(9.223372036854775808e18)),
            ("42", .integer(42)), ("42.0", .number(42)), ("4.2e1", .number(42)),
        ] as [(String, JSON)])
    func integers(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
    }

    @Test("A number without a bound is refused, not read as infinity", arguments: ["1e400", "-1e400"])
    func infinite(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    }

    @Test("Of a repeated key the first place and the last value count")
    func repeatedKeys() throws {
        let object = try #require(try JSON(parsing: #"{"a":1,"b":2,"a":3}"#).object)
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
    }

    @Test("Keys keep the order in which they were written")
    func order() throws {
        let text = #"{"z":1,"a":{"y":2,"b":3},"m":[]}"#
        #expect(try JSON(parsing: text).text == text)
    }

    @Test("One byte order mark before the document is passed over")
    func byteOrderMark() throws {
        #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0xEF, 0xBB] + Array("[1]".utf8)) }
    }

    @Test("Collections that are not contiguous are read alike")
    func otherCollections() throws {
        let bytes = Array(#"{"a":[1,2]}"#.utf8)
        #expect(try JSON(parsing: bytes.lazy.map { $0 }) == ["a": [1, 2]])
        #expect(try JSON(parsing: bytes.dropFirst(5).dropLast()) == [1, 2])
    }
}
