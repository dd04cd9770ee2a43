public import LazuliResources
import GRDB

/// The verbs of a document kind: check, store, show, list, change, delete.
public struct DocumentService: Sendable {
    public let kind: DocumentKind
    public let database: StateDatabase
    public let behaviour: DocumentBehaviour
    let clock: WallClock

    public init(_ kind: DocumentKind, database: StateDatabase, clock: WallClock, behaviour: DocumentBehaviour) {
        self.kind = kind
        self.database = database
        self.clock = clock
        self.behaviour = behaviour
    }

    // MARK: - Reading

    public func get(_ call: Call) async throws -> Reply {
        let key = try kind.key(for: call)
        guard behaviour.present == nil else { return try await reply(200, try await document(key, call), call) }
        if let kept = database.answers.answer(for: key) { return kept }
        let moment = database.answers.now()
        let document = try await document(key, call)
        let answer = try await reply(200, document, call)
        database.answers.keep(answer, of: document, asOf: moment)
        return answer
    }

    /// The document of a key.
    /// - Throws: `notFound` with the id that was asked for.
    public func document(_ key: DocumentKey, _ call: Call) async throws -> Document {
        let found = try database.readHere { try Self.fetch(key, of: kind, $0) }
        guard let found else { throw try await notFound(key, try call.workspaceScope()) }
        return found
    }

    /// A version may be asked for as `azureml_default` or `latest`.
    private static func fetch(_ key: DocumentKey, of kind: DocumentKind, _ database: Database) throws -> Document? {
        if case .versioned = kind.shape, key.version == "azureml_default" || key.version == "latest" {
            return try DocumentTable.latest(kind: key.kind, scope: key.scope, name: key.name, database)
        }
        return try DocumentTable.fetch(key, database)
    }

    public func list(_ call: Call) async throws -> Reply {
        let query = try DocumentQuery(
            kind: kind.tableName, scope: kind.scope(for: call), order: kind.listOrder, call: call)
        return try await page(behaviour.listed(query), call, path: kind.collectionPath(for: call))
    }

    public func page(_ query: DocumentQuery, _ call: Call, path: String) async throws -> Reply {
        let (documents, next) = try await database.read { try query.run($0) }
        let values = try await resources(documents, call)
        return .page(values, next: next, of: call, path: path)
    }

    public func resource(_ document: Document, _ call: Call) async throws -> JSON {
        try await resources([document], call)[0]
    }

    private func resources(_ documents: [Document], _ call: Call) async throws -> [JSON] {
        let bodies = try await behaviour.present?(documents, call) ?? documents.map { try $0.body() }
        let workspace = try call.workspaceScope()
        return zip(documents, bodies).map { document, body in
            document.resource(
                id: kind.id(document.key, in: workspace), name: kind.shownName(document.key), type: kind.type,
                body: body)
        }
    }

    func reply(_ status: Int, _ document: Document, _ call: Call) async throws -> Reply {
        let tag = document.entityTag
        if behaviour.present != nil {
            return Reply(status: status, entityTag: tag, body: .json(try await resource(document, call)))
        }
        let id = kind.id(document.key, in: try call.workspaceScope())
        let text = document.resourceText(id: id, name: kind.shownName(document.key), type: kind.type)
        return Reply(status: status, entityTag: tag, body: .text(text))
    }

    // MARK: - Changing

    public func put(_ call: Call) async throws -> Reply {
        let key = try kind.key(for: call)
        try kind.checkNames(key)
        let checked = try kind.bodySchema.checked(call.body, at: "$")
        let body = try await behaviour.prepare(checked, call)
        let (document, isNew) = try await store(body, key, call)
        await behaviour.changed(key)
        return try await reply(isNew ? kind.createdStatus : 200, document, call)
    }

    /// Overlays the members that the body gives on what is stored (RFC 7396) and stores the whole.
    /// Patches that meet are tried again on what the other left, so that neither is lost.
    public func patch(_ call: Call) async throws -> Reply {
        for _ in 0..<Self.patchAttempts {
            let stored = try await document(try kind.key(for: call), call)
            var changed = call
            changed.body = try stored.body().overlaid(with: call.body)
            changed.ifMatch = call.ifMatch ?? stored.entityTag
            do {
                return try await put(changed)
            } catch let error as ServiceError
                where error.code == .preconditionFailed && call.ifMatch == nil
            {
                continue
            }
        }
        throw ServiceError(.conflict, "The resource is being changed by many at once. Try again.")
    }

    private static let patchAttempts = 50

    public func delete(_ call: Call) async throws -> Reply {
        let key = try kind.key(for: call)
        let behaviour = behaviour
        let existed = try await database.write { database in
            guard let document = try DocumentTable.fetch(key, database) else { return false }
            try behaviour.remove(document, call, database)
            try DocumentTable.delete(document, database)
            return true
        }
        if existed { await behaviour.changed(key) }
        return .status(existed ? 200 : 204)
    }

    private func store(_ body: JSON, _ key: DocumentKey, _ call: Call) async throws -> (Document, isNew: Bool) {
        let behaviour = behaviour, kind = kind, at = clock.now()
        let workspace = try call.workspaceScope()
        return try await database.write { database in
            let old = try DocumentTable.fetch(key, database)
            try Self.checkConditions(old, call)
            // An anonymous version is named by its content's hash: it is made again whenever it is needed.
            let isAnonymous = body["properties"]["isAnonymous"].bool == true
            if let old, case .versioned = kind.shape, !isAnonymous {
                try kind.checkImmutable(old: try old.body(), new: body, id: kind.id(key, in: workspace))
            }
            let stored = try behaviour.write(old, body, key, call, database)
            let draft = DocumentTable.Draft(
                key: key, body: stored, fingerprint: behaviour.fingerprint(stored),
                isArchived: stored["properties"]["isArchived"].bool ?? false, by: call.caller.name, at: at)
            return (try DocumentTable.upsert(draft, database), old == nil)
        }
    }

    private static func checkConditions(_ old: Document?, _ call: Call) throws {
        if let wanted = call.ifMatch, wanted != "*", wanted != old?.entityTag {
            throw ServiceError(
                .preconditionFailed, "The resource has changed since it was read (If-Match). Read it again and retry.")
        }
        if call.ifNoneMatch == "*", old != nil {
            throw ServiceError(.preconditionFailed, "The resource exists already (If-None-Match: *).")
        }
    }

    /// Says what is missing, and the nearest that is there: a version of the same name, or a name.
    func notFound(_ key: DocumentKey, _ workspace: WorkspaceScope) async throws -> ServiceError {
        let (names, versions) = try await database.read { database in
            (
                try DocumentTable.names(kind: key.kind, scope: key.scope, database),
                try DocumentTable.versions(kind: key.kind, scope: key.scope, name: key.name, database)
            )
        }
        let place = "in workspace \"\(workspace.workspace)\""
        let message: String
        if !key.version.isEmpty, !versions.isEmpty {
            message =
                "The \(kind.singular) \"\(key.name)\" \(place) has no version \"\(key.version)\"; "
                + "there is \(versions.suffix(10).joined(separator: ", "))."
        } else {
            message =
                "There is no \(kind.singular) \"\(key.name)\" \(place)." + NearestName.hint(key.name, among: names)
        }
        return ServiceError(.notFound, message, target: kind.id(key, in: workspace))
    }
}

extension JSON {
    /// RFC 7396: members of the patch replace, null removes, objects merge.
    public func overlaid(with patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        var members = object ?? JSONObject()
        for (key, value) in changes.pairs {
            // Spelt out: a bare nil beside a JSON would be JSON's null, which stores a null and removes nothing.
            members[key] = value.isNull ? Optional.none : (members[key] ?? .null).overlaid(with: value)
        }
        return .object(members)
    }
}

extension DocumentKind {
    /// `name` on the wire is a version's version, everything else's name.
    func shownName(_ key: DocumentKey) -> String { key.version.isEmpty ? key.name : key.version }

    func checkNames(_ key: DocumentKey) throws {
        try nameRule.check(key.name, of: "a \(singular)")
        if case .versioned = shape { try NameRule.asset.check(key.version, of: "a version") }
    }

    /// - Throws: `immutable`, naming the members that differ.
    func checkImmutable(old: JSON, new: JSON, id: String) throws {
        let before = old["properties"].object ?? JSONObject(), after = new["properties"].object ?? JSONObject()
        let members = Set(before.keys).union(after.keys).subtracting(mutableMembers)
        let changed = members.filter { (before[$0] ?? .null) != (after[$0] ?? .null) }.sorted()
        guard changed.isEmpty else {
            throw ServiceError(
                .immutable,
                "\(id.split(separator: "/").suffix(3).joined(separator: "/")) exists with other content (\(changed.joined(separator: ", "))); "
                    + "versions never change. Register it under a new version.", target: id)
        }
    }

    /// The collection's path with the call's names in it.
    public func collectionPath(for call: Call) throws -> String {
        let workspace = try call.workspaceScope().id
        if case .child(let parent) = shape {
            return try "\(workspace)/\(parent)/\(call.parameter("parent"))/\(segment)"
        }
        return "\(workspace)/\(segment)"
    }
}
