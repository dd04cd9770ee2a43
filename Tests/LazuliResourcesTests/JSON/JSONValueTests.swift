import LazuliResources
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test(
        "A scalar is what a person would type for it",
        arguments: [
            (JSON.integer(42), "42"), (.number(0.1), "0.1"), (.bool(true), "true"), (.bool(false), "false"),
            (.string("x"), "x"), (.null, nil), (.array([]), nil), (.emptyObject, nil),
        ] as [(JSON, String?)])
    func scalars(value: JSON, text: String?) {
        #expect(value.scalarText == text)
    }

    @Test("A number without a fraction counts as whole, one with a fraction or beyond the range does not")
    func wholeNumbers() {
        #expect(JSON.number(3).integer == 3)
        #expect(JSON.number(3.5).integer == nil)
        #expect(JSON.number(1e30).integer == nil)
        #expect(JSON.string("3").integer == nil)
        #expect(JSON.integer(3).number == 3)
    }

    @Test("Members of what is no object are null, and so is a path that leaves the document")
    func missing() {
        let value: JSON = ["a": ["b": 1]]
        #expect(value["x"].isNull)
        #expect(value["a"]["b"]["c"].isNull)
        #expect(value[path: ["a", "b"]] == 1)
        #expect(value[path: ["a", "z", "b"]].isNull)
    }

    @Test("Setting a member makes the objects on the way")
    func setting() {
        var value = JSON.null
        value["a"]["b"] = 1
        #expect(value == ["a": ["b": 1]])
        value["a"] = "gone"
        #expect(value == ["a": "gone"])
    }

    @Test("Setting nil removes a member, setting null keeps it")
    func removing() {
        var object = JSONObject([("a", 1), ("b", 2)])
        object["a"] = JSON.null
        #expect(object.keys == ["a", "b"])
        object["a"] = nil
        #expect(object.keys == ["b"])
        object["a"] = 3
        #expect(object.keys == ["b", "a"])
    }

    @Test("Objects are equal whatever the order of their members; arrays are not")
    func equality() {
        #expect(["a": 1, "b": 2] as JSON == ["b": 2, "a": 1])
        #expect([1, 2] as JSON != [2, 1])
        #expect(["a": nil] as JSON != JSON.emptyObject)
        #expect(JSON.integer(1) != JSON.number(1))
    }

    @Test("Merging overlays the other's members, in their first places")
    func merging() {
        let merged = JSONObject([("a", 1), ("b", 2)]).merging(JSONObject([("b", 3), ("c", 4)]))
        #expect(JSON.object(merged).text == #"{"a":1,"b":3,"c":4}"#)
    }

    @Test("Objects of any size keep the order of their members, and find, change and remove them")
    func members() {
        for count in [3, 40] {
            var object = JSONObject((0..<count).map { ("key\($0)", JSON($0)) })
            #expect(object.keys == (0..<count).map { "key\($0)" })
            object["key1"] = "changed"
            object["key0"] = Optional.none
            object["late"] = true
            #expect(object.count == count)
            #expect(object["key0"] == nil)
            #expect(object["key1"] == "changed")
            #expect(object["key\(count - 1)"] == JSON(count - 1))
            #expect(object.keys.first == "key1")
            #expect(object.keys.last == "late")
            #expect(object == JSONObject(object.pairs.reversed().map { ($0.key, $0.value) }))
            #expect(object != JSONObject(object.pairs.dropLast().map { ($0.key, $0.value) }))
        }
    }
}
