import GRDB
public import LazuliResources

/// Writing to a run. Each call is one atomic step: all of it is stored, or nothing.
extension RunService {
    public func log(_ metric: Metric, to runID: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkMetric(metric)
        try await log(metrics: [metric], params: [], tags: [], to: runID, in: scope)
    }

    public func log(_ param: Entry, to runID: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkParam(param, at: "key")
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            let changed = try RunTable.addParams([param], run: run.id, workspace: workspace, database)
            guard let (_, old) = changed.first else { return }
            throw TrackingFault.invalid(
                "Changing param values is not allowed. Param with key='\(param.key)' was already logged with "
                    + "value='\(old)' for run ID='\(runID)'. Attempted logging new value '\(param.value)'.",
                target: param.key)
        }
    }

    public func logBatch(
        metrics: [Metric], params: [Entry], tags: [Entry], to runID: String, in scope: WorkspaceScope
    ) async throws {
        try NameRules.checkRunID(runID)
        try BatchRules.check(metrics: metrics, params: params, tags: tags)
        try await log(metrics: metrics, params: params, tags: tags, to: runID, in: scope)
    }

    private func log(
        metrics: [Metric], params: [Entry], tags: [Entry], to runID: String, in scope: WorkspaceScope
    ) async throws {
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            let changed = try RunTable.addParams(params, run: run.id, workspace: workspace, database)
            guard changed.isEmpty else { throw Self.changedParams(changed, runID) }
            try MetricTable.log(metrics, run: run.id, workspace: workspace, database)
            try LoggedModelTable.log(metrics.filter { $0.modelID != nil }, run: runID, workspace: workspace, database)
            for tag in tags { try Self.set(tag, run, workspace, database) }
        }
    }

    private static func changedParams(_ changed: [(param: Entry, old: String)], _ runID: String) -> ServiceError {
        let list = changed.map { param, old in
            "{'key': \(PythonText.repr(param.key)), 'old_value': \(PythonText.repr(old)), "
                + "'new_value': \(PythonText.repr(param.value))}"
        }
        return TrackingFault.invalid(
            "Changing param values is not allowed. Params were already logged='[\(list.joined(separator: ", "))]' "
                + "for run ID='\(runID)'.")
    }

    public func setTag(_ tag: Entry, of runID: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkTag(tag)
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            try Self.set(tag, run, workspace, database)
        }
    }

    /// Sets a tag; the tag that mirrors the run's name changes the name too.
    static func set(_ tag: Entry, _ run: RunRow, _ workspace: Int64, _ database: Database) throws {
        if tag.key == RunTable.nameTag, !tag.value.isEmpty {
            try database.cachedStatement(sql: "UPDATE run SET name = ? WHERE id = ?")
                .execute(arguments: [tag.value, run.id])
        }
        try RunTable.setTag(tag, run: run.id, workspace: workspace, database)
    }

    public func deleteTag(_ key: String, of runID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            guard try RunTable.deleteTag(key, run: run.id, workspace: workspace, database) else {
                throw TrackingFault.notFound("No tag with name: \(key) in run with id \(runID)")
            }
        }
    }

    public func logInputs(
        _ datasets: [DatasetInput], models: [String], to runID: String, in scope: WorkspaceScope
    ) async throws {
        try NameRules.checkRunID(runID)
        for input in datasets { try InputRules.check(input) }
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            for input in datasets {
                try InputTable.add(input, run: run.id, experiment: run.experimentID, database)
            }
            for model in models { try InputTable.addModel(model, isOutput: false, step: 0, run: run.id, database) }
        }
    }

    public func logOutputs(_ models: [ModelOutput], of runID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            for model in models {
                try InputTable.addModel(model.modelID, isOutput: true, step: model.step, run: run.id, database)
            }
        }
    }

    /// What clients before 3.0 send of a model that they put among the run's artifacts: it is noted in a tag.
    /// - Parameter model: the model's description, `MLmodel` as JSON.
    public func recordModel(_ model: JSON, of runID: String, in scope: WorkspaceScope) async throws {
        let noted = Self.noted(model)
        try await store.write(scope) { database, workspace in
            let run = try RunTable.requireActive(runID, workspace: workspace, database)
            let old = try RunTable.tag(Self.historyTag, run: run.id, workspace: workspace, database)
            let earlier = old.flatMap { try? JSON(parsing: $0) }?.array ?? []
            let tag = Entry(Self.historyTag, JSON.array(earlier + [noted]).text)
            try NameRules.checkTag(tag)
            try RunTable.setTag(tag, run: run.id, workspace: workspace, database)
        }
    }

    private static let historyTag = "mlflow.log-model.history"

    /// The members that the tag keeps; the configuration of a flavor is left out, as the client does itself.
    private static func noted(_ model: JSON) -> JSON {
        let kept = ["run_id", "utc_time_created", "artifact_path", "model_uuid"]
        var members = JSONObject((model.object?.pairs ?? []).filter { kept.contains($0.key) })
        let flavors = (model["flavors"].object?.pairs ?? []).map { name, flavor in
            (name, JSON.object(JSONObject((flavor.object?.pairs ?? []).filter { $0.key != "config" })))
        }
        members["flavors"] = .object(JSONObject(flavors))
        return .object(members)
    }

    /// The datasets of experiments, for the pages that pick one.
    public func datasets(ofExperiments ids: [String], in scope: WorkspaceScope) async throws -> [DatasetSummary] {
        try await store.read(scope) { database, workspace in
            let rows = try ids.compactMap {
                try ExperimentTable.find(number: ExperimentTable.number(of: $0), workspace: workspace, database)?.id
            }
            return rows.isEmpty ? [] : try InputTable.summaries(ofExperiments: rows, database)
        }
    }
}
