package import GRDB
import LazuliDomain
import LazuliPersistence
package import LazuliResources

/// The environments that every workspace is made with, and the old names that lead to them.
package struct CuratedEnvironmentSource: Sendable {
    package struct Entry: Sendable {
        let name: String
        let version: String
        let properties: JSON

        package init(name: String, version: String, properties: JSON) {
            self.name = name
            self.version = version
            self.properties = properties
        }
    }

    /// Where an old or foreign name leads, with a sentence for the user; nil for names that lead nowhere.
    package typealias Alias = @Sendable (_ name: String, _ registry: String?) -> (name: String, notice: String)?

    let entries: [Entry]
    let alias: Alias

    package init(entries: [Entry], alias: @escaping Alias) {
        self.entries = entries
        self.alias = alias
    }

    /// The kept environment a reference means, if it is an old name or asks for a version that is not kept.
    func kept(_ reference: AssetReference) -> (name: String, notices: [String])? {
        if reference.registry == nil, entries.contains(where: { $0.name == reference.name }) {
            guard case .version(let version) = reference.choice,
                !entries.contains(where: { $0.name == reference.name && $0.version == version })
            else { return nil }
            return (
                reference.name,
                ["Version \(version) of \(reference.name) is not kept; the version that is kept was taken."]
            )
        }
        return alias(reference.name, reference.registry).map { ($0.name, [$0.notice]) }
    }

    /// Puts the environments into a workspace, leaving those that are there.
    package func install(in scope: WorkspaceScope, at: Int64, _ database: Database) throws {
        for entry in entries {
            let key = DocumentKey(
                kind: AssetKind.environments.rawValue, scope: scope.key, name: entry.name, version: entry.version)
            guard try DocumentTable.fetch(key, database) == nil else { continue }
            try DocumentTable.upsert(
                .init(key: key, body: ["properties": entry.properties], by: "Lazuli", at: at), database)
        }
    }
}
