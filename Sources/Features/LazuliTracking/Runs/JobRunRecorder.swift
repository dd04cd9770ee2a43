public import GRDB
public import LazuliDomain
public import LazuliResources

/// Records a job as the MLflow run of the same name, inside the step that stores the job itself.
public struct JobRunRecorder: RunRecorder {
    private static let parentTag = "mlflow.parentRunId"
    private static let userTag = "mlflow.user"

    public init() {}

    /// Makes the run. An experiment that was deleted under this name comes back to life with it.
    public func create(_ run: NewRun, in scope: WorkspaceScope, _ database: Database) throws -> String {
        let workspace = try TrackingWorkspace.id(ofKey: scope.key, now: run.createdAt, database)
        let experiment = try experiment(named: run.experimentName, workspace, now: run.createdAt, database)
        guard try RunTable.find(run.runID, workspace: workspace, database) == nil else {
            throw ServiceError(
                .conflict, "A run named \(run.runID) exists already. Submit the job under another name.",
                target: run.runID)
        }
        let name = run.displayName.isEmpty ? run.runID : run.displayName
        let info = RunInfo(
            runID: run.runID, experiment: experiment.number, name: name, user: run.user,
            status: RunStatus.scheduled.rawValue, isDeleted: false, startTime: run.createdAt, endTime: nil,
            artifactURI: "")
        let row = try RunTable.insert(
            info, artifactURI: nil, workspace: workspace, experiment: experiment.id, database)
        var tags = run.tags
        tags[RunTable.nameTag] = name
        tags[Self.userTag] = tags[Self.userTag] ?? run.user
        if let parent = run.parentRunID { tags[Self.parentTag] = parent }
        try setTags(tags, row: row, workspace, database)
        return String(experiment.number)
    }

    private func experiment(
        named name: String, _ workspace: Int64, now: Int64, _ database: Database
    ) throws -> ExperimentRow {
        let name = name.isEmpty ? ExperimentTable.defaultName : name
        if let found = try ExperimentTable.find(name: name, workspace: workspace, database) {
            if found.isDeleted {
                try database.execute(
                    sql: "UPDATE experiment SET isDeleted = 0, updatedAt = ? WHERE id = ?", arguments: [now, found.id])
            }
            return found
        }
        let number = try ExperimentTable.nextNumber(workspace: workspace, database)
        try ExperimentTable.insert(
            workspace: workspace, number: number, name: name, artifactLocation: nil, now: now, database)
        return try ExperimentTable.require(id: String(number), view: .all, workspace: workspace, database)
    }

    /// A run that was deleted for good meanwhile has nothing to note; its job goes on.
    public func set(
        _ status: RunStatus, ofRun runID: String, at time: Int64, in scope: WorkspaceScope, _ database: Database
    ) throws {
        let workspace = try TrackingWorkspace.id(ofKey: scope.key, now: time, database)
        guard var run = try RunTable.find(runID, workspace: workspace, database) else { return }
        run.info.status = status.rawValue
        switch status {
        case .scheduled: break
        case .running: run.info.startTime = time
        case .finished, .failed, .killed: run.info.endTime = time
        }
        try RunTable.update(run, database)
    }

    public func setTags(
        _ tags: [String: String], ofRun runID: String, in scope: WorkspaceScope, _ database: Database
    ) throws {
        let workspace = try TrackingWorkspace.id(ofKey: scope.key, now: 0, database)
        guard let run = try RunTable.find(runID, workspace: workspace, database) else { return }
        try setTags(tags, row: run.id, workspace, database)
    }

    /// A run that was deleted for good meanwhile takes no more values.
    public func log(
        _ metrics: [RunMetric], params: [String: String], toRun runID: String, at time: Int64, in scope: WorkspaceScope,
        _ database: Database
    ) throws {
        let workspace = try TrackingWorkspace.id(ofKey: scope.key, now: time, database)
        guard let run = try RunTable.find(runID, workspace: workspace, database) else { return }
        let entries = params.sorted { $0.key < $1.key }.map { Entry($0.key, $0.value) }
        _ = try RunTable.addParams(entries, run: run.id, workspace: workspace, database)
        let points = metrics.map { Metric(key: $0.key, value: $0.value, timestamp: time, step: $0.step) }
        try MetricTable.log(points, run: run.id, workspace: workspace, database)
    }

    private func setTags(_ tags: [String: String], row: Int64, _ workspace: Int64, _ database: Database) throws {
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            try RunTable.setTag(Entry(key, value), run: row, workspace: workspace, database)
        }
    }
}
