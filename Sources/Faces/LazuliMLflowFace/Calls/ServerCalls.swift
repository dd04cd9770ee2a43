import LazuliTracking

/// What clients ask of the server itself.
enum ServerCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("GET", "/health", .none) { _ in .text("OK") },
        MLflowRow("GET", "/version", .none) { _ in .text(version) },
        MLflowRow("GET", "3.0/mlflow/server-info", .none, serverInfo),
        // MLflow's pages ask which models a gateway has, and complain aloud of any other answer than a list.
        MLflowRow("GET", "2.0/mlflow/gateway-proxy", .none) { _ in .json(Array(#"{"endpoints":[]}"#.utf8)) },
    ]

    /// The version of MLflow's API that this server answers as; clients compare it before they use newer calls.
    static let version = "3.18.0"

    /// Clients use a feature only if it is true here.
    private static func serverInfo(_ call: MLflowCall) -> MLflowReply {
        .object { text in
            text.field("store_type", "SqlStore")
            text.field("artifact_serving_enabled", true)
            text.field("workspaces_enabled", false)
            text.field("trace_archival_enabled", false)
            text.field("multipart_uploads_enabled", true)
            text.field("multipart_downloads_enabled", false)
            text.field("presigned_upload_run_id_supported", false)
            text.field("presigned_upload_model_id_supported", false)
            text.field("model_artifact_presigned_downloads_supported", false)
            text.field("artifacts_presigned_only", false)
        }
    }
}
