import LazuliResources
import Testing

@Suite("The schema check")
struct SchemaTests {
    private static let job: Schema = .object([
        .required("command", .string), .optional("nodes", .integer), .optional("rate", .number),
        .optional("archived", .boolean), .optional("timeout", .duration),
        .optional("priority", .oneOf(["Dedicated", "LowPriority"])), .optional("tags", .map(.string)),
        .optional("hours", .array(.integer)), .readOnly("status"),
    ])

    private func problems(_ schema: Schema, _ value: JSON) -> [ServiceError] {
        var problems: [ServiceError] = []
        _ = schema.normalise(value, at: "$", &problems)
        return problems
    }

    @Test("All problems of a body are told at once, each with its path and the nearest right key")
    func everyProblem() throws {
        let body: JSON = [
            "comand": "x", "nodes": "two", "tags": ["a": 1], "hours": [1, "b", 2.5], "priority": "LowPriorty",
        ]
        let error = try #require(throws: ServiceError.self) { try Self.job.checked(body, at: "$") }
        #expect(error.code == .invalidArgument)
        let expected = [
            "$.comand", "$.nodes", "$.tags.a", "$.hours[1]", "$.hours[2]", "$.priority", "$.command",
        ]
        #expect(error.details.compactMap(\.target).sorted() == expected.sorted())
        #expect(error.message.contains("7 problems"))
        #expect(error.message.contains("Did you mean \"command\"?"))
        #expect(error.message.contains("Did you mean \"LowPriority\"?"))
    }

    @Test("A single problem is told as itself")
    func oneProblem() throws {
        let error = try #require(throws: ServiceError.self) { try Self.job.checked(["nodes": 1], at: "$.properties") }
        #expect(error.message == "$.properties.command is missing; it is required.")
        #expect(error.target == "$.properties.command")
        #expect(error.details.count == 1)
    }

    @Test("A key that resembles nothing gets no suggestion")
    func noHint() {
        let found = problems(Self.job, ["command": "x", "zzzzzzzzzzzz": 1])
        #expect(found.map(\.message) == ["$ has no member \"zzzzzzzzzzzz\"."])
    }

    @Test(
        "Each type refuses what is of another",
        arguments: [
            (Schema.string, [nil, 1, true, [], .emptyObject]), (.integer, [nil, "1", 1.5, true, []]),
            (.number, [nil, "1", false, .emptyObject]),
            (.boolean, [nil, 1, "yes", "", []]), (.duration, [nil, 60, "60s", "PT", "P1Y"]),
            (.array(.any), [nil, .emptyObject, "x", 1]),
            (.map(.any), [nil, [], "x"]), (.object([]), [nil, [], 1]), (.oneOf(["a"]), [nil, 1, "b", ""]),
        ] as [(Schema, [JSON])])
    func wrongTypes(schema: Schema, values: [JSON]) {
        for value in values { #expect(problems(schema, value).count == 1, "\(value.text)") }
    }

    @Test(
        "Each type takes what is its own",
        arguments: [
            (Schema.string, ["", "x"]), (.integer, [1, 2.0, -3]), (.number, [1, 1.5]), (.boolean, [true, false]),
            (.duration, ["PT2M", "P1D"]), (.array(.integer), [[], [1]]), (.map(.string), [.emptyObject, ["a": "b"]]),
            (.any, [nil, 1, [nil], ["a": nil]]),
        ] as [(Schema, [JSON])])
    func rightTypes(schema: Schema, values: [JSON]) {
        for value in values { #expect(problems(schema, value).isEmpty, "\(value.text)") }
    }

    @Test(
        "Enum words match without case, underscores and hyphens, and are kept in one spelling",
        arguments: [
            "low_priority", "LowPriority", "Lowpriority", "lowpriority", "LOW-PRIORITY", "low priority",
        ])
    func folding(word: String) throws {
        let kept = try Self.job.checked(["command": "x", "priority": .string(word)], at: "$")
        #expect(kept["priority"] == "LowPriority")
    }

    @Test("Flags written as words become flags", arguments: [("True", true), ("false", false), ("TRUE", true)])
    func flags(word: String, flag: Bool) throws {
        let kept = try Self.job.checked(["command": "x", "archived": .string(word)], at: "$")
        #expect(kept["archived"] == .bool(flag))
    }

    @Test("Read-only members are taken, whatever they hold, and dropped")
    func readOnly() throws {
        let kept = try Self.job.checked(["status": ["odd": [1]], "command": "x"], at: "$")
        #expect(kept == ["command": "x"])
    }

    @Test("A null stands for a missing optional member and is kept; a required one may not be null")
    func nulls() throws {
        let kept = try Self.job.checked(["command": "x", "nodes": nil, "priority": nil], at: "$")
        #expect(kept["nodes"].isNull && kept.object?["nodes"] != nil)
        #expect(problems(Self.job, ["command": nil]).map(\.target) == ["$.command"])
    }

    @Test("A required member of any shape may not be null either")
    func requiredAny() {
        let schema: Schema = .object([.required("specification", .any)])
        #expect(problems(schema, [:]).count == 1)
        #expect(problems(schema, ["specification": nil]).map(\.target) == ["$.specification"])
        #expect(problems(schema, ["specification": 0]).isEmpty)
    }

    private static let trigger: Schema = .tagged(
        by: "kind",
        ["Cron": .object([.required("expression", .string)]), "Every": .object([.optional("interval", .integer)])])

    @Test("A tagged object is checked by the shape its tag names, in any case")
    func tagged() throws {
        let kept = try Self.trigger.checked(["expression": "* *", "kind": "cron"], at: "$")
        #expect(kept == ["kind": "Cron", "expression": "* *"])
        #expect(problems(Self.trigger, ["kind": "Every", "expression": "*"]).map(\.target) == ["$.expression"])
        #expect(problems(Self.trigger, ["kind": "cron"]).map(\.target) == ["$.expression"])
    }

    @Test(
        "A tag that is missing or unknown is told with the words there are",
        arguments: [
            (.emptyObject, "$.kind"), (["kind": "Crom"], "$.kind"), (["kind": 3], "$.kind"), (.array([]), "$"),
        ] as [(JSON, String)])
    func badTag(value: JSON, target: String) {
        let found = problems(Self.trigger, value)
        #expect(found.map(\.target) == [target])
    }

    @Test("A tag that is null is told as missing, not as unknown")
    func nullTag() {
        let found = problems(Self.trigger, ["kind": nil])
        #expect(found.map(\.message) == ["$.kind is missing; it is one of Cron, Every."])
    }

    @Test("Any number of members that resemble the tag is one problem")
    func manySlips() {
        let slips = JSONObject((0..<500).map { ("kin\($0 % 100)", JSON.null) })
        #expect(problems(Self.trigger, .object(slips)).map(\.target) == ["$.kind"])
    }

    @Test("A member meant for the tag is told, and the rest is checked all the same")
    func slippedTag() {
        let found = problems(Self.trigger, ["kidn": "Cron", "interval": 1])
        #expect(found.compactMap(\.target).sorted() == ["$.expression", "$.interval", "$.kidn"])
        #expect(found.first?.message.contains("Did you mean \"kind\"?") == true)
    }

    @Test("The words of a missing tag are listed")
    func tagWords() {
        #expect(problems(Self.trigger, [:]).first?.message.contains("Cron, Every") == true)
        #expect(problems(Self.trigger, ["kind": "Crom"]).first?.message.contains("Did you mean \"Cron\"?") == true)
    }
}
