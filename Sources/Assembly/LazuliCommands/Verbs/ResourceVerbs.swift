import Foundation
import LazuliClient
import LazuliResources

/// The verbs every kind has, driven by its row in the table.
struct ResourceVerbs {
    let session: Session
    let kind: ResourceKind

    /// The names on the command line.
    struct Names {
        var name: String?
        var version: String?
        var label: String?
        var parent: String?
    }

    // MARK: Show and list

    func show(_ names: Names) async throws -> JSON { kind.show(try await wire(names)) }

    /// The resource as the wire has it; a versioned one by version, by label, or the newest.
    func wire(_ names: Names) async throws -> JSON {
        guard let name = names.name else { throw missing("--name") }
        guard kind.isVersioned else {
            return try await session.arm.get(session.path(kind, name: name, parent: names.parent))
        }
        if let version = names.version {
            return try await session.arm.get(session.path(kind, name: name, version: version))
        }
        if let label = names.label, label != "latest" {
            throw ServiceError(.invalidArgument, "The label \"\(label)\" is not known; only latest is.")
        }
        let newest = try await session.arm.list(
            session.path(kind, name: name) + "/versions", query: [("$orderBy", "createdtime desc"), ("$top", "1")],
            limit: 1)
        guard let first = newest.first else { throw ServiceError(.notFound, "There is no \(kind.noun) named \(name).") }
        return first
    }

    enum Visibility: String { case active = "ActiveOnly", archived = "ArchivedOnly", all = "All" }

    func list(_ names: Names, visibility: Visibility, limit: Int, query: [(String, String)] = []) async throws -> JSON {
        var path = session.path(kind, parent: names.parent)
        var query = query
        if kind.isVersioned || kind.group == "job" { query.append(("listViewType", visibility.rawValue)) }
        if let name = names.name, kind.isVersioned { path = session.path(kind, name: name) + "/versions" }
        let items = try await session.arm.list(path, query: query, limit: limit)
        let isContainer = kind.isVersioned && names.name == nil
        return .array(items.map(isContainer ? kind.showContainer : kind.show))
    }

    // MARK: Create

    /// Makes what a document says. The names of the command line win over those of the document.
    func create(_ document: YAMLDocument, _ names: Names, wait: Bool) async throws -> JSON {
        let checked = try ShapeChecker.check(document, kind.fields)
        let parent = names.parent ?? checked["endpoint_name"].string
        if kind.hasParent, parent == nil {
            throw ServiceError(
                ErrorReport.usageCode, "--endpoint-name is missing: say which endpoint the \(kind.noun) belongs to.")
        }
        guard let name = names.name ?? checked["name"].string else { throw missing("--name") }
        try checkName(name)
        let resolved = try await kind.fields.resolve(checked, with: WorkspaceAssets(session: session))
        var version = names.version ?? checked["version"].string
        if kind.isVersioned, version == nil { version = try await nextVersion(of: name) }
        let body = body(of: resolved, name: name, version: version)
        let path = session.path(kind, name: name, version: version, parent: parent)
        let made = try await session.arm.change(
            "PUT", path, body: body, wait: wait, onWait: session.waits("\(kind.noun) \(name)"))
        session.screen.clearLine()
        return kind.show(made)
    }

    func body(of resolved: JSON, name: String, version: String?) -> JSON {
        var body = kind.finish(kind.fields.encode(resolved))
        if kind.group == "component" {
            body["properties"]["componentSpec"]["name"] = .string(name)
            body["properties"]["componentSpec"]["version"] = JSON(version)
        }
        if body["properties"].isNull { body["properties"] = .object(JSONObject()) }
        return body
    }

    /// A name that would be read as part of an address is refused before anything is sent.
    private func checkName(_ name: String) throws {
        guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
            throw ServiceError(.invalidArgument, "\"\(name)\" cannot be the name of a \(kind.noun); leave out slashes.")
        }
    }

    private func nextVersion(of name: String) async throws -> String {
        let container = try await session.arm.find(session.path(kind, name: name))
        return container?["properties"]["nextVersion"].scalarText ?? "1"
    }

    // MARK: Update

    /// Changes a resource: the document's keys, if there is one, over what is there, then the assignments.
    func update(
        _ names: Names, document: YAMLDocument? = nil, changes: [Assignment], wait: Bool
    ) async throws -> JSON {
        var names = names
        if let document {
            names.name = names.name ?? document.root["name"]?.scalarText
            names.parent = names.parent ?? document.root["endpoint_name"]?.scalarText
        }
        let before = try await wire(names)
        let shown = kind.show(before)
        var root = SourceNode(shown, at: .flag("the current \(kind.noun)"))
        for entry in document?.root.entries ?? [] { root[entry.key] = entry.value }
        for change in changes { root = try change.apply(to: root) }
        let edited = YAMLDocument(
            name: document?.name ?? "the changed \(kind.noun)",
            folder: document?.folder ?? FileManager.default.currentDirectoryPath, root: root)
        let checked = try ShapeChecker.check(edited, kind.fields)
        let resolved = try await kind.fields.resolve(checked, with: WorkspaceAssets(session: session))
        let was = kind.fields.encode(try await resolvedView(of: shown))
        let body = Overlay.apply(kind.finish(kind.fields.encode(resolved)), over: before, replacing: kind.finish(was))
        let address = Address(id: before["id"].string, kind: kind)
        let path = session.path(
            kind, name: address.name ?? names.name, version: address.version, parent: address.parent ?? names.parent)
        let made = try await session.arm.change(
            "PUT", path, body: Overlay.withoutServerMembers(body), wait: wait,
            onWait: session.waits("\(kind.noun) \(names.name ?? "")"))
        session.screen.clearLine()
        return kind.show(made)
    }

    /// What is there now, once more in the wire's form, so that keys that were taken away can be told from unknown ones.
    private func resolvedView(of shown: JSON) async throws -> JSON {
        let node = SourceNode(shown, at: .flag("the current \(kind.noun)"))
        let document = YAMLDocument(name: kind.noun, folder: "/", root: node)
        return try await kind.fields.resolve(
            ShapeChecker.check(document, kind.fields), with: WorkspaceAssets(session: session))
    }

    // MARK: Delete, archive

    func delete(_ names: Names, wait: Bool) async throws {
        guard let name = names.name else { throw missing("--name") }
        if kind.isVersioned, names.version == nil, names.label == nil {
            throw ServiceError(
                ErrorReport.usageCode,
                "Name the version too (--version), or archive all of them: lazuli \(kind.group) archive")
        }
        let version = kind.isVersioned ? Address(id: try await wire(names)["id"].string, kind: kind).version : nil
        if kind.group == "job" {
            throw ServiceError(
                .notImplemented,
                "Jobs are kept as a record of what was run. Hide this one: lazuli job archive --name \(name)")
        }
        _ = try await session.arm.change(
            "DELETE", session.path(kind, name: name, version: version, parent: names.parent), query: kind.deleteQuery,
            wait: wait, onWait: session.waits("deleting \(name)"))
        session.screen.clearLine()
    }

    /// Hides a version, or all versions of a name, from lists; nothing is lost.
    func setArchived(_ archived: Bool, _ names: Names) async throws {
        guard let name = names.name else { throw missing("--name") }
        let path: String
        let before: JSON
        if names.version != nil || names.label != nil {
            before = try await wire(names)
            path = session.path(kind, name: name, version: Address(id: before["id"].string, kind: kind).version)
        } else {
            path = session.path(kind, name: name)
            before = try await session.arm.get(path)
        }
        var body = before
        body["properties"]["isArchived"] = .bool(archived)
        _ = try await session.arm.change("PUT", path, body: Overlay.withoutServerMembers(body))
    }

    /// POST of an action of one resource.
    func act(_ action: String, _ names: Names, body: JSON = .null, wait: Bool = true) async throws -> JSON {
        guard let name = names.name else { throw missing("--name") }
        let path = session.path(kind, name: name, version: names.version, parent: names.parent) + "/" + action
        let result = try await session.arm.change(
            "POST", path, body: body, wait: wait, onWait: session.waits("\(action) \(name)"))
        session.screen.clearLine()
        return result
    }

    private func missing(_ flag: String) -> ServiceError {
        ServiceError(ErrorReport.usageCode, "\(flag) is missing: say which \(kind.noun) is meant.")
    }
}

/// Puts an edited body over the one that is there, so that what the table does not know survives.
enum Overlay {
    static func apply(_ new: JSON, over current: JSON, replacing old: JSON) -> JSON {
        guard let newMembers = new.object, var members = current.object else { return new }
        for (key, value) in newMembers.pairs {
            members[key] = apply(value, over: members[key] ?? .null, replacing: old[key])
        }
        for key in old.object?.keys ?? [] where newMembers[key] == nil { members[key] = nil }
        return .object(members)
    }

    /// What the server says of a resource is not sent back to it.
    static func withoutServerMembers(_ body: JSON) -> JSON {
        var members = body.object ?? JSONObject()
        for key in ["id", "name", "type", "systemData", "etag"] { members[key] = nil }
        if var properties = members["properties"]?.object {
            for key in ["provisioningState", "createdOn", "modifiedOn"] { properties[key] = nil }
            members["properties"] = .object(properties)
        }
        return .object(members)
    }
}
