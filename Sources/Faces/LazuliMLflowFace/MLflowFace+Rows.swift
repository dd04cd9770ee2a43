public import LazuliResources

/// The table of calls.
extension MLflowFace {
    static let rows: [MLflowRow] =
        ServerCalls.rows + ExperimentCalls.rows + RunCalls.rows + LoggingCalls.rows + MetricCalls.rows
        + LoggedModelCalls.rows + RegisteredModelCalls.rows + ModelVersionCalls.rows + ArtifactCalls.rows
        + ImportCalls.rows + PurgeCalls.rows + MultipartCalls.rows
        + TraceCalls.rows + OldTraceCalls.rows + AssessmentCalls.rows + SpanCalls.rows + EvaluationCalls.rows
        + ScorerCalls.rows + IssueCalls.rows + PromptRunCalls.rows + GraphQLCalls.rows + UnbuiltCalls.rows

    /// The table as data, for the coverage page: one JSON object a call, calls that are not built by their family.
    public static var calls: [JSON] {
        rows.filter { !$0.isUnbuilt }.map { entry($0.method, $0.path, $0.action.name, "built") }
            + UnbuiltCalls.families.map { entry("ANY", $0.path + "/…", nil, "notBuilt") }
    }

    private static func entry(_ method: String, _ path: String, _ action: String?, _ coverage: String) -> JSON {
        let below = path.split(separator: "/").drop { $0.hasSuffix(".0") || $0 == "mlflow" }.joined(separator: "/")
        return [
            "method": .string(method), "path": .string(path.hasPrefix("/") ? path : "/api/" + path),
            "operationId": .string("MLflow_" + below), "action": JSON(action), "coverage": .string(coverage),
        ]
    }
}
