import LazuliResources
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test(
        "What is written is read back as the same value",
        arguments: [
            JSON.null, true, 0, .integer(.max), .integer(.min), 0.1, 1e300, -2.5e-300, .number(.leastNonzeroMagnitude),
            .number(9_007_199_254_740_992), "", "a\"b\\c\n\r\t\u{1}\u{7F}é😀\u{2028}", [], .emptyObject,
            [nil, [1, [2.5]], ["k": ["l": []]]],
        ] as [JSON])
    func roundTrip(value: JSON) throws {
        #expect(try JSON(parsing: value.bytes) == value)
        #expect(try JSON(parsing: value.prettyText) == value)
    }

    @Test("The smallest number a double holds as a whole can be written")
    func smallestWhole() throws {
        let smallest = -9_223_372_036_854_775_808.0
        #expect(try JSON(parsing: JSON.number(smallest).text).number == smallest)
    }

    @Test(
        "Control characters, quotes and backslashes are escaped; other characters stand as they are",
        arguments: [
            ("\u{0}", #""\u0000""#), ("\u{1F}", #""\u001f""#), ("\u{8}", #""\u0008""#), ("\n\r\t", #""\n\r\t""#),
            ("\"\\", #""\"\\""#), ("/é", #""/é""#),
        ])
    func escapes(text: String, written: String) {
        #expect(JSON.string(text).text == written)
        #expect(JSON.object(JSONObject([(text, JSON.integer(1))])).text == "{\(written):1}")
    }

    @Test(
        "Whole numbers are written without a fraction, floating-point numbers with one",
        arguments: [
            (JSON.integer(42), "42"), (.number(42), "42.0"), (.number(0.1), "0.1"), (.number(-0.5), "-0.5"),
            (.integer(-1), "-1"), (.number(1e22), "1e+22"),
        ])
    func numbers(value: JSON, written: String) {
        #expect(value.text == written)
    }

    @Test(
        "What JSON has no number for is written as the names that clients read back",
        arguments: [
            (Double.nan, #""NaN""#), (.infinity, #""Infinity""#), (-.infinity, #""-Infinity""#),
        ])
    func notFinite(number: Double, written: String) {
        #expect(JSON.number(number).text == written)
    }

    @Test("The text for people is indented by two spaces; empty containers stay on their line")
    func pretty() {
        let value: JSON = ["a": [1, .emptyObject], "b": [], "c": ["d": nil]]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": [],
                  "c": {
                    "d": null
                  }
                }
                """)
    }

    @Test("The text for machines has no white space")
    func compact() {
        let value: JSON = ["a": [1, .emptyObject], "b": "x y"]
        #expect(value.text == #"{"a":[1,{}],"b":"x y"}"#)
    }
}
