import GRDB
public import LazuliResources

/// Making, finding and changing runs, and logging to them.
public struct RunService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// What a client says of a run it begins.
    public struct Draft: Sendable {
        public var experimentID: String
        public var user: String
        /// Milliseconds since 1970; nil as clients before 2.0 may leave it.
        public var startTime: Int64?
        public var name: String?
        public var tags: [Entry]

        public init(experimentID: String, user: String, startTime: Int64?, name: String?, tags: [Entry]) {
            self.experimentID = experimentID
            self.user = user
            self.startTime = startTime
            self.name = name
            self.tags = tags
        }
    }

    public func create(_ draft: Draft, in scope: WorkspaceScope) async throws -> Run {
        for (index, tag) in draft.tags.enumerated() { try NameRules.checkTag(tag, at: "tags[\(index)].") }
        let (name, tags) = try Self.nameAndTags(of: draft)
        let runID = RandomID.hex()
        return try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(
                id: draft.experimentID, view: .all, workspace: workspace, database)
            guard !experiment.isDeleted else { throw TrackingFault.notActive(experiment: draft.experimentID) }
            let info = RunInfo(
                runID: runID, experiment: experiment.number, name: name, user: draft.user, status: "RUNNING",
                isDeleted: false, startTime: draft.startTime, endTime: nil,
                artifactURI: ArtifactAddress.uri(ofRun: runID, in: experiment.artifactLocation))
            let isOwn = experiment.artifactLocation == ArtifactAddress.uri(ofExperiment: experiment.number)
            let run = try RunTable.insert(
                info, artifactURI: isOwn ? nil : info.artifactURI, workspace: workspace, experiment: experiment.id,
                database)
            for tag in tags { try RunTable.setTag(tag, run: run, workspace: workspace, database) }
            return Run(info: info, data: RunData(tags: tags))
        }
    }

    /// The name of a run is also its tag `mlflow.runName`, whichever of the two the client gave.
    private static func nameAndTags(of draft: Draft) throws -> (String, [Entry]) {
        let tagged = draft.tags.last { $0.key == RunTable.nameTag }?.value
        let name = draft.name.flatMap { $0.isEmpty ? nil : $0 }
        if let name, let tagged, !tagged.isEmpty, name != tagged {
            throw TrackingFault.invalid(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                    + "(run_name='\(name)', mlflow.runName='\(tagged)').")
        }
        let settled = name ?? tagged.flatMap { $0.isEmpty ? nil : $0 } ?? RunName.random()
        var tags: [Entry] = []
        for tag in draft.tags where tag.key != RunTable.nameTag {
            tags.removeAll { $0.key == tag.key }
            tags.append(tag)
        }
        return (settled, tags + [Entry(RunTable.nameTag, settled)])
    }

    public func get(_ runID: String, in scope: WorkspaceScope) async throws -> Run {
        try await store.readHere(scope) { database, workspace in
            let row = try RunTable.require(runID, workspace: workspace, database)
            return try RunReader(database).runs([row])[0]
        }
    }

    /// The run without what was logged to it.
    public func info(_ runID: String, in scope: WorkspaceScope) async throws -> RunInfo {
        try await store.readHere(scope) { try RunTable.require(runID, workspace: $1, $0).info }
    }

    /// Changes what is given and leaves the rest.
    public func update(
        _ runID: String, status: String?, endTime: Int64?, name: String?, in scope: WorkspaceScope
    ) async throws -> RunInfo {
        try await store.write(scope) { database, workspace in
            var run = try RunTable.requireActive(runID, workspace: workspace, database)
            if let status { run.info.status = status }
            if let endTime { run.info.endTime = endTime }
            if let name, !name.isEmpty {
                run.info.name = name
                try RunTable.setTag(Entry(RunTable.nameTag, name), run: run.id, workspace: workspace, database)
            }
            try RunTable.update(run, database)
            return run.info
        }
    }

    /// Hides a run; `restore` brings it back.
    public func delete(_ runID: String, in scope: WorkspaceScope) async throws {
        let now = store.clock.now()
        try await store.write(scope) { database, workspace in
            let run = try RunTable.require(runID, workspace: workspace, database)
            try RunTable.setDeleted(run.id, at: now, database)
        }
    }

    public func restore(_ runID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let run = try RunTable.require(runID, workspace: workspace, database)
            try RunTable.setDeleted(run.id, at: nil, database)
        }
    }

    /// Deletes runs for good; the caller removes their files.
    public func purge(_ runIDs: [String], in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            for runID in runIDs {
                guard let run = try RunTable.find(runID, workspace: workspace, database) else { continue }
                try RunPurge.delete(run.id, database)
            }
        }
    }
}
