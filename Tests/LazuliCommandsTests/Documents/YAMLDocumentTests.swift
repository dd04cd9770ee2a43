import Foundation
import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct YAMLDocumentTests {
    @Test(
        "plain scalars read as YAML 1.1 reads them",
        arguments: [
            ("42", "42"), ("42.0", "42.0"), ("-7", "-7"), ("0x1F", "31"), ("1_000", "1000"), ("0.10", "0.1"),
            ("1e-3", "\"1e-3\""),
            ("1.5e+3", "1500.0"), ("yes", "true"), ("Off", "false"), ("~", "null"), ("'42'", "\"42\""),
            ("\"true\"", "\"true\""),
            ("1.2.3", "\"1.2.3\""), ("2024-01-01", "\"2024-01-01\""), ("+5", "5"), ("0b11", "3"), ("010", "8"),
            ("-", "\"-\""),
            ("3.8", "3.8"), ("1:30", "\"1:30\""), (".5", "0.5"), ("abc", "\"abc\""),
        ])
    func readsPlainScalars(text: String, expected: String) throws {
        let root = text == "-" ? "v: '-'" : "v: \(text)"
        let document = try YAMLDocument.parse(root, name: "t.yml", folder: "/")
        #expect(document.root.json["v"] == (try JSON(parsing: expected)))
    }

    @Test("numbers keep the text they were written in")
    func keepsWrittenText() throws {
        let document = try YAMLDocument.parse("a: 0.10\nb: 42\nc: 1_000", name: "t.yml", folder: "/")
        #expect(document.root["a"]?.scalarText == "0.10")
        #expect(document.root["b"]?.scalarText == "42")
        #expect(document.root["c"]?.scalarText == "1_000")
    }

    @Test("every value knows its line and column")
    func knowsPlaces() throws {
        let document = try YAMLDocument.parse("a: 1\nb:\n  c: [x, y]\n", name: "t.yml", folder: "/")
        #expect(document.root["b"]?["c"]?.elements?[1].place == .file("t.yml", line: 3, column: 10))
        #expect(document.root["b"]?.entries?.first?.place == .file("t.yml", line: 3, column: 3))
    }

    @Test("broken YAML is told with its place")
    func tellsBrokenYAML() {
        let error = #expect(throws: ServiceError.self) {
            try YAMLDocument.parse("a: 1\n b: [", name: "t.yml", folder: "/")
        }
        #expect(error?.message.hasPrefix("t.yml:2:") ?? false)
    }

    @Test("a key that stands twice is refused")
    func refusesRepeatedKeys() {
        let error = #expect(throws: ServiceError.self) {
            try YAMLDocument.parse("a: 1\na: 2\n", name: "t.yml", folder: "/")
        }
        #expect(error?.message.contains("a") ?? false)
    }

    @Test("merge keys and anchors are followed")
    func followsMergeKeys() throws {
        let text = "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n"
        let document = try YAMLDocument.parse(text, name: "t.yml", folder: "/")
        #expect(document.root.json["other"] == ["x": 1, "y": 3])
    }

    @Test("a file that is not there is told with the nearest that is")
    func tellsMissingFile() throws {
        let folder = try TemporaryFolder(["job.yml": "command: x"])
        defer { folder.remove() }
        let error = #expect(throws: ServiceError.self) { try YAMLDocument.read(folder.path + "/jbo.yml") }
        #expect(error?.message.contains("Did you mean \"job.yml\"?") ?? false)
    }

    @Test(
        "what is written as YAML reads back the same",
        arguments: [
            #"{"a": "42", "b": 42, "c": "true", "d": [1, "x", null], "e": {"f": "line 1\nline 2\n"}, "g": "", "h": "a: b", "i": "0.10"}"#,
            #"{"list": [{"name": "x", "n": 1.5}, []], "empty": {}, "star": "*x", "dash": "- a", "hash": "a #b"}"#,
        ])
    func writesWhatReadsBack(text: String) throws {
        let value = try JSON(parsing: text)
        let written = YAMLWriter.text(of: value)
        #expect(try YAMLDocument.parse(written, name: "t.yml", folder: "/").root.json == value, "\(written)")
    }
}
