import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Where a version that is being registered comes from, with what its source tells of run and logged model.
struct ModelOrigin {
    var source: String
    var downloadURI: String
    var runID: String?
    var modelID: String?
    /// The address of the files in the management API's words.
    var modelURI: String

    /// - Throws: `invalidArgument` for a source that cannot be one, `notFound` for one that names nothing.
    init(
        _ draft: RegistryService.VersionDraft, _ scope: WorkspaceScope, _ workspace: Int64, _ database: Database
    ) throws {
        source = draft.source
        downloadURI = draft.source
        runID = draft.runID
        modelID = draft.modelID
        modelURI = draft.source
        if Self.isPromptMarker(draft) { return }
        try RegistryRules.checkSource(source)
        if let path = AzureArtifactAddress.proxyPath(ofURI: source) { try followAzure(path, workspace, database) }
        if source.hasPrefix("models:/") {
            try followModel(scope, workspace, database)
        } else if let folder = Self.folder(ofRunSource: source) ?? ArtifactAddress.folder(ofURI: source) {
            modelURI = Self.address(of: folder, scope)
        } else if let modelID, let model = try LoggedModelTable.find(modelID, workspace: workspace, database) {
            modelURI = Self.address(of: model.folder, scope)
        }
        if runID == nil, let modelID {
            runID = try LoggedModelTable.find(modelID, workspace: workspace, database)?.model.sourceRunID
        }
    }

    /// Prompts are kept as models without files.
    private static func isPromptMarker(_ draft: RegistryService.VersionDraft) -> Bool {
        draft.tags.contains { $0.key == RegistrySearch.promptTag }
    }

    /// What is kept is the address that every client reads, not that of Azure's plugin or of the jobs API.
    private mutating func followAzure(_ path: [String], _ workspace: Int64, _ database: Database) throws {
        var path = path
        if path.count >= 3, path[2] == "artifacts" {
            let run = try RunTable.require(path[1], workspace: workspace, database)
            path[0] = String(run.info.experiment)
            runID = runID ?? run.info.runID
        } else if path.count >= 4, path[1] == "models" {
            modelID = modelID ?? path[2]
        }
        source = ArtifactAddress.scheme + path.joined(separator: "/")
        downloadURI = source
    }

    private mutating func followModel(_ scope: WorkspaceScope, _ workspace: Int64, _ database: Database) throws {
        let name = source.dropFirst("models:/".count).drop(while: { $0 == "/" })
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 1, parts[0].hasPrefix("m-"), !parts[0].contains("@") {
            let row = try LoggedModelTable.require(parts[0], workspace: workspace, database)
            downloadURI = row.model.artifactURI
            modelID = modelID ?? parts[0]
            runID = runID ?? row.model.sourceRunID
            modelURI = Self.address(of: row.folder, scope)
            return
        }
        let other = try version(parts, scope, workspace, database)
        let document = try ModelDocuments.require(other.name, String(other.version), scope, database)
        source = "models:/\(other.name)/\(other.version)"
        downloadURI = other.downloadURI
        runID = runID ?? other.runID
        modelID = modelID ?? other.modelID
        modelURI = try document.body()["properties"]["modelUri"].string ?? source
    }

    /// The version that `name/version`, `name/Stage` or `name@alias` means.
    private func version(
        _ parts: [String], _ scope: WorkspaceScope, _ workspace: Int64, _ database: Database
    ) throws -> ModelVersion {
        if parts.count == 2, Int64(parts[1]) != nil {
            return try ModelDocuments.version(ModelDocuments.require(parts[0], parts[1], scope, database))
        }
        let halves = parts.first.map { $0.split(separator: "@", maxSplits: 1).map(String.init) } ?? []
        let name = parts.count == 2 ? parts[0] : halves.first ?? ""
        let row = try RegisteredModelTable.require(name, workspace: workspace, database)
        let model = try RegisteredModelTable.filled(row, scope, database)
        var number: Int64?
        if parts.count == 2 {
            let isLatest = parts[1].lowercased() == "latest"
            number = model.latest.last { isLatest || $0.stage.rawValue.lowercased() == parts[1].lowercased() }?.version
        } else if halves.count == 2 {
            number = model.aliases.first { $0.alias == halves[1] }?.version
        }
        guard let number else {
            throw TrackingFault.notFound("Unable to fetch model from model URI source artifact location '\(source)'.")
        }
        return try ModelDocuments.version(ModelDocuments.require(name, String(number), scope, database))
    }

    /// `runs:/{run}/{path}`.
    private static func folder(ofRunSource source: String) -> String? {
        guard source.hasPrefix("runs:/") else { return nil }
        let parts = source.dropFirst("runs:/".count).split(separator: "/").map(String.init)
        guard let run = parts.first else { return nil }
        return ArtifactPlace.join(ArtifactAddress.folder(ofRun: run), parts.dropFirst())
    }

    private static func address(of folder: String, _ scope: WorkspaceScope) -> String {
        "azureml://subscriptions/\(scope.subscription)/resourcegroups/\(scope.resourceGroup)/workspaces/"
            + "\(scope.workspace)/datastores/\(BuiltInDatastore.artifacts)/paths/\(folder)"
    }
}
