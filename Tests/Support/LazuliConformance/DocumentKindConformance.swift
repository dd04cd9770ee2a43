import LazuliResources
import Testing

/// What every kind of resource must do, whatever it is: run by toy kinds and by all real ones.
public struct DocumentKindConformance: Sendable {
    let subject: ConformanceSubject

    public init(_ subject: ConformanceSubject) { self.subject = subject }

    public func run() async throws {
        try await putAndGet()
        try await sendingBackWhatIsShown()
        try await conditions()
        try await wrongKeys()
        try await missingMembers()
        try await bodiesOfOtherForm()
        try await missingResources()
        try await names()
        try await listing()
        if subject.verbs.contains("PATCH") { try await patching() }
        if subject.verbs.contains("DELETE") { try await deleting() }
        if subject.isVersioned { try await versions() }
    }

    var title: Comment { "\(subject.title)" }

    // MARK: - Making and reading

    private func putAndGet() async throws {
        let made = try await subject.put("made")
        #expect(made.status == subject.createdStatus, title)
        #expect(made.body["name"].string == (subject.isVersioned ? "1" : "made"), title)
        let id = made.body["id"].string ?? ""
        #expect(id.hasPrefix(subject.scope.id + "/"), title)
        #expect(id.hasSuffix(subject.isVersioned ? "/made/versions/1" : "/made"), title)
        #expect(made.body["type"].string?.hasPrefix("Microsoft.MachineLearningServices/workspaces/") == true, title)
        #expect(made.body["systemData"]["createdBy"].string?.isEmpty == false, title)
        #expect(Timestamp.milliseconds(made.body["systemData"]["createdAt"].string ?? "") != nil, title)
        #expect(made.body["properties"].object != nil, title)

        let shown = try await subject.get("made")
        #expect(shown.status == 200, title)
        #expect(shown.body == made.body, title)
        #expect(!shown.entityTag.isEmpty && shown.entityTag == made.entityTag, title)
        let again = try await subject.put("made")
        #expect(again.status == 200, title)
        #expect(lasting(again.body) == lasting(made.body), title)
        #expect(again.entityTag != made.entityTag, title)
    }

    /// The properties without the time of the last change, which each write moves.
    private func lasting(_ body: JSON) -> JSON {
        var properties = body["properties"].object ?? JSONObject()
        properties["modifiedOn"] = Optional.none
        return .object(properties)
    }

    /// Clients read a resource, change a part and send the whole back.
    private func sendingBackWhatIsShown() async throws {
        try await subject.put("back")
        let shown = try await subject.get("back")
        let again = try await subject.put("back", shown.body)
        #expect(again.status == 200, title)
        #expect(lasting(again.body) == lasting(shown.body), title)
        #expect(again.body["id"] == shown.body["id"], title)
    }

    private func conditions() async throws {
        let made = try await subject.put("conditional")
        func put(
            _ name: String = "conditional", ifMatch: String? = nil, ifNoneMatch: String? = nil
        ) async throws -> ConformanceSubject.Answer {
            try await subject.send(
                "PUT", .item, name, body: subject.body, ifMatch: ifMatch, ifNoneMatch: ifNoneMatch)
        }
        let current = try await put(ifMatch: made.entityTag)
        #expect(current.status == 200, title)
        let stale = await subject.refusal { try await put(ifMatch: made.entityTag) }
        #expect(stale?.code == .preconditionFailed, title)
        let second = await subject.refusal { try await put(ifNoneMatch: "*") }
        #expect(second?.code == .preconditionFailed, title)
        let absent = await subject.refusal { try await put("absent", ifMatch: made.entityTag) }
        #expect(absent?.code == .preconditionFailed, title)
        let first = try await put("first", ifNoneMatch: "*")
        #expect(first.status == subject.createdStatus, title)
        #expect(try await subject.get("conditional").entityTag == current.entityTag, title)
    }

    // MARK: - What is refused

    private func wrongKeys() async throws {
        var body = subject.body
        body["propertys"] = 1
        let error = await subject.refusal { try await subject.put("wrong", body) }
        #expect(error?.code == .invalidArgument, title)
        #expect(error?.details.contains { $0.target == "$.propertys" } == true, title)
        #expect(error?.message.contains("\"properties\"") == true, title)
        #expect(await subject.refusal { try await subject.get("wrong") }?.code == .notFound, title)
    }

    private func missingMembers() async throws {
        let body = subject.body.removing(subject.required)
        let error = await subject.refusal { try await subject.put("wrong", body) }
        let path = "$." + subject.required.joined(separator: ".")
        #expect(error?.code == .invalidArgument, title)
        #expect(error?.target == path, title)
        #expect(error?.message.contains(subject.required.last ?? "?") == true, title)
        let both = await subject.refusal { try await subject.put("wrong", body.setting(["tgas"], [:])) }
        #expect(both?.details.count == 2, "\(subject.title): \(both?.message ?? "taken")")
    }

    private func bodiesOfOtherForm() async throws {
        let bodies: [JSON] = [
            nil, true, 1, "x", [], .emptyObject, ["properties": nil], ["properties": []], ["properties": "x"],
            ["properties": .emptyObject], [["properties": .emptyObject]],
        ]
        for body in bodies {
            let error = await subject.refusal { try await subject.put("wrong", body) }
            #expect(error?.code == .invalidArgument, "\(subject.title): \(body.text)")
        }
        #expect(await subject.refusal { try await subject.get("wrong") }?.code == .notFound, title)
    }

    private func missingResources() async throws {
        let error = await subject.refusal { try await subject.get("nowhere") }
        #expect(error?.code == .notFound, title)
        #expect(error?.message.contains("\"nowhere\"") == true, title)
        #expect(error?.message.contains("\"\(subject.scope.workspace)\"") == true, title)
        #expect(error?.target?.hasPrefix(subject.scope.id) == true, title)
    }

    private func names() async throws {
        for name in [subject.badName, "", "a/b", "..", ".hidden", "ü", String(repeating: "x", count: 256), "a\u{0}"] {
            let error = await subject.refusal { try await subject.put(name) }
            #expect(error?.code == .invalidArgument, "\(subject.title): \(name)")
            #expect(error?.message.contains("a name is") == true, "\(subject.title): \(name)")
        }
    }

    // MARK: - Lists

    private func listing() async throws {
        let names = (1...5).map { "listed\($0)" }
        for name in names { try await subject.put(name) }
        for size in ["1", "2", "100"] {
            let items = try await subject.all(.collection, query: ["$top": size])
            let found = items.compactMap { $0["name"].string }
            #expect(found.filter(names.contains).sorted() == names, "\(subject.title) by \(size)")
            #expect(Set(found).count == found.count, "\(subject.title) by \(size)")
            for item in items { #expect(item["id"].string?.hasPrefix(subject.scope.id) == true, title) }
        }
        for query in [["$skip": "x"], ["$top": "many"], ["$top": "0"], ["$top": "-1"]] {
            let error = await subject.refusal { try await subject.send("GET", .collection, query: query) }
            #expect(error?.code == .invalidArgument, title)
        }
    }
}
