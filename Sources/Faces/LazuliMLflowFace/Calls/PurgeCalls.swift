import LazuliResources
import LazuliTracking

/// The call behind `lazuli mlflow gc`: deletes for good what is in the lifecycle stage `deleted`.
enum PurgeCalls {
    static let rows: [MLflowRow] = [MLflowRow("POST", "2.0/mlflow/lazuli/gc", .deleteRuns, purge)]

    private static func purge(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields, purges = call.services.purges, artifacts = call.services.artifacts
        let request = PurgeRequest(
            olderThan: try fields.integer("older_than") ?? 0, runIDs: try fields.texts("run_ids"),
            experimentIDs: try fields.texts("experiment_ids"))
        let plan = try await purges.plan(request, in: call.scope)
        let isTrial = try fields.flag("dry_run") ?? false
        let removal = try await artifacts.remove(
            plan.folders, keeping: plan.keptFolders, isTrial: isTrial, in: call.scope)
        var databaseBytes: Int64 = 0
        if !isTrial {
            try await purges.purge(plan, in: call.scope)
            databaseBytes = try await purges.reclaim()
        }
        return reply(plan, removal, databaseBytes, isTrial)
    }

    private static func reply(
        _ plan: PurgePlan, _ removal: ArtifactRemoval, _ databaseBytes: Int64, _ isTrial: Bool
    ) -> MLflowReply {
        .object { text in
            text.field("dry_run", isTrial)
            text.field("experiment_ids", list: plan.experiments) { $0.element($1.id) }
            text.field("run_ids", list: plan.runs) { $0.element($1.id) }
            text.field("model_ids", list: plan.loggedModels) { $0.element($1.id) }
            text.field("files", Int64(removal.files))
            text.field("file_bytes", removal.bytes)
            text.field("files_kept", Int64(removal.kept))
            text.field("database_bytes", databaseBytes)
        }
    }
}
