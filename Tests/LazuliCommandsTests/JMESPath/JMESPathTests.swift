import LazuliResources
import Testing

@testable import LazuliCommands

/// What the PyPI package `jmespath` 1.1.0 answers, except where it departs from the specification.
@Suite struct JMESPathTests {
    static let document = #"""
        {"name": "brave", "status": "Completed", "n": 3, "f": 2.5, "flag": true, "nothing": null, "tags": {"owner": "me", "stage": "dev", "a.b": "dotted"}, "items": [{"name": "b", "size": 2, "on": true, "t": ["x", "y"]}, {"name": "a", "size": 1, "on": false, "t": ["z"]}, {"name": "c", "size": 3, "on": true, "t": []}],
        "nested": [[1, 2], [3], [], [[4]]],
        "numbers": [5, 1, 4],
        "words": ["pear", "apple"],
        "deep": {"a": {"b": {"c": [{"d": 1}, {"d": 2}]}}}, "map": {"x": {"v": 1}, "y": {"v": 2}}, "empty": [],
        "eo": {}, "es": ""}
        """#

    static let cases: [(String, String)] = [
        (#"name"#, #""brave""#),
        (#"missing"#, #"null"#),
        (#"deep.a.b.c[0].d"#, #"1"#),
        (#"deep.a.b.c[-1].d"#, #"2"#),
        (#"deep.a.b.c[*].d"#, #"[1, 2]"#),
        (#"items[].name"#, #"["b", "a", "c"]"#),
        (#"items[*].t"#, #"[["x", "y"], ["z"], []]"#),
        (#"items[*].t[]"#, #"["x", "y", "z"]"#),
        (#"items[*].t[0]"#, #"["x", "z"]"#),
        (#"items[?on].name"#, #"["b", "c"]"#),
        (#"items[?size > `1`].name"#, #"["b", "c"]"#),
        (#"items[?size >= `2` && on].name"#, #"["b", "c"]"#),
        (#"items[?size < `2` || name == 'c'].name"#, #"["a", "c"]"#),
        (#"items[?!on].name | [0]"#, #""a""#),
        (#"items[?name == 'a'] | [0].size"#, #"1"#),
        (#"items[?contains(t, 'x')].name"#, #"["b"]"#),
        (#"items[0:2].name"#, #"["b", "a"]"#),
        (#"items[::-1].name"#, #"["c", "a", "b"]"#),
        (#"items[-2:].name"#, #"["a", "c"]"#),
        (#"items[1].{n: name, s: size}"#, #"{"n": "a", "s": 1}"#),
        (#"items[*].[name, size]"#, #"[["b", 2], ["a", 1], ["c", 3]]"#),
        (#"items[].{n: name, s: size}"#, #"[{"n": "b", "s": 2}, {"n": "a", "s": 1}, {"n": "c", "s": 3}]"#),
        (
            #"items[*].{n: name, first: t[0]}"#,
            #"[{"n": "b", "first": "x"}, {"n": "a", "first": "z"}, {"n": "c", "first": null}]"#
        ),
        (#"{a: name, b: n, c: missing}"#, #"{"a": "brave", "b": 3, "c": null}"#),
        (#"[name, n]"#, #"["brave", 3]"#),
        (#"tags."a.b""#, #""dotted""#),
        (#"tags.*"#, #"["me", "dev", "dotted"]"#),
        (#"map.*.v"#, #"[1, 2]"#),
        (#"nested[]"#, #"[1, 2, 3, [4]]"#),
        (#"nested[][]"#, #"[1, 2, 3, 4]"#),
        (#"nested[*][0]"#, #"[1, 3, [4]]"#),
        (#"numbers | sort(@)"#, #"[1, 4, 5]"#),
        (#"sort(words)"#, #"["apple", "pear"]"#),
        (#"sort_by(items, &size)[].name"#, #"["a", "b", "c"]"#),
        (#"sort_by(items, &name)[0].name"#, #""a""#),
        (#"max_by(items, &size).name"#, #""c""#),
        (#"min_by(items, &size).name"#, #""a""#),
        (#"max(numbers)"#, #"5"#),
        (#"min(words)"#, #""apple""#),
        (#"sum(numbers)"#, #"10"#),
        (#"avg(numbers)"#, #"3.3333333333333335"#),
        (#"length(items)"#, #"3"#),
        (#"length(name)"#, #"5"#),
        (#"length(tags)"#, #"3"#),
        (#"keys(map)"#, #"["x", "y"]"#),
        (#"values(tags)"#, #"["me", "dev", "dotted"]"#),
        (#"map(&size, items)"#, #"[2, 1, 3]"#),
        (#"map(&missing, items)"#, #"[null, null, null]"#),
        (#"reverse(words)"#, #"["apple", "pear"]"#),
        (#"reverse(name)"#, #""evarb""#),
        (#"join(', ', words)"#, #""pear, apple""#),
        (#"starts_with(name, 'br')"#, #"true"#),
        (#"ends_with(name, 'x')"#, #"false"#),
        (#"contains(name, 'rav')"#, #"true"#),
        (#"to_string(n)"#, #""3""#),
        (#"to_string(tags)"#, #""{\"owner\":\"me\",\"stage\":\"dev\",\"a.b\":\"dotted\"}""#),
        (#"to_number('12')"#, #"12"#),
        (#"to_number('1.5')"#, #"1.5"#),
        (#"to_number('x')"#, #"null"#),
        (#"to_array(n)"#, #"[3]"#),
        (#"type(n)"#, #""number""#),
        (#"type(nothing)"#, #""null""#),
        (#"type(items)"#, #""array""#),
        (#"not_null(missing, name)"#, #""brave""#),
        (#"merge(tags, {stage: 'prod'})"#, #"{"owner": "me", "stage": "prod", "a.b": "dotted"}"#),
        (#"abs(`-3`)"#, #"3"#),
        (#"ceil(f)"#, #"3"#),
        (#"floor(f)"#, #"2"#),
        (#"`{"a": 1}`.a"#, #"1"#),
        (#"'raw string'"#, #""raw string""#),
        (#"`"json"`"#, #""json""#),
        (#"@.name"#, #""brave""#),
        (#"items[?on] | length(@)"#, #"2"#),
        (#"items[?on].size | sum(@)"#, #"5"#),
        (#"(name)"#, #""brave""#),
        (#"(items)[0].name"#, #""b""#),
        (#"!flag"#, #"false"#),
        (#"!missing"#, #"true"#),
        (#"n == `3`"#, #"true"#),
        (#"n != `3.0`"#, #"false"#),
        (#"f > n"#, #"false"#),
        (#"name < 'c'"#, #"true"#),
        (#"flag && name"#, #""brave""#),
        (#"missing || 'default'"#, #""default""#),
        (#"nothing || n"#, #"3"#),
        (#"empty || 'e'"#, #""e""#),
        (#"items[?t[0] == 'x'].name"#, #"["b"]"#),
        (#"items[?length(t) > `1`].name"#, #"["b"]"#),
        (#"items[0].t | [1]"#, #""y""#),
        (#"items[*].name | [1]"#, #""a""#),
        (#"missing[*].x"#, #"null"#),
        (#"missing[0]"#, #"null"#),
        (#"tags[0]"#, #"null"#),
        (#"items.name"#, #"null"#),
        (#"name[0]"#, #"null"#),
        (#"items[].t[].[@]"#, #"[["x"], ["y"], ["z"]]"#),
        (#"numbers[?@ > `2`]"#, #"[5, 4]"#),
        (#"eo.*"#, #"[]"#),
        (#"items[*].name.length(@)"#, #"[1, 1, 1]"#),
        (#"[items[0].name, `1`, tags.owner]"#, #"["b", 1, "me"]"#),
        (#"{"quoted key": name}"#, #"{"quoted key": "brave"}"#),
        (#"items[?name=='a'||name=='b'].size"#, #"[2, 1]"#),
        (#"items[?(size == `1` || size == `3`) && on].name"#, #"["c"]"#),
        (#"deep.a.b.c[?d==`2`] | [0]"#, #"{"d": 2}"#),
        (#"nested[0][1]"#, #"2"#),
        (#"items[5]"#, #"null"#),
        // The specification: everything after a wildcard belongs to its projection.
        (#"deep.*.b.c[].d"#, "[1, 2]"),
    ]

    @Test("a query finds what the reference implementation finds", arguments: cases)
    func findsWhatTheReferenceFinds(query: String, expected: String) throws {
        let document = try JSON(parsing: Self.document)
        let found = try JMESPath(query).search(document)
        let wanted = try JSON(parsing: expected)
        #expect(JMESPath.equal(found, wanted) || found == wanted, "\(found.text)")
    }

    @Test(
        "a query that cannot be read is refused with its place",
        arguments: [
            "items[", "a..b", "a.", "foo(", "nofunc(@)", "`bad", "'open", "a b", "items[?size>", "[", "{a}", "a=b", "-",
            "a[1:2:3:4]", "items[*", "", "a[]]", "items[0][\"name\"]",
        ])
    func refusesWhatCannotBeRead(query: String) {
        #expect(throws: JMESPathError.self) { try JMESPath(query) }
    }

    @Test(
        "a query that does not fit the answer is refused",
        arguments: [
            "length()", "length(n)", "items[::0]", "sort(items)", "abs('x')", "join(words)", "sum(words)",
            "sort_by(items, &t)", "&name",
        ])
    func refusesWhatDoesNotFit(query: String) throws {
        let document = try JSON(parsing: Self.document)
        #expect(throws: JMESPathError.self) { try JMESPath(query).search(document) }
    }

    @Test("the message names the column and the nearest function")
    func namesColumnAndFunction() throws {
        let error = #expect(throws: JMESPathError.self) { try JMESPath("items[].lenght(@)") }
        #expect(error?.description.contains("length") ?? false)
        #expect(error?.column == 9)
    }
}
