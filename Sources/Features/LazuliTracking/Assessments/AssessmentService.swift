import GRDB
public import LazuliResources

/// Writing down what is thought of traces.
public struct AssessmentService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// Adds an assessment. One that it overrides is no longer valid from then on.
    /// - Throws: `notFound` if the trace, or what it overrides, does not exist.
    public func create(_ draft: Assessment, in scope: WorkspaceScope) async throws -> Assessment {
        try Self.check(name: draft.name)
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            let trace = try TraceTable.require(draft.traceID, workspace: workspace, database)
            let assessment = Self.completed(draft, now: now)
            if let overridden = assessment.overrides {
                guard try AssessmentTable.setValid(false, overridden, trace: trace.id, database) else {
                    throw Self.none(overridden, draft.traceID)
                }
            }
            guard
                try AssessmentTable.find(
                    assessment.assessmentID, trace: trace.id, traceID: draft.traceID, database) == nil
            else {
                throw ServiceError(
                    TrackingFault.alreadyExists,
                    "Assessment with ID '\(assessment.assessmentID)' already exists for trace '\(draft.traceID)'.")
            }
            try AssessmentTable.put(assessment, trace: trace.id, database)
            return assessment
        }
    }

    /// The assessment with an id and times, where the client gave none.
    static func completed(_ draft: Assessment, now: Int64) -> Assessment {
        var assessment = draft
        if assessment.assessmentID.isEmpty { assessment.assessmentID = "a-" + RandomID.hex() }
        if assessment.createdAt == 0 { assessment.createdAt = now }
        if assessment.updatedAt == 0 { assessment.updatedAt = assessment.createdAt }
        return assessment
    }

    private static func check(name: String) throws {
        guard !name.isEmpty else { throw TrackingFault.missing("assessment.assessment_name") }
        try NameRules.checkLength(name, of: "assessment_name", limit: TrackingLimits.key)
    }

    public func get(_ assessmentID: String, of traceID: String, in scope: WorkspaceScope) async throws -> Assessment {
        try await store.read(scope) { database, workspace in
            try Self.require(assessmentID, of: traceID, workspace, database).assessment
        }
    }

    /// - Throws: `invalidArgument` for a value of another kind than the assessment has.
    public func update(
        _ assessmentID: String, of traceID: String, _ change: AssessmentChange, in scope: WorkspaceScope
    ) async throws -> Assessment {
        let now = store.clock.now()
        if let name = change.name { try Self.check(name: name) }
        return try await store.write(scope) { database, workspace in
            var (trace, assessment) = try Self.require(assessmentID, of: traceID, workspace, database)
            if let value = change.value { assessment.value = try Self.replacing(assessment.value, by: value) }
            assessment.name = change.name ?? assessment.name
            assessment.rationale = change.rationale ?? assessment.rationale
            for entry in change.metadata {
                assessment.metadata.removeAll { $0.key == entry.key }
                assessment.metadata.append(entry)
            }
            assessment.updatedAt = now
            try AssessmentTable.put(assessment, trace: trace, database)
            return assessment
        }
    }

    private static func replacing(_ old: Assessment.Value, by new: Assessment.Value) throws -> Assessment.Value {
        switch (old, new) {
        case (.feedback, .feedback), (.expectation, .expectation), (.issue, .issue): return new
        case (_, .expectation):
            throw TrackingFault.invalid("Cannot update expectation value on a Feedback assessment.")
        default: throw TrackingFault.invalid("Cannot update feedback value on an Expectation assessment.")
        }
    }

    /// Deletes an assessment, if it is there. What it overrode is valid again.
    public func delete(_ assessmentID: String, of traceID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let trace = try TraceTable.require(traceID, workspace: workspace, database).id
            guard let old = try AssessmentTable.find(assessmentID, trace: trace, traceID: traceID, database) else {
                return
            }
            if let overridden = old.overrides {
                _ = try AssessmentTable.setValid(true, overridden, trace: trace, database)
            }
            try AssessmentTable.delete(assessmentID, trace: trace, database)
        }
    }

    private static func require(
        _ assessmentID: String, of traceID: String, _ workspace: Int64, _ database: Database
    ) throws -> (trace: Int64, assessment: Assessment) {
        let trace = try TraceTable.require(traceID, workspace: workspace, database).id
        guard let found = try AssessmentTable.find(assessmentID, trace: trace, traceID: traceID, database) else {
            throw none(assessmentID, traceID)
        }
        return (trace, found)
    }

    private static func none(_ assessmentID: String, _ traceID: String) -> ServiceError {
        TrackingFault.notFound("Assessment with ID '\(assessmentID)' not found for trace '\(traceID)'")
    }
}
