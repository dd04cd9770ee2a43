import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Model versions as the model assets that the management API shows: one document is both.
///
/// This is the one place of tracking that knows how a model asset is written down. Versions that are no whole numbers
/// have no place in MLflow's registry and are passed over.
enum ModelDocuments {
    static let kind = "models"

    /// Members of the asset's free properties that the registry needs and the asset has no member for.
    enum Property {
        static let source = "mlflow.modelSourceUri"
        static let download = "mlflow.artifactUri"
        static let modelID = "mlflow.modelId"
        static let runLink = "mlflow.runLink"
    }

    static func find(
        _ name: String, _ version: Int64, _ scope: WorkspaceScope, _ database: Database
    ) throws -> Document? {
        try DocumentTable.fetch(
            DocumentKey(kind: kind, scope: scope.key, name: name, version: String(version)), database)
    }

    static func require(
        _ name: String, _ version: String, _ scope: WorkspaceScope, _ database: Database
    ) throws -> Document {
        let number = try RegistryRules.checkVersion(version)
        guard let document = try find(name, number, scope, database) else {
            throw TrackingFault.notFound("Model Version (name=\(name), version=\(version)) not found")
        }
        return document
    }

    /// All versions of a model, oldest first.
    static func all(_ name: String, _ scope: WorkspaceScope, _ database: Database) throws -> [Document] {
        let query = DocumentQuery(kind: kind, scope: scope.key, name: name, view: .all, pageSize: 1_000_000)
        return try query.run(database).documents.filter { Int64($0.key.version) != nil }
    }

    /// A document as a version; its aliases are the caller's to add.
    static func version(_ document: Document) throws -> ModelVersion {
        let properties = try document.body()["properties"], free = properties["properties"]
        let number = Int64(document.key.version) ?? 0
        let tags = (properties["tags"].object?.pairs ?? []).map { Entry($0.key, $0.value.scalarText ?? "") }
        return ModelVersion(
            name: document.key.name, version: number, createdAt: document.createdAt,
            updatedAt: document.modifiedAt, description: properties["description"].string, user: document.createdBy,
            stage: properties["stage"].string.flatMap { try? ModelStage(named: $0) } ?? .none,
            source: free[Property.source].string ?? properties["modelUri"].string ?? "",
            downloadURI: free[Property.download].string
                ?? ArtifactAddress.uri(ofModel: document.key.name, version: number),
            runID: properties["jobName"].string, runLink: free[Property.runLink].string,
            modelID: free[Property.modelID].string, tags: tags.sorted { $0.key < $1.key })
    }

    /// Stores a new version.
    /// - Parameter modelURI: the address of the files in the management API's words.
    static func insert(
        _ version: ModelVersion, modelURI: String, _ scope: WorkspaceScope, _ database: Database
    ) throws {
        let free = JSON.object(dropping: [
            (Property.source, .string(version.source)), (Property.download, .string(version.downloadURI)),
            (Property.modelID, version.modelID.map(JSON.string)), (Property.runLink, version.runLink.map(JSON.string)),
        ])
        let properties = JSON.object(dropping: [
            ("modelUri", .string(modelURI)), ("modelType", "mlflow_model"), ("flavors", [:]),
            ("description", version.description.map(JSON.string)), ("tags", tags(version.tags)),
            ("properties", free), ("jobName", version.runID.map(JSON.string)), ("isArchived", false),
            ("isAnonymous", false),
        ])
        let key = DocumentKey(kind: kind, scope: scope.key, name: version.name, version: String(version.version))
        try DocumentTable.upsert(
            DocumentTable.Draft(
                key: key, body: ["properties": properties], state: "Succeeded", by: version.user,
                at: version.createdAt),
            database)
    }

    /// Changes the members of a version that may change.
    static func update(_ document: Document, _ version: ModelVersion, at time: Int64, _ database: Database) throws {
        var body = try document.body()
        body["properties"]["description"] = JSON(version.description)
        body["properties"]["stage"] = version.stage == .none ? .null : .string(version.stage.rawValue)
        body["properties"]["tags"] = tags(version.tags)
        try DocumentTable.update(
            document, body: body, state: document.state, by: document.modifiedBy, at: time, database)
    }

    private static func tags(_ entries: [Entry]) -> JSON {
        .object(JSONObject(entries.map { ($0.key, .string($0.value)) }))
    }

    static func rename(_ name: String, to newName: String, _ scope: WorkspaceScope, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE document SET name = ? WHERE kind = ? AND scope = ? AND name = ?",
            arguments: [newName, kind, scope.key, name])
    }
}

extension ModelDocuments {
    /// The folders of all versions' files that lie below the artifact container.
    static func folders(_ scope: WorkspaceScope, _ database: Database) throws -> Set<String> {
        let marker = "/datastores/\(BuiltInDatastore.artifacts)/paths/"
        let addresses = try String.fetchAll(
            database,
            sql: """
                SELECT json_extract(body, '$.properties.modelUri') FROM document
                WHERE kind = ? AND scope = ? AND instr(body, ?) > 0
                """, arguments: [kind, scope.key, marker])
        return Set(
            addresses.compactMap { address in
                address.firstRange(of: marker).map { String(address[$0.upperBound...]) }
            })
    }

    static func delete(_ document: Document, _ database: Database) throws {
        try DocumentTable.delete(document, database)
    }
}
