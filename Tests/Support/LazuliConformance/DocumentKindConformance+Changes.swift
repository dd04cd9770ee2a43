import LazuliResources
import Testing

/// Changing and deleting.
extension DocumentKindConformance {
    func patching() async throws {
        try await subject.put("patched")
        let before = try await subject.get("patched")
        // What may change in a version is its tags, what may change in others is anything.
        let path = subject.isVersioned ? ["properties", "tags"] : subject.changeable
        let value: JSON = subject.isVersioned ? ["colour": "blue"] : subject.otherValue
        let patch = JSON.emptyObject.setting(path, value)
        let changed = try await subject.send("PATCH", .item, "patched", body: patch)
        #expect(changed.status == 200, title)
        #expect(changed.body[path: path] == value, title)
        #expect(changed.entityTag != before.entityTag, title)
        #expect(
            changed.body["properties"].object?.keys.sorted() == before.body["properties"].object?.keys.sorted(), title)
        #expect(try await subject.get("patched").body == changed.body, title)

        let wrong = await subject.refusal {
            try await subject.send("PATCH", .item, "patched", body: ["propertys": .emptyObject])
        }
        #expect(wrong?.code == .invalidArgument, title)
        let missing = await subject.refusal { try await subject.send("PATCH", .item, "nowhere", body: patch) }
        #expect(missing?.code == .notFound, title)
        let removed = await subject.refusal {
            try await subject.send("PATCH", .item, "patched", body: JSON.emptyObject.setting(subject.required, .null))
        }
        #expect(removed?.code == .invalidArgument, title)
    }

    func deleting() async throws {
        try await subject.put("deleted")
        #expect(try await subject.send("DELETE", .item, "deleted").status == 200, title)
        #expect(await subject.refusal { try await subject.get("deleted") }?.code == .notFound, title)
        #expect(try await subject.send("DELETE", .item, "deleted").status == 204, title)
        let names = try await subject.all(.collection).compactMap { $0["name"].string }
        #expect(!names.contains("deleted"), title)
        #expect(try await subject.put("deleted").status == subject.createdStatus, title)
    }
}
