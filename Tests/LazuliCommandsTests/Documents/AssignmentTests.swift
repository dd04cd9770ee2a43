import LazuliResources
import Testing

@testable import LazuliCommands

@Suite struct AssignmentTests {
    @Test(
        "values are read as the type they look like",
        arguments: [
            ("a=2", "2"), ("a=2.5", "2.5"), ("a=true", "true"), ("a=True", "true"), ("a=text", "\"text\""),
            ("a=\"2\"", "\"2\""),
            ("a=[1,2]", "[1, 2]"), ("a={\"b\":1}", "{\"b\": 1}"), ("a=", "\"\""), ("a=b=c", "\"b=c\""),
            ("a=null", "null"),
        ])
    func readsTypes(text: String, expected: String) throws {
        #expect(try Assignment(text).value == (try JSON(parsing: expected)))
    }

    @Test("a path goes through mappings and lists, and makes what is missing")
    func followsPaths() throws {
        var node = try YAMLDocument.parse("inputs: {a: 1}\nlist: [x, {y: 1}]", name: "t", folder: "/").root
        for text in ["inputs.a=2", "tags.owner=me", "list[1].y=5", "tags.'a.b'=dotted", "deep[\"x\"].y=1"] {
            node = try Assignment(text).apply(to: node)
        }
        let expected: JSON = [
            "inputs": ["a": 2], "list": ["x", ["y": 5]], "tags": ["owner": "me", "a.b": "dotted"],
            "deep": ["x": ["y": 1]],
        ]
        #expect(node.json == expected)
    }

    @Test("null takes a member away")
    func nullRemoves() throws {
        let node = try YAMLDocument.parse("tags: {a: x, b: y}", name: "t", folder: "/").root
        #expect(try Assignment("tags.a=null").apply(to: node).json == ["tags": ["b": "y"]])
    }

    @Test("what cannot be set is refused", arguments: ["novalue", "=x", "list[9]=1", "a.b.c=1", "list[x=1"])
    func refuses(text: String) throws {
        let node = try YAMLDocument.parse("a: {b: text}\nlist: [1]", name: "t", folder: "/").root
        #expect(throws: ServiceError.self) { try Assignment(text).apply(to: node) }
    }
}
