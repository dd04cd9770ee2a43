import LazuliResources
import Testing

@testable import LazuliMLflowStores

struct MetaFileTests {
    @Test func `members are read by the kind they must have`() throws {
        let meta = try MetaFile(
            text: """
                experiment_id: '0012'
                name: 'one: ''x'''
                user_id: "gr\\xF6\\xDFe"
                end_time: null
                start_time: 1795248980994
                version: 1.0
                source: '{"a": "first
                  second"}'
                tags:
                  a/b: v
                """, path: "meta.yaml")
        #expect(meta.text("experiment_id") == "0012")
        #expect(meta.text("name") == "one: 'x'")
        #expect(meta.text("user_id") == "größe")
        #expect(meta.text("end_time") == nil)
        #expect(meta.integer("start_time") == 1_795_248_980_994)
        #expect(meta.integer("version") == 1)
        #expect(meta.text("source") == "{\"a\": \"first second\"}")
        #expect(meta.entries("tags") == [StoredEntry("a/b", "v")])
        #expect(meta.text("no such member") == nil)
    }

    @Test func `a text in quotes is a text even when it says null`() throws {
        #expect(try MetaFile(text: "name: 'null'", path: "meta.yaml").text("name") == "null")
    }

    @Test(arguments: ["", "- a\n- b\n", "a: 'b\n"])
    func `what is no mapping is refused with the file's name`(text: String) {
        #expect { try MetaFile(text: text, path: "runs/meta.yaml") } throws: { error in
            (error as? ServiceError)?.message.contains("runs/meta.yaml") ?? false
        }
    }
}
