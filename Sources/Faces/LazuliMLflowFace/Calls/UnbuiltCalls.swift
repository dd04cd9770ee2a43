import LazuliResources

/// Families of MLflow's calls that are known and not built: each answers 501 and says so.
enum UnbuiltCalls {
    struct Family: Sendable {
        /// What the paths begin with.
        let path: String
        /// The subject of the sentence that clients read.
        let subject: String
    }

    static let families = [
        Family(path: "2.0/mlflow/webhooks", subject: "Webhooks are"),
        Family(path: "2.0/mlflow/unified-traces", subject: "Traces in inference tables are"),
        Family(path: "2.0/mlflow/get-online-trace-details", subject: "Traces in inference tables are"),
        Family(path: "2.0/mlflow/gateway-proxy", subject: "The gateway to language models is"),
        Family(path: "3.0/mlflow/gateway", subject: "The gateway to language models is"),
        Family(path: "3.0/mlflow/label-schemas", subject: "Label schemas are"),
        Family(path: "3.0/mlflow/review-queues", subject: "Review queues are"),
        Family(path: "3.0/mlflow/prompt-optimization", subject: "Prompt optimization is"),
        Family(path: "3.0/mlflow/scorers/online-config", subject: "Scoring as traces arrive is"),
        Family(path: "3.0/mlflow/scorers/online-configs", subject: "Scoring as traces arrive is"),
        Family(path: "3.0/mlflow/jobs", subject: "Jobs of the tracking server are"),
    ]

    static let rows: [MLflowRow] = families.flatMap { family in
        ["GET", "POST", "PATCH", "PUT", "DELETE"].map { method in
            MLflowRow(method, family.path + "/{rest*}", .none, body: .raw, isUnbuilt: true) { _ in
                throw ServiceError(
                    .notImplemented,
                    "\(family.subject) not offered by this server. Its coverage page lists the calls that are.")
            }
        }
    }
}
