public import LazuliPersistence

/// What the tracking feature brings to the program.
public enum TrackingFeature {
    /// Its tables, in the order they were added; names never change.
    public static let migrations: [Migration] = [
        Migration("tracking-001-runs", sql: TrackingSchema.runs),
        Migration("tracking-002-loggedModels", sql: TrackingSchema.loggedModels),
        Migration("tracking-003-modelFolders", sql: TrackingSchema.modelFolders),
        Migration("tracking-004-registry", sql: TrackingSchema.registry),
        Migration(
            "tracking-005-modelsByFolder",
            sql: "CREATE INDEX loggedModelByFolder ON loggedModel (folder) WHERE folder IS NOT NULL"),
        Migration("tracking-006-traces", sql: TraceSchema.traces),
        Migration("tracking-007-assessments", sql: TraceSchema.assessments),
        Migration("tracking-008-evaluationDatasets", sql: EvaluationSchema.datasets),
        Migration("tracking-009-scorers", sql: EvaluationSchema.scorers),
        Migration("tracking-010-issues", sql: EvaluationSchema.issues),
    ]
}
