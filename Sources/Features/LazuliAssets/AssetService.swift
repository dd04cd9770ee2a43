package import LazuliDomain
package import LazuliPersistence
package import LazuliResources
package import GRDB

/// The assets of a workspace, for the features that use them.
package struct AssetService: AssetCatalog {
    let database: StateDatabase
    let curated: CuratedEnvironmentSource

    package init(database: StateDatabase, curated: CuratedEnvironmentSource) {
        self.database = database
        self.curated = curated
    }

    package func resolve(
        _ reference: String, kind: AssetKind, in scope: WorkspaceScope
    ) async throws -> ResolvedAsset {
        let parsed = try AssetReference(reference, kind: kind)
        let home = parsed.scope ?? scope
        if parsed.registry == nil, let found = try await database.read({ try Self.fetch(parsed, kind, home, $0) }) {
            return try Self.resolved(found, kind, home, notices: [])
        }
        // What is not in the workspace may be an old name of an environment that is kept.
        guard kind == .environments, let kept = curated.kept(parsed) else {
            throw try await notFound(parsed, kind, home)
        }
        let alias = try AssetReference("\(kept.name)@latest", kind: kind)
        guard let found = try await database.read({ try Self.fetch(alias, kind, home, $0) }) else {
            throw try await notFound(parsed, kind, home)
        }
        return try Self.resolved(found, kind, home, notices: kept.notices)
    }

    private static func resolved(
        _ document: Document, _ kind: AssetKind, _ home: WorkspaceScope, notices: [String]
    ) throws -> ResolvedAsset {
        ResolvedAsset(
            id: "\(home.id)/\(kind.rawValue)/\(document.key.name)/versions/\(document.key.version)",
            name: document.key.name, version: document.key.version, properties: try document.body()["properties"],
            notices: notices)
    }

    private static func fetch(
        _ reference: AssetReference, _ kind: AssetKind, _ scope: WorkspaceScope, _ database: Database
    ) throws -> Document? {
        switch reference.choice {
        case .version(let version):
            let key = DocumentKey(kind: kind.rawValue, scope: scope.key, name: reference.name, version: version)
            return try DocumentTable.fetch(key, database)
        case .label(let label):
            guard label.lowercased() == "latest" || label == "default" else {
                throw ServiceError(
                    .notFound, "The label \"\(label)\" is not known; \"latest\" is the one there is.", target: label)
            }
            return try DocumentTable.latest(kind: kind.rawValue, scope: scope.key, name: reference.name, database)
        }
    }

    private func notFound(
        _ reference: AssetReference, _ kind: AssetKind, _ scope: WorkspaceScope
    ) async throws -> ServiceError {
        let (versions, names) = try await database.read { database in
            (
                try DocumentTable.versions(kind: kind.rawValue, scope: scope.key, name: reference.name, database),
                try DocumentTable.names(kind: kind.rawValue, scope: scope.key, database)
            )
        }
        guard versions.isEmpty else {
            let list = versions.suffix(10).joined(separator: ", ")
            return ServiceError(
                .notFound, "The \(kind.singular) \"\(reference.name)\" has no such version; there is \(list).",
                target: reference.name)
        }
        let hint = NearestName.hint(reference.name, among: names)
        return ServiceError(
            .notFound, "There is no \(kind.singular) \"\(reference.name)\" in workspace \"\(scope.workspace)\".\(hint)",
            target: reference.name)
    }

    package func register(
        _ kind: AssetKind, name: String, version: String?, properties: JSON, by: String, at: Int64,
        in scope: WorkspaceScope, _ database: Database
    ) throws -> String {
        let next = try DocumentTable.nextVersion(kind: kind.rawValue, scope: scope.key, name: name, database)
        let version = version ?? String(next)
        let key = DocumentKey(kind: kind.rawValue, scope: scope.key, name: name, version: version)
        if let old = try DocumentTable.fetch(key, database) {
            try Self.documentKind(kind).checkUnchanged(old, properties)
        }
        try DocumentTable.upsert(
            .init(key: key, body: ["properties": properties], by: by, at: at), database)
        return "\(scope.id)/\(kind.rawValue)/\(name)/versions/\(version)"
    }

    static func documentKind(_ kind: AssetKind) -> DocumentKind {
        switch kind {
        case .data: AssetKinds.data
        case .models: AssetKinds.models
        case .environments: AssetKinds.environments
        case .components: AssetKinds.components
        case .codes: AssetKinds.codes
        }
    }
}

extension DocumentKind {
    fileprivate func checkUnchanged(_ old: Document, _ properties: JSON) throws {
        guard try old.body()["properties"] == properties else {
            throw ServiceError(
                .immutable,
                "Version \(old.key.version) of the \(singular) \"\(old.key.name)\" exists; versions never change. "
                    + "Register under another version.", target: old.key.name)
        }
    }
}
