import GRDB
import LazuliResources

/// Finds what a purge is about, within one read.
struct PurgeSelection {
    let database: Database
    let workspace: Int64
    /// Milliseconds since 1970: what was deleted later stays.
    let latest: Int64

    func plan(_ request: PurgeRequest) throws -> PurgePlan {
        var plan = PurgePlan()
        if request.runIDs.isEmpty, request.experimentIDs.isEmpty {
            plan.experiments = try deletedExperiments()
            plan.runs = try runs("r.isDeleted = 1 AND r.deletedAt <= ?", [latest])
            plan.loggedModels = try models("m.isDeleted = 1 AND m.updatedAt <= ?", [latest])
        }
        plan.runs += try request.runIDs.map(namedRun)
        plan.experiments += try request.experimentIDs.map(namedExperiment)
        for experiment in plan.experiments {
            plan.runs += try runs("r.experimentID = ?", [experiment.row])
            plan.loggedModels += try models("m.experimentID = ?", [experiment.row])
        }
        plan.runs = Self.once(plan.runs)
        plan.loggedModels = Self.once(plan.loggedModels)
        // Clients take the experiment 0 for given: its deleted runs go, itself stays.
        plan.experiments.removeAll { $0.id == "0" }
        return plan
    }

    private static func once(_ items: [PurgePlan.Item]) -> [PurgePlan.Item] {
        var seen: Set<Int64> = []
        return items.filter { seen.insert($0.row).inserted }
    }

    private func deletedExperiments() throws -> [PurgePlan.Item] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, number FROM experiment WHERE workspaceID = ? AND isDeleted = 1 AND updatedAt <= ?",
            arguments: [workspace, latest]
        ).map { row in
            let number: Int64 = row[1]
            return PurgePlan.Item(row: row[0], id: String(number), folder: nil)
        }
    }

    private func runs(_ condition: String, _ arguments: StatementArguments) throws -> [PurgePlan.Item] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT \(RunRow.columns) FROM run r JOIN experiment e ON e.id = r.experimentID
                WHERE r.workspaceID = ? AND \(condition)
                """, arguments: [workspace] + arguments
        ).map { item(RunRow($0)) }
    }

    private func item(_ run: RunRow) -> PurgePlan.Item {
        PurgePlan.Item(row: run.id, id: run.info.runID, folder: ArtifactAddress.folder(ofURI: run.info.artifactURI))
    }

    private func models(_ condition: String, _ arguments: StatementArguments) throws -> [PurgePlan.Item] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT \(LoggedModelRow.columns) FROM loggedModel m JOIN experiment e ON e.id = m.experimentID
                WHERE m.workspaceID = ? AND \(condition)
                """, arguments: [workspace] + arguments
        ).map { row in
            let found = LoggedModelRow(row)
            return PurgePlan.Item(row: found.id, id: found.model.modelID, folder: found.folder)
        }
    }

    private func namedRun(_ runID: String) throws -> PurgePlan.Item {
        let run = try RunTable.require(runID, workspace: workspace, database)
        guard run.info.isDeleted else {
            throw TrackingFault.invalid(
                "The run \(runID) is not deleted. Delete it first: only what can be restored can be removed for good.",
                target: runID)
        }
        let deletedAt = try Int64.fetchOne(
            database, sql: "SELECT deletedAt FROM run WHERE id = ?", arguments: [run.id])
        guard deletedAt ?? 0 <= latest else {
            throw TrackingFault.invalid("The run \(runID) was deleted later than --older-than allows.", target: runID)
        }
        return item(run)
    }

    private func namedExperiment(_ id: String) throws -> PurgePlan.Item {
        let row = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
        guard row.isDeleted else {
            throw TrackingFault.invalid("The experiment \(id) is not deleted. Delete it first.", target: id)
        }
        guard row.updatedAt <= latest else {
            throw TrackingFault.invalid("The experiment \(id) was deleted later than --older-than allows.", target: id)
        }
        return PurgePlan.Item(row: row.id, id: String(row.number), folder: nil)
    }
}
