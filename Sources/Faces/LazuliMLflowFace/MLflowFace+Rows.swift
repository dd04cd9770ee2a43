/// The table of calls.
extension MLflowFace {
    static let rows: [MLflowRow] =
        ServerCalls.rows + ExperimentCalls.rows + RunCalls.rows + LoggingCalls.rows + MetricCalls.rows
        + LoggedModelCalls.rows + RegisteredModelCalls.rows + ModelVersionCalls.rows + ArtifactCalls.rows
        + TraceCalls.rows + OldTraceCalls.rows + AssessmentCalls.rows + SpanCalls.rows
}
