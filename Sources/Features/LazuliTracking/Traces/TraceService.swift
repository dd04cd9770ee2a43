import GRDB
public import LazuliResources

/// Making, finding and changing traces.
public struct TraceService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// Writes down what a trace is. One that exists, perhaps since its spans came first, is brought up to date.
    public func start(_ info: TraceInfo, in scope: WorkspaceScope) async throws -> TraceInfo {
        try TraceRules.check(traceID: info.traceID)
        let tags = try info.tags.map(TraceRules.checked), now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            let experiment = try Self.activeExperiment(info.experimentID, workspace, database)
            let row = try Self.put(info, experiment: experiment.id, workspace: workspace, database)
            let location = ArtifactAddress.uri(ofTrace: info.traceID, in: experiment.artifactLocation)
            try TraceTable.set(
                tags.filter { !TraceKey.kept.contains($0.key) } + [Entry(TraceKey.artifactLocation, location)],
                in: .tags, of: row, database)
            try TraceTable.set(info.metadata, in: .metadata, of: row, database)
            for draft in info.assessments {
                var assessment = AssessmentService.completed(draft, now: now)
                assessment.traceID = info.traceID
                try AssessmentTable.put(assessment, trace: row, database)
            }
            return try Self.filled(info.traceID, workspace, database)
        }
    }

    /// An id as MLflow makes them.
    public static func newID() -> String { "tr-" + RandomID.hex() }

    /// Ends a trace that a client before MLflow 3 began.
    /// - Parameter time: milliseconds since 1970.
    public func end(
        _ traceID: String, at time: Int64, state: TraceState, metadata: [Entry], tags: [Entry], in scope: WorkspaceScope
    ) async throws -> TraceInfo {
        let tags = try tags.map(TraceRules.checked)
        return try await store.write(scope) { database, workspace in
            let row = try TraceTable.require(traceID, workspace: workspace, database)
            var info = row.info
            info.duration = time - info.requestTime
            info.state = state
            try TraceTable.update(row.id, info, isFinal: row.isFinal, database)
            try TraceTable.set(metadata, in: .metadata, of: row.id, database)
            try TraceTable.set(tags.filter { !TraceKey.kept.contains($0.key) }, in: .tags, of: row.id, database)
            return try Self.filled(traceID, workspace, database)
        }
    }

    static func activeExperiment(_ id: String, _ workspace: Int64, _ database: Database) throws -> ExperimentRow {
        let experiment = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
        guard !experiment.isDeleted else { throw TrackingFault.notActive(experiment: experiment.number.description) }
        return experiment
    }

    private static func put(
        _ info: TraceInfo, experiment: Int64, workspace: Int64, _ database: Database
    ) throws -> Int64 {
        guard let old = try TraceTable.find(info.traceID, workspace: workspace, database) else {
            return try TraceTable.insert(
                info, isFinal: true, workspace: workspace, experiment: experiment, database)
        }
        var merged = info
        merged.requestPreview = info.requestPreview ?? old.info.requestPreview
        merged.responsePreview = info.responsePreview ?? old.info.responsePreview
        try TraceTable.update(old.id, merged, isFinal: true, experiment: experiment, database)
        return old.id
    }

    static func filled(_ traceID: String, _ workspace: Int64, _ database: Database) throws -> TraceInfo {
        try TraceTable.filled([TraceTable.require(traceID, workspace: workspace, database)], database)[0]
    }

    public func info(_ traceID: String, in scope: WorkspaceScope) async throws -> TraceInfo {
        try await store.read(scope) { database, workspace in try Self.filled(traceID, workspace, database) }
    }

    /// The traces of these ids that exist, in the order of the ids.
    public func infos(_ traceIDs: [String], in scope: WorkspaceScope) async throws -> [TraceInfo] {
        try await store.read(scope) { database, workspace in
            try TraceTable.filled(Self.rows(traceIDs, workspace, database), database)
        }
    }

    /// The traces of these ids with their spans, where all spans have arrived; others are left out.
    public func traces(_ traceIDs: [String], in scope: WorkspaceScope) async throws -> [Trace] {
        try await store.read(scope) { database, workspace in
            try Self.traces(Self.rows(traceIDs, workspace, database), database).filter(\.isComplete)
        }
    }

    /// - Parameter allowPartial: whether a trace is given out before all of its spans have arrived.
    public func trace(
        _ traceID: String, allowPartial: Bool, in scope: WorkspaceScope
    ) async throws -> Trace {
        let trace = try await store.read(scope) { database, workspace in
            try Self.traces([TraceTable.require(traceID, workspace: workspace, database)], database)[0]
        }
        guard allowPartial || trace.isComplete else {
            throw TrackingFault.notFound(
                "Trace with ID \(traceID) is not fully exported yet, please try again later.")
        }
        return trace
    }

    private static func rows(_ traceIDs: [String], _ workspace: Int64, _ database: Database) throws -> [TraceRow] {
        var seen: Set<String> = []
        return try traceIDs.filter { seen.insert($0).inserted }.compactMap {
            try TraceTable.find($0, workspace: workspace, database)
        }
    }

    private static func traces(_ rows: [TraceRow], _ database: Database) throws -> [Trace] {
        let spans = try SpanTable.spans(of: rows.map(\.id), database)
        let infos = try TraceTable.filled(rows, database)
        return zip(rows, infos).map { row, info in Trace(info: info, spans: spans[row.id] ?? []) }
    }

    // MARK: Tags

    public func setTag(_ tag: Entry, of traceID: String, in scope: WorkspaceScope) async throws {
        try TraceRules.checkChange(of: tag.key, "set")
        let tag = try TraceRules.checked(tag)
        try await store.write(scope) { database, workspace in
            let row = try TraceTable.require(traceID, workspace: workspace, database)
            try TraceTable.set([tag], in: .tags, of: row.id, database)
        }
    }

    public func deleteTag(_ key: String, of traceID: String, in scope: WorkspaceScope) async throws {
        try TraceRules.checkChange(of: key, "deleted")
        try await store.write(scope) { database, workspace in
            let row = try TraceTable.require(traceID, workspace: workspace, database)
            guard try TraceTable.deleteTag(key, of: row.id, database) else {
                throw TrackingFault.notFound("No trace tag with key '\(key)' for trace with ID '\(traceID)'")
            }
        }
    }

    // MARK: Links

    /// Links traces to a run, also such as are still on their way.
    public func link(_ traceIDs: [String], toRun runID: String, in scope: WorkspaceScope) async throws {
        let limit = TrackingLimits.tracesPerLink
        guard traceIDs.count <= limit else {
            throw TrackingFault.invalid(
                "Cannot link more than \(limit) traces to a run in a single request. "
                    + "Provided \(traceIDs.count) traces.")
        }
        try await store.write(scope) { database, workspace in
            _ = try RunTable.require(runID, workspace: workspace, database)
            for traceID in traceIDs {
                try TraceTable.link(traceID, to: .run, runID, workspace: workspace, database)
            }
        }
    }

    /// - Parameter prompts: each as `name/version`.
    public func link(_ traceID: String, toPrompts prompts: [String], in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            _ = try TraceTable.require(traceID, workspace: workspace, database)
            for prompt in prompts {
                try TraceTable.link(traceID, to: .prompt, prompt, workspace: workspace, database)
            }
        }
    }

    // MARK: Deletion

    /// Which traces of an experiment to delete.
    public enum Selection: Sendable {
        case ids([String])
        /// Those that began at this time or earlier, in milliseconds; at most so many, the oldest first.
        case until(Int64, most: Int64?)
    }

    /// Deletes traces for good.
    /// - Returns: the traces that were deleted; their artifacts are left to the caller.
    public func delete(
        _ selection: Selection, ofExperiment id: String, in scope: WorkspaceScope
    ) async throws -> [TraceInfo] {
        try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
            var statement = SQLPiece(
                """
                SELECT \(TraceRow.columns) FROM trace t JOIN experiment e ON e.id = t.experimentID
                WHERE t.experimentID = ? AND
                """, [experiment.id])
            switch selection {
            case .ids(let ids):
                statement.append(
                    "t.traceID IN (SELECT value FROM json_each(?))", [JSON.array(ids.map(JSON.string)).text])
            case .until(let time, let most):
                statement.append("t.requestTime <= ? ORDER BY t.requestTime, t.traceID LIMIT ?", [time, most ?? -1])
            }
            let rows = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map(TraceRow.init)
            let infos = try TraceTable.filled(rows, database)
            for row in rows { try TraceTable.delete(row, workspace: workspace, database) }
            return infos
        }
    }
}

extension Trace {
    /// Whether the spans are here, and as many as the client said there are.
    var isComplete: Bool {
        guard !spans.isEmpty else { return false }
        let statistics = info.metadata.first { $0.key == TraceKey.sizeStatistics }?.value
        let expected = statistics.flatMap { try? JSON(parsing: $0) }?["num_spans"].integer ?? 0
        return spans.count >= expected
    }
}

extension TraceInfo {
    /// Where the files of the trace are.
    public var artifactURI: String? { tags.first { $0.key == TraceKey.artifactLocation }?.value }
}
