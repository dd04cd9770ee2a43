import GRDB
public import LazuliResources

/// Takes in what another MLflow store holds, with the ids it has there, which MLflow's own calls cannot do.
///
/// Each run, model and version is one atomic step. Doing it all again changes nothing that is there: a run that exists
/// only gets the metric points it lacks, so an import that was cut short continues where it ended.
public struct ImportService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    // MARK: Experiments

    /// An experiment of the same name is the same experiment; else the id is kept where it is free.
    public func add(_ experiment: ImportedExperiment, in scope: WorkspaceScope) async -> ImportOutcome {
        await outcome(of: experiment.id, in: scope) { database, workspace in
            try NameRules.checkExperimentName(experiment.name)
            if let found = try ExperimentTable.find(name: experiment.name, workspace: workspace, database) {
                let note = "The experiment \"\(found.name)\" is here already, with id \(found.number)."
                return ImportOutcome(
                    experiment.id, .present, String(found.number) == experiment.id ? nil : note,
                    experiment: found.number)
            }
            let (number, note) = try Self.number(for: experiment, workspace, database)
            try Self.insert(experiment, number: number, workspace, database)
            return ImportOutcome(experiment.id, .created, note, experiment: number)
        }
    }

    private static func number(
        for experiment: ImportedExperiment, _ workspace: Int64, _ database: Database
    ) throws -> (Int64, note: String?) {
        let next = try ExperimentTable.nextNumber(workspace: workspace, database)
        guard let wanted = Int64(experiment.id), wanted >= 0, wanted < .max else {
            return (next, "The id \(experiment.id) of \"\(experiment.name)\" is no whole number; it is \(next) here.")
        }
        guard let other = try ExperimentTable.find(number: wanted, workspace: workspace, database) else {
            return (wanted, nil)
        }
        return (
            next,
            "The id \(wanted) of \"\(experiment.name)\" is that of \"\(other.name)\" here; it has the id \(next)."
        )
    }

    private static func insert(
        _ experiment: ImportedExperiment, number: Int64, _ workspace: Int64, _ database: Database
    ) throws {
        let row = try ExperimentTable.insert(
            workspace: workspace, number: number, name: experiment.name,
            artifactLocation: experiment.artifactLocation, now: experiment.createdAt, database)
        try database.execute(
            sql: "UPDATE experiment SET isDeleted = ?, updatedAt = ? WHERE id = ?",
            arguments: [experiment.isDeleted, experiment.updatedAt, row])
        for tag in experiment.tags { try ExperimentTable.setTag(tag, of: row, database) }
    }

    // MARK: Runs

    /// Takes many runs in; their steps share the flush to disk.
    public func add(_ runs: [ImportedRun], in scope: WorkspaceScope) async -> [ImportOutcome] {
        await withTaskGroup(of: (Int, ImportOutcome).self) { group in
            for (index, run) in runs.enumerated() { group.addTask { (index, await add(run, in: scope)) } }
            return await group.reduce(into: runs.map { ImportOutcome($0.info.runID, .failed) }) { $0[$1.0] = $1.1 }
        }
    }

    private func add(_ run: ImportedRun, in scope: WorkspaceScope) async -> ImportOutcome {
        let now = store.clock.now(), runID = run.info.runID
        return await outcome(of: runID, in: scope) { database, workspace in
            try NameRules.checkRunID(runID)
            if let old = try RunTable.find(runID, workspace: workspace, database) {
                guard old.info.startTime == run.info.startTime else {
                    return ImportOutcome(
                        runID, .clash,
                        "Another run has the id \(runID) here: it is in experiment \(old.info.experiment) and began at "
                            + "another time. It was left as it is.")
                }
                try MetricTable.log(run.metrics, run: old.id, workspace: workspace, database)
                return ImportOutcome(runID, .present)
            }
            try Self.insert(run, now: now, workspace, database)
            return ImportOutcome(runID, .created)
        }
    }

    private static func insert(_ run: ImportedRun, now: Int64, _ workspace: Int64, _ database: Database) throws {
        let experiment = try ExperimentTable.require(
            id: String(run.info.experiment), view: .all, workspace: workspace, database)
        let row = try RunTable.insert(
            run.info, artifactURI: run.artifactURI, workspace: workspace, experiment: experiment.id, database)
        if run.info.isDeleted { try RunTable.setDeleted(row, at: run.deletedAt ?? now, database) }
        _ = try RunTable.addParams(run.params, run: row, workspace: workspace, database)
        for tag in run.tags { try RunTable.setTag(tag, run: row, workspace: workspace, database) }
        try MetricTable.log(run.metrics, run: row, workspace: workspace, database)
        for input in run.datasets { try InputTable.add(input, run: row, experiment: experiment.id, database) }
        for model in run.modelInputs { try InputTable.addModel(model, isOutput: false, step: 0, run: row, database) }
        for model in run.modelOutputs {
            try InputTable.addModel(model.modelID, isOutput: true, step: model.step, run: row, database)
        }
    }

    // MARK: Logged models

    /// Takes a logged model in, after the run that made it.
    public func add(_ imported: ImportedLoggedModel, in scope: WorkspaceScope) async -> ImportOutcome {
        let model = imported.model
        return await outcome(of: model.modelID, in: scope) { database, workspace in
            try NameRules.checkRunID(model.modelID)
            if try LoggedModelTable.find(model.modelID, workspace: workspace, database) != nil {
                return ImportOutcome(model.modelID, .present)
            }
            try Self.insert(imported, workspace, database)
            return ImportOutcome(model.modelID, .created)
        }
    }

    private static func insert(_ imported: ImportedLoggedModel, _ workspace: Int64, _ database: Database) throws {
        let model = imported.model
        let experiment = try ExperimentTable.require(
            id: String(model.experiment), view: .all, workspace: workspace, database)
        let mayShareFolder = imported.artifactURI == nil && (try? NameRules.checkLoggedModelName(model.name)) != nil
        let folder = try LoggedModelTable.folder(
            forNewModel: model.name, run: mayShareFolder ? model.sourceRunID : nil, workspace: workspace, database)
        try LoggedModelTable.insert(
            model, artifactURI: imported.artifactURI, folder: folder, workspace: workspace, experiment: experiment.id,
            database)
        try database.execute(
            sql: "UPDATE loggedModel SET isDeleted = ?, statusMessage = ? WHERE workspaceID = ? AND modelID = ?",
            arguments: [model.isDeleted, model.statusMessage, workspace, model.modelID])
        for (run, metrics) in Dictionary(grouping: imported.metrics, by: { $0.runID ?? "" }) {
            try LoggedModelTable.log(metrics, run: run, workspace: workspace, database)
        }
    }

    // MARK: Steps

    /// Runs one atomic step; a failure becomes an outcome, so that one bad thing stops no others.
    func outcome(
        of id: String, in scope: WorkspaceScope,
        _ body: @escaping @Sendable (Database, Int64) throws -> ImportOutcome
    ) async -> ImportOutcome {
        do {
            return try await store.write(scope, body)
        } catch let error as ServiceError {
            return ImportOutcome(id, .failed, error.message)
        } catch {
            return ImportOutcome(id, .failed, "The store refused it: \(error)")
        }
    }
}
