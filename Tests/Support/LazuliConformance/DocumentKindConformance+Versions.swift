import LazuliResources
import Testing

/// What versioned kinds must do beside.
extension DocumentKindConformance {
    func versions() async throws {
        try await immutability()
        try await archiving()
        try await containers()
        try await latest()
    }

    private func immutability() async throws {
        let made = try await subject.put("fixed")
        let other = subject.body.setting(subject.changeable, subject.otherValue)
        let error = await subject.refusal { try await subject.put("fixed", other) }
        #expect(error?.code == .immutable, title)
        #expect(error?.message.contains(subject.changeable[1]) == true, title)
        let patch = JSON.emptyObject.setting(subject.changeable, subject.otherValue)
        let patched = await subject.refusal { try await subject.send("PATCH", .item, "fixed", body: patch) }
        #expect(patched?.code == .immutable, title)
        #expect(try await subject.get("fixed").body == made.body, title)
        #expect(try await subject.put("fixed", version: "2", other).status == subject.createdStatus, title)
        let bad = await subject.refusal { try await subject.put("fixed", version: "-1 x") }
        #expect(bad?.code == .invalidArgument, title)
    }

    private func archiving() async throws {
        for version in ["1", "2"] { try await subject.put("archived", version: version) }
        func shown(_ view: String?) async throws -> [String] {
            let query = view.map { ["listviewtype": $0] } ?? [:]
            return try await subject.all(.versions, "archived", query: query).compactMap { $0["name"].string }.sorted()
        }
        func archive(_ version: String, _ flag: Bool) async throws {
            let patch: JSON = ["properties": ["isArchived": .bool(flag)]]
            _ = try await subject.send("PATCH", .item, "archived", version: version, body: patch)
        }
        try await archive("2", true)
        #expect(try await shown(nil) == ["1"], title)
        #expect(try await shown("ActiveOnly") == ["1"], title)
        #expect(try await shown("ArchivedOnly") == ["2"], title)
        #expect(try await shown("All") == ["1", "2"], title)
        #expect(try await subject.get("archived", version: "2").body["properties"]["isArchived"] == true, title)
        let label = try await subject.get("archived", version: "latest")
        #expect(label.body["name"] == "1", title)
        try await archive("2", false)
        #expect(try await shown(nil) == ["1", "2"], title)

        let flag: JSON = ["properties": ["isArchived": true]]
        _ = try await subject.send("PUT", .container, "archived", body: flag)
        #expect(try await shown(nil).isEmpty, title)
        #expect(try await !containerNames().contains("archived"), title)
        #expect(try await containerNames("ArchivedOnly").contains("archived"), title)
        let restored: JSON = ["properties": ["isArchived": false]]
        _ = try await subject.send("PUT", .container, "archived", body: restored)
        #expect(try await shown(nil) == ["1", "2"], title)
    }

    private func containerNames(_ view: String? = nil) async throws -> [String] {
        try await subject.all(.collection, query: view.map { ["listviewtype": $0] } ?? [:]).compactMap {
            $0["name"].string
        }
    }

    private func containers() async throws {
        let unknown = await subject.refusal { try await subject.send("GET", .container, "counted") }
        #expect(unknown?.code == .notFound, title)
        let accepted = try await subject.send("PUT", .container, "counted", body: ["properties": .emptyObject])
        #expect(accepted.body["properties"]["nextVersion"] == "1", title)
        for (version, next) in [("9", "10"), ("10", "11"), ("2", "11"), ("alpha", "11")] {
            try await subject.put("counted", version: version)
            let container = try await subject.send("GET", .container, "counted")
            #expect(container.body["name"] == "counted", title)
            #expect(container.body["properties"]["nextVersion"].string == next, title)
        }
        let container = try await subject.send("GET", .container, "counted")
        #expect(container.body["properties"]["latestVersion"] == "10", title)
        #expect(container.body["properties"]["isArchived"] == false, title)
        #expect(try await containerNames().filter { $0 == "counted" }.count == 1, title)
    }

    private func latest() async throws {
        for version in ["9", "10", "2"] { try await subject.put("newest", version: version) }
        for label in ["latest", "azureml_default"] {
            #expect(try await subject.get("newest", version: label).body["name"] == "10", title)
        }
        let top = try await subject.send(
            "GET", .versions, "newest", query: ["$orderby": "createdtime desc", "$top": "1"])
        #expect(top.body["value"].array?.map { $0["name"] } == ["10"], title)
        for version in ["alpha", "beta"] { try await subject.put("words", version: version) }
        #expect(try await subject.get("words", version: "latest").body["name"] == "beta", title)
        let none = await subject.refusal { try await subject.get("nowhere", version: "latest") }
        #expect(none?.code == .notFound, title)
    }
}
