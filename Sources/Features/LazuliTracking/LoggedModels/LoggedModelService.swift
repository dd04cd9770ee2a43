import GRDB
public import LazuliResources

/// Making, finding and changing logged models.
public struct LoggedModelService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// What a client says of a model it begins to log.
    public struct Draft: Sendable {
        public var experimentID: String
        public var name: String?
        public var modelType: String?
        public var sourceRunID: String?
        /// The run inside of which the client runs: MLflow 3 leaves its name out when a script started no run itself.
        public var callingRunID: String?
        public var params: [Entry]
        public var tags: [Entry]

        public init(
            experimentID: String, name: String?, modelType: String?, sourceRunID: String?, params: [Entry],
            tags: [Entry], callingRunID: String? = nil
        ) {
            self.experimentID = experimentID
            self.name = name
            self.modelType = modelType
            self.sourceRunID = sourceRunID
            self.callingRunID = callingRunID
            self.params = params
            self.tags = tags
        }
    }

    public func create(_ draft: Draft, in scope: WorkspaceScope) async throws -> LoggedModel {
        if let name = draft.name { try NameRules.checkLoggedModelName(name) }
        try Self.check(draft.params)
        let now = store.clock.now(), modelID = "m-" + RandomID.hex()
        return try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(
                id: draft.experimentID, view: .all, workspace: workspace, database)
            guard !experiment.isDeleted else { throw TrackingFault.notActive(experiment: draft.experimentID) }
            let calling = try draft.callingRunID.flatMap { try RunTable.find($0, workspace: workspace, database) }
            let run = draft.sourceRunID ?? calling?.info.runID
            let model = LoggedModel(
                modelID: modelID, experiment: experiment.number, name: draft.name ?? RunName.random(),
                status: .pending, modelType: draft.modelType, sourceRunID: run,
                artifactURI: ArtifactAddress.uri(ofModel: modelID, in: experiment.artifactLocation),
                isDeleted: false, createdAt: now, updatedAt: now, params: draft.params, tags: draft.tags)
            let isOwn = experiment.artifactLocation == ArtifactAddress.uri(ofExperiment: experiment.number)
            let folder = try LoggedModelTable.folder(
                forNewModel: model.name, run: isOwn ? run : nil, workspace: workspace, database)
            try LoggedModelTable.insert(
                model, artifactURI: isOwn ? nil : model.artifactURI, folder: folder, workspace: workspace,
                experiment: experiment.id, database)
            return model
        }
    }

    private static func check(_ params: [Entry]) throws {
        for (index, param) in params.enumerated() {
            try NameRules.checkLength(
                param.key, of: "params[\(index)].key", limit: TrackingLimits.loggedModelParamKey)
            try NameRules.checkLength(
                param.value, of: "params[\(index)].value", limit: TrackingLimits.loggedModelParamValue)
        }
    }

    public func get(
        _ modelID: String, allowDeleted: Bool = false, in scope: WorkspaceScope
    ) async throws -> LoggedModel {
        try await store.read(scope) { database, workspace in
            let row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            guard allowDeleted || !row.model.isDeleted else { throw TrackingFault.noLoggedModel(modelID) }
            return try LoggedModelTable.filled([row], database)[0]
        }
    }

    /// Says that a model is complete, or that its upload failed.
    public func finish(
        _ modelID: String, status: LoggedModelStatus, in scope: WorkspaceScope
    ) async throws -> LoggedModel {
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            var row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            row.model.status = status
            row.model.updatedAt = now
            try database.execute(
                sql: "UPDATE loggedModel SET status = ?, updatedAt = ? WHERE id = ?",
                arguments: [status.rawValue, now, row.id])
            return try LoggedModelTable.filled([row], database)[0]
        }
    }

    public func delete(_ modelID: String, in scope: WorkspaceScope) async throws {
        let now = store.clock.now()
        try await store.write(scope) { database, workspace in
            let row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            try database.execute(
                sql: "UPDATE loggedModel SET isDeleted = 1, updatedAt = ? WHERE id = ?", arguments: [now, row.id])
        }
    }

    public func logParams(_ params: [Entry], to modelID: String, in scope: WorkspaceScope) async throws {
        try Self.check(params)
        try await store.write(scope) { database, workspace in
            let row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            try LoggedModelTable.set(params, in: "loggedModelParam", row.id, database)
        }
    }

    public func setTags(_ tags: [Entry], of modelID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            try LoggedModelTable.set(tags, in: "loggedModelTag", row.id, database)
        }
    }

    public func deleteTag(_ key: String, of modelID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let row = try LoggedModelTable.require(modelID, workspace: workspace, database)
            try database.execute(
                sql: "DELETE FROM loggedModelTag WHERE loggedModelID = ? AND key = ?", arguments: [row.id, key])
            guard database.changesCount > 0 else {
                throw TrackingFault.notFound(
                    "No tag with key \(PythonText.repr(key)) found for model with ID \(PythonText.repr(modelID)).")
            }
        }
    }
}
