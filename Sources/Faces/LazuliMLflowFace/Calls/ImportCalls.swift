import LazuliResources
import LazuliTracking

/// Calls of Lazuli's own by which `lazuli mlflow import` brings in another store's content with its ids
/// (Documentation/Moving-from-MLflow.md tells their form). Each answers with the outcome of every item.
enum ImportCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/lazuli/import/experiments", .writeExperiments, experiments),
        MLflowRow("POST", "2.0/mlflow/lazuli/import/runs", .writeRuns, runs),
        MLflowRow("POST", "2.0/mlflow/lazuli/import/logged-models", .writeRuns, loggedModels),
        MLflowRow("POST", "2.0/mlflow/lazuli/import/registered-models", .writeModels, registeredModels),
    ]

    private static func experiments(_ call: MLflowCall) async throws -> MLflowReply {
        var outcomes: [ImportOutcome] = []
        for fields in try call.fields.objects("experiments") {
            outcomes.append(await call.services.imports.add(try fields.importedExperiment(), in: call.scope))
        }
        return reply(outcomes)
    }

    private static func runs(_ call: MLflowCall) async throws -> MLflowReply {
        let runs = try call.fields.objects("runs").map { try $0.importedRun() }
        return reply(await call.services.imports.add(runs, in: call.scope))
    }

    private static func loggedModels(_ call: MLflowCall) async throws -> MLflowReply {
        var outcomes: [ImportOutcome] = []
        for fields in try call.fields.objects("models") {
            outcomes.append(await call.services.imports.add(try fields.importedLoggedModel(), in: call.scope))
        }
        return reply(outcomes)
    }

    private static func registeredModels(_ call: MLflowCall) async throws -> MLflowReply {
        var outcomes: [ImportOutcome] = []
        for fields in try call.fields.objects("registered_models") {
            outcomes += await call.services.imports.add(try fields.importedRegisteredModel(), in: call.scope)
        }
        return reply(outcomes)
    }

    private static func reply(_ outcomes: [ImportOutcome]) -> MLflowReply {
        .object { text in
            text.field("results", list: outcomes) { text, outcome in
                text.object {
                    $0.field("id", outcome.id)
                    $0.field("state", outcome.state.rawValue)
                    $0.field("message", outcome.message)
                    $0.field("experiment_id", outcome.experiment.map(String.init))
                }
            }
        }
    }
}
