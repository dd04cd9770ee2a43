import Foundation
import LazuliClient
import LazuliResources

/// What one does with jobs besides reading them.
struct JobVerbs {
    let session: Session
    private var kind: ResourceKind { .job }

    private func path(_ name: String) -> String { session.path(kind, name: name) }

    /// Submits a job. It gets a name if it has none, and the folder's name as its experiment.
    func create(_ document: YAMLDocument, name: String?) async throws -> JSON {
        let checked = try ShapeChecker.check(document, kind.fields)
        let name = name ?? checked["name"].string ?? JobName.random()
        let resolved = try await kind.fields.resolve(checked, with: WorkspaceAssets(session: session))
        var body = kind.fields.encode(resolved)
        if body["properties"]["experimentName"].isNull {
            body["properties"]["experimentName"] = .string(Self.defaultExperiment())
        }
        if body["properties"]["displayName"].isNull { body["properties"]["displayName"] = .string(name) }
        let made = try await session.arm.change("PUT", path(name), body: body)
        return kind.show(made)
    }

    /// Reads a file and asks the server nothing: all problems that can be found here.
    func validate(_ document: YAMLDocument) throws -> JSON {
        _ = try ShapeChecker.check(document, kind.fields)
        return ["result": "Succeeded", "file": .string(document.name)]
    }

    /// The working folder's name, in the letters an experiment may have.
    static func defaultExperiment(folder: String = FileManager.default.currentDirectoryPath) -> String {
        let name = (folder as NSString).lastPathComponent
        let allowed = name.map {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? String($0) : "_"
        }.joined()
        return allowed.isEmpty || allowed == "_" ? "Default" : allowed
    }

    // MARK: Watching

    /// Prints the log as it grows, then how the job ended.
    /// - Throws: `JobFailed` with the job's own reason when it did not complete.
    func stream(_ name: String) async throws -> JSON {
        let job = try await session.arm.get(path(name))
        announce(job, name)
        let out = FileHandle.standardOutput
        let follower = LogFollower(arm: session.arm, scope: session.scope)
        let details = try await follower.follow(name) { event in
            switch event {
            case .status(let status, let reason): announce(status, reason, of: name)
            case .output(_, let bytes):
                session.screen.clearLine()
                try? out.write(contentsOf: Data(bytes))
            }
        }
        session.screen.clearLine()
        let ended = try await session.arm.get(path(name))
        try conclude(details, ended, name)
        return kind.show(ended)
    }

    private func announce(_ job: JSON, _ name: String) {
        session.screen.notice("RunId: \(name)")
        if let web = job["properties"]["services"]["Studio"]["endpoint"].string {
            session.screen.notice("Web View: \(web)")
        }
        session.screen.notice("")
    }

    /// What a waiting job waits for.
    private func announce(_ status: String, _ reason: String?, of name: String) {
        guard !LogFollower.terminal.contains(status) else { return }
        session.screen.redraw(([name, status] + [reason].compactMap { $0 }).joined(separator: ": "))
    }

    private func conclude(_ details: JSON, _ job: JSON, _ name: String) throws {
        let status = job["properties"]["status"].string ?? "?"
        session.screen.notice("\nExecution summary: \(name) \(status)" + duration(of: details))
        guard status != "Completed" else { return }
        let error = details["error"]["error"]
        let reason =
            error["message"].string ?? job["properties"]["error"]["message"].string
            ?? (status == "Canceled" ? "It was canceled." : "No reason was given.")
        throw ServiceError(
            ServiceError.Code(rawValue: error["code"].string ?? status), "The job \(name) ended as \(status). \(reason)"
        )
    }

    private func duration(of details: JSON) -> String {
        guard let start = details["startTimeUtc"].string.flatMap(Timestamp.milliseconds),
            let end = details["endTimeUtc"].string.flatMap(Timestamp.milliseconds)
        else { return "" }
        return String(format: " after %.1f s", Double(end - start) / 1000)
    }

    // MARK: Changing

    func cancel(_ name: String, wait: Bool) async throws {
        _ = try await session.arm.change(
            "POST", path(name) + "/cancel", wait: wait, onWait: session.waits("canceling \(name)"))
        session.screen.clearLine()
    }

    func setArchived(_ archived: Bool, _ name: String) async throws {
        let job = try await session.arm.get(path(name))
        try await session.history.setHidden(
            archived, run: name, experiment: job["properties"]["experimentName"].string ?? "Default")
    }

    /// Tags, properties, name and description may change; nothing else of a job may.
    func update(_ name: String, changes: [Assignment]) async throws -> JSON {
        let before = try await session.arm.get(path(name))
        var node = SourceNode(kind.show(before), at: .flag("the job"))
        for change in changes {
            guard case .name(let key)? = change.path.first,
                ["tags", "properties", "display_name", "description"].contains(key)
            else {
                throw ServiceError(
                    .invalidArgument,
                    "\(change.text): of a job only tags, properties, display_name and description can change.")
            }
            node = try change.apply(to: node)
        }
        let after = node.json
        let body: JSON = .object(dropping: [
            ("displayName", after["display_name"].known), ("description", after["description"].known),
            ("tags", after["tags"].isNull ? [:] : stringValues(after["tags"])),
            ("properties", after["properties"].isNull ? [:] : stringValues(after["properties"])),
        ])
        try await session.history.update(
            body, run: name, experiment: before["properties"]["experimentName"].string ?? "Default")
        return kind.show(try await session.arm.get(path(name)))
    }

    private func stringValues(_ value: JSON) -> JSON {
        .object(
            JSONObject((value.object?.pairs ?? []).map { ($0.key, $0.value.scalarText.map(JSON.string) ?? $0.value) }))
    }

    func children(of name: String, limit: Int) async throws -> JSON {
        let runs = try await session.history.children(of: name)
        return .array(
            runs.prefix(limit).map { run in
                .object(dropping: [
                    ("name", run["runId"]), ("status", run["status"]), ("type", run["runType"]),
                    ("display_name", run["displayName"]),
                    ("parent_job_name", run["parentRunId"]), ("tags", run["tags"]), ("properties", run["properties"]),
                ])
            })
    }
}

/// Names that people can say: `brave_lemon_4k2x9q1z`.
enum JobName {
    private static let qualities = [
        "amber", "brave", "calm", "clever", "crisp", "eager", "gentle", "happy", "keen", "lively", "mighty", "neat",
        "plucky", "quiet", "royal", "sharp", "sunny", "swift", "tidy", "witty",
    ]
    private static let things = [
        "anchor", "arrow", "basil", "beacon", "cactus", "carrot", "cloud", "falcon", "garden", "island", "lemon",
        "maple", "olive", "pebble", "pepper", "planet", "river", "sail", "tulip", "walnut",
    ]

    static func random() -> String {
        let letters = Array("0123456789bcdfghjklmnpqrstvwxyz")
        let tail = String((0..<10).map { _ in letters[Int.random(in: 0..<letters.count)] })
        return "\(qualities.randomElement() ?? "calm")_\(things.randomElement() ?? "river")_\(tail)"
    }
}
