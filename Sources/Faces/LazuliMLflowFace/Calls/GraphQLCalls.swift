import LazuliResources
import LazuliTracking

/// The route over which MLflow's page asks for several things at once. Each thing is a call of the REST API, which
/// checks by itself what the caller may do.
enum GraphQLCalls {
    static let rows: [MLflowRow] = ["/graphql", "2.0/mlflow/graphql", "3.0/mlflow/graphql"].flatMap { path in
        [MLflowRow("POST", path, .none, answer), MLflowRow("GET", path, .none, answer)]
    }

    private static func answer(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        var variables = fields["variables"]
        if let text = variables.string { variables = (try? JSON(parsing: text)) ?? .null }
        let (data, errors) = try await GraphQLExecutor.answer(
            fields.requiredText("query"), operation: fields.text("operationName"), variables: variables, call)
        let document: JSON = ["data": data, "errors": errors.isEmpty ? .null : .array(errors.map(JSON.string))]
        return .json(document.bytes)
    }
}
