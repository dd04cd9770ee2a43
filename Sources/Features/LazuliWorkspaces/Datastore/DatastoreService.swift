package import Foundation
package import LazuliArtifacts
package import LazuliDomain
package import LazuliPersistence
package import LazuliResources
import GRDB

/// What datastores add to being documents: their secrets go to the vault, their containers are made on this server.
package struct DatastoreService: Sendable {
    let database: StateDatabase
    let vault: SecretVault
    let blobs: BlobStore
    let accounts: StorageAccountService
    let clock: WallClock
    private let documents: DocumentService

    package init(
        database: StateDatabase, vault: SecretVault, blobs: BlobStore, accounts: StorageAccountService, clock: WallClock
    ) {
        self.database = database
        self.vault = vault
        self.blobs = blobs
        self.accounts = accounts
        self.clock = clock
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, call in
            let place = try? DatastorePlace(body["properties"])
            if let place { try Self.prepare(place, blobs) }
            return body
        }
        behaviour.write = { old, body, key, call, database in
            try Self.store(body, over: old, key, call, vault, database)
        }
        behaviour.remove = { document, _, database in
            if try document.body()["properties"]["isDefault"].bool == true {
                throw ServiceError(
                    .conflict, "\"\(document.key.name)\" is the default datastore. Make another the default first.")
            }
            try vault.remove(named: Self.secretName(document.key), in: database)
        }
        documents = DocumentService(DatastoreFeature.kind, database: database, clock: clock, behaviour: behaviour)
    }

    package var routes: [Route] {
        documents.routes([.get, .put, .patch, .delete]) + [
            Route(
                "GET", DatastoreFeature.kind.collectionPath, "Datastores_List",
                action: DatastoreFeature.kind.action("read"),
                handle: list),
            documents.action("listSecrets", listSecrets),
        ]
    }

    // MARK: - Storing

    private static func secretName(_ key: DocumentKey) -> String { "datastore/\(key.scope)/\(key.name)" }

    /// Makes the container, so that a datastore that was accepted can be used.
    private static func prepare(
        _ place: DatastorePlace, _ blobs: BlobStore
    ) throws {
        _ = try blobs.createContainer(ContainerAddress(account: place.account, container: place.container))
    }

    /// Takes the secrets out of the body. A key of an account this server holds must be that account's key.
    private static func store(
        _ body: JSON, over old: Document?, _ key: DocumentKey, _ call: Call, _ vault: SecretVault, _ database: Database
    ) throws -> JSON {
        var kept = body
        var credentials = body["properties"]["credentials"].object ?? JSONObject()
        let secrets = credentials["secrets"] ?? .null
        if credentials.isEmpty {
            // What `show` gives has no credentials; given back, it keeps those there are.
            let stored = try old?.body()["properties"]["credentials"] ?? .null
            credentials = stored.object ?? JSONObject([("credentialsType", "None")])
        }
        credentials["secrets"] = nil
        kept["properties"]["credentials"] = .object(credentials)
        if !secrets.isNull { try vault.store(secrets.text, named: secretName(key), in: database) }
        if let place = try? DatastorePlace(body["properties"]) {
            try adopt(place.account, givenKey: secrets["key"].string, call, vault, database)
        }
        let wasDefault = try old?.body()["properties"]["isDefault"].bool ?? false
        let becomesDefault = body["properties"]["isDefault"].bool ?? wasDefault
        kept["properties"]["isDefault"] = .bool(becomesDefault || wasDefault)
        if becomesDefault, !wasDefault { try clearDefault(key.scope, database) }
        return kept
    }

    private static func adopt(
        _ account: String, givenKey: String?, _ call: Call, _ vault: SecretVault, _ database: Database
    ) throws {
        let name = StorageAccountService.secretName(account)
        if let known = try vault.secret(named: name, in: database) {
            let isWorkspaces = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM workspace WHERE account = ?)", arguments: [account])
            if isWorkspaces == false, let givenKey {
                // An account that only datastores name has the key that was given last.
                return try vault.store(givenKey, named: name, in: database)
            }
            guard givenKey == nil || givenKey == known else {
                throw ServiceError(
                    .invalidArgument,
                    "The account key is not the key of storage account \"\(account)\". "
                        + "Leave the credentials out to use the key this server holds.",
                    target: "$.properties.credentials.secrets.key")
            }
            return
        }
        let key = givenKey ?? Data((0..<64).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        try vault.store(key, named: name, in: database)
        try database.execute(
            sql: "INSERT INTO storageAccount (name, workspace) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            arguments: [account, try call.workspaceScope().key])
    }

    private static func clearDefault(_ scope: String, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE document SET body = json_set(body, '$.properties.isDefault', json('false'))
                WHERE kind = ? AND scope = ? AND json_extract(body, '$.properties.isDefault') = 1
                """,
            arguments: [DatastoreFeature.kind.tableName, scope])
    }

    // MARK: - Reading

    /// `isDefault=true` asks for the default alone.
    private func list(_ call: Call) async throws -> Reply {
        var query = try DocumentQuery(
            kind: DatastoreFeature.kind.tableName, scope: try call.workspaceScope().key, order: .oldestFirst, call: call
        )
        if call.query["isdefault"]?.lowercased() == "true" { query.matchesDefault() }
        let filled = query
        let (found, next) = try await database.read { try filled.run($0) }
        var values: [JSON] = []
        for document in found { values.append(try await documents.resource(document, call)) }
        return .page(values, next: next, of: call, path: "\(try call.workspaceScope().id)/datastores")
    }

    /// The credentials, for those who may have them: a shared access signature when an expirable one is asked for.
    private func listSecrets(_ call: Call) async throws -> Reply {
        let document = try await documents.document(DatastoreFeature.kind.key(for: call), call)
        let properties = try document.body()["properties"]
        let vault = vault
        if let place = try? DatastorePlace(properties), let key = try await accounts.key(ofAccount: place.account) {
            guard call.body["expirableSecret"].bool == true else {
                return .json(200, ["secretsType": "AccountKey", "key": .string(Data(key).base64EncodedString())])
            }
            let hours = call.body["expireAfterHours"].integer ?? 1
            let token = try SharedAccessSignature.issue(
                account: place.account, key: key, expiry: clock.date.addingTimeInterval(Double(hours) * 3600))
            return .json(200, ["secretsType": "Sas", "sasToken": .string(token)])
        }
        let stored = try await database.read { try vault.secret(named: Self.secretName(document.key), in: $0) }
        guard let stored, let secrets = try? JSON(parsing: stored) else {
            return .json(200, ["secretsType": "None"])
        }
        return .json(200, secrets)
    }
}

extension DocumentQuery {
    fileprivate mutating func matchesDefault() { flags.append("$.properties.isDefault") }
}

/// The datastores as jobs and assets see them.
extension DatastoreService: DatastoreDirectory {
    package func location(ofDatastore name: String, in scope: WorkspaceScope) async throws -> DatastoreLocation {
        let kindName = DatastoreFeature.kind.tableName
        let found = try await database.read { database -> (Document?, [String]) in
            let key = DocumentKey(kind: kindName, scope: scope.key, name: name)
            if let document = try DocumentTable.fetch(key, database) { return (document, []) }
            return (nil, try DocumentTable.names(kind: kindName, scope: scope.key, database))
        }
        guard let document = found.0 else {
            let hint = NearestName.hint(name, among: found.1)
            throw ServiceError(
                .notFound, "There is no datastore \"\(name)\" in workspace \"\(scope.workspace)\".\(hint)", target: name
            )
        }
        let place = try DatastorePlace(try document.body()["properties"])
        let folder = try blobs.url(account: place.account, container: place.container)
        return DatastoreLocation(account: place.account, container: place.container, folder: folder)
    }

    package func defaultDatastore(in scope: WorkspaceScope) async throws -> String {
        try await database.read { database in
            var query = DocumentQuery(kind: DatastoreFeature.kind.tableName, scope: scope.key)
            query.matchesDefault()
            return try query.run(database).documents.first?.key.name
        } ?? BuiltInDatastore.blob
    }

    package func account(of scope: WorkspaceScope) async throws -> String {
        try await database.read { try WorkspaceTable.fetch(scope.key, $0)?.account } ?? ""
    }

    package func folder(account: String, container: String) async throws -> URL? {
        guard let address = try? ContainerAddress(account: account, container: container),
            blobs.containerExists(address)
        else { return nil }
        return blobs.url(of: address)
    }
}
