import Foundation
package import LazuliArtifacts
import LazuliDomain
package import LazuliPersistence
package import LazuliResources
package import GRDB

/// Workspaces: making one makes its storage account, its containers and its four datastores with it.
package struct WorkspaceService: Sendable {
    let database: StateDatabase
    let vault: SecretVault
    let blobs: BlobStore
    let clock: WallClock
    let cache = WorkspaceCache()
    /// Where plain MLflow clients reach this server, if that is another place than the management API.
    let trackingAddress: String?
    /// Puts into a new workspace what other features give every workspace.
    private let furnish: @Sendable (WorkspaceScope, Database) throws -> Void
    /// Removes what other features keep of a workspace that goes.
    private let clear: @Sendable (WorkspaceScope, Database) throws -> Void
    /// Tells other features that what `clear` removed is gone for good.
    private let cleared: @Sendable () async throws -> Void

    package init(
        database: StateDatabase, vault: SecretVault, blobs: BlobStore, clock: WallClock, trackingAddress: String?,
        furnish: @escaping @Sendable (WorkspaceScope, Database) throws -> Void,
        clear: @escaping @Sendable (WorkspaceScope, Database) throws -> Void,
        cleared: @escaping @Sendable () async throws -> Void
    ) {
        self.cleared = cleared
        self.furnish = furnish
        self.clear = clear
        self.trackingAddress = trackingAddress
        self.database = database
        self.vault = vault
        self.blobs = blobs
        self.clock = clock
    }

    /// The members of a workspace's properties that clients may set.
    static let properties: Schema = .object(
        [
            .optional("friendlyName", .string), .optional("description", .string),
            .optional("publicNetworkAccess", .oneOf(["Enabled", "Disabled"])),
            .optional("systemDatastoresAuthMode", .string), .optional("hbiWorkspace", .boolean),
            .optional("imageBuildCompute", .string), .optional("v1LegacyMode", .boolean),
            .optional("managedNetwork", .any), .optional("encryption", .any),
            .optional("primaryUserAssignedIdentity", .string),
            .optional("allowPublicAccessWhenBehindVnet", .boolean), .optional("enableDataIsolation", .boolean),
            .optional("serverlessComputeSettings", .any), .optional("featureStoreSettings", .any),
            .optional("hubResourceId", .string), .optional("containerRegistry", .string),
            .optional("allowRoleAssignmentOnRG", .boolean), .optional("networkAcls", .any),
            .optional("ipAllowlist", .any), .optional("provisionNetworkNow", .boolean),
        ]
            + .readOnly(
                "storageAccount", "keyVault", "applicationInsights", "workspaceId", "discoveryUrl", "mlFlowTrackingUri",
                "provisioningState", "notebookInfo", "tenantId", "serviceProvisionedResourceGroup", "storageHnsEnabled",
                "privateLinkCount", "mlFlowTrackingUri", "associatedWorkspaces", "workspaceHubConfig"))

    static let body: Schema = .object(
        SharedSchemas.tracked + [.optional("properties", properties)]
            + .readOnly("id", "name", "type", "systemData", "etag"))

    private static let nameRule = "3 to 33 letters, digits, '-' and '_', beginning with a letter or digit"

    /// Makes the workspace, or changes the one there is. Names already taken are not an error: create is repeatable.
    package func createOrUpdate(_ scope: WorkspaceScope, body: JSON, by caller: Caller) async throws {
        try Self.checkName(scope.workspace)
        let checked = try Self.body.checked(body, at: "$")
        let existing = try await database.read { try WorkspaceTable.fetch(scope.key, $0) }
        if existing != nil {
            try await update(scope, with: checked)
        } else {
            try await create(scope, checked, by: caller)
        }
    }

    private static func checkName(_ name: String) throws {
        let isFine =
            (2...33).contains(name.count) && name.first.map { $0.isLetter || $0.isNumber } == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        guard isFine else {
            throw ServiceError(
                .invalidArgument, "\"\(name)\" cannot be a workspace's name: it is \(nameRule).", target: "name")
        }
    }

    private func create(_ scope: WorkspaceScope, _ body: JSON, by caller: Caller) async throws {
        let guid = UUID().uuidString.lowercased()
        let layout = WorkspaceStorage(guid: guid)
        for container in layout.containers {
            _ = try blobs.createContainer(ContainerAddress(account: layout.account, container: container))
        }
        var stored = body
        if stored["location"].isNull { stored["location"] = "local" }
        if stored["properties"]["friendlyName"].isNull {
            stored["properties"]["friendlyName"] = .string(scope.workspace)
        }
        let final = stored, at = clock.now(), vault = vault, furnish = furnish
        let key = Data((0..<64).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        try await database.write { database in
            guard try WorkspaceTable.fetch(scope.key, database) == nil else { return }
            try WorkspaceTable.ensureGroup(
                scope.subscription, scope.resourceGroup, ["location": final["location"]], database)
            try WorkspaceTable.insert(
                scope, guid: guid, account: layout.account, body: final, by: caller.name, at: at, database)
            try vault.store(key, named: StorageAccountService.secretName(layout.account), in: database)
            for draft in layout.datastores(in: scope, by: caller.name, at: at) {
                try DocumentTable.upsert(draft, database)
            }
            try furnish(scope, database)
        }
    }

    package func count() async throws -> Int {
        try await database.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM workspace") ?? 0 }
    }

    /// Gives every workspace what a newer version of the server would have given it.
    package func furnishAll() async throws {
        let furnish = furnish
        try await database.write { database in
            for record in try WorkspaceRecord.fetchAll(database, sql: "SELECT * FROM workspace") {
                try furnish(record.scope, database)
            }
        }
    }

    func update(_ scope: WorkspaceScope, with patch: JSON) async throws {
        let at = clock.now()
        try await database.write { database in
            guard let record = try WorkspaceTable.fetch(scope.key, database) else { return }
            let body = try record.body().overlaid(with: patch)
            try database.execute(
                sql: "UPDATE workspace SET body = ?, modifiedAt = ? WHERE key = ?",
                arguments: [body.text, at, scope.key])
        }
    }

    /// Removes the workspace, all that is in it, and its bytes.
    func delete(_ scope: WorkspaceScope) async throws {
        let clear = clear
        let accounts = try await database.write { database in
            let accounts = try String.fetchAll(
                database, sql: "SELECT name FROM storageAccount WHERE workspace = ?", arguments: [scope.key])
            try DocumentTable.deleteAll(below: scope.key, database)
            try clear(scope, database)
            try database.execute(sql: "DELETE FROM workspace WHERE key = ?", arguments: [scope.key])
            return accounts
        }
        cache.forgetAll()
        try await cleared()
        for account in accounts {
            for container in try blobs.listContainers(account: account) {
                try blobs.deleteContainer(ContainerAddress(account: account, container: container.name))
            }
        }
    }
}
