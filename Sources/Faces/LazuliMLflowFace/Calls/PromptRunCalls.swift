import Hummingbird
import LazuliResources
import LazuliTracking

/// The call by which MLflow's page keeps a trial of a prompt as a run: its parameters, and a table with what came out.
/// The model that MLflow's own server saves beside it is left out, since it runs through a gateway alone.
enum PromptRunCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/runs/create-promptlab-run", .writeRuns, create)
    ]

    private static let table = "eval_results_table.json"

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let trial = try Trial(call.fields), runs = call.services.runs
        let made = try await runs.create(
            RunService.Draft(
                experimentID: trial.experimentID, user: trial.user, startTime: trial.startTime, name: trial.name,
                tags: trial.tags),
            in: call.scope)
        let runID = made.info.runID
        try await runs.logBatch(
            metrics: [], params: trial.params,
            tags: [
                Entry("mlflow.loggedArtifacts", "[{\"path\": \"\(table)\", \"type\": \"table\"}]"),
                Entry("mlflow.runSourceType", "PROMPT_ENGINEERING"),
            ], to: runID, in: call.scope)
        try await store(trial.results, made.info.artifactURI, call)
        _ = try await runs.update(
            runID, status: "FINISHED", endTime: WallClock.system.now(), name: nil, in: call.scope)
        let run = try await runs.get(runID, in: call.scope)
        return .object { $0.field("run") { $0.members(of: run) } }
    }

    private static func store(_ document: JSON, _ uri: String, _ call: MLflowCall) async throws {
        let artifacts = call.services.artifacts
        let target = try await artifacts.spot(ofURI: uri, path: [table], in: call.scope)
        let upload = try await artifacts.upload(in: call.scope)
        try await ArtifactIntake.write(.init(buffer: ByteBuffer(bytes: document.bytes)), to: upload)
        try await artifacts.finish(upload, at: target)
    }
}

/// A prompt, what was put into it and what came out.
private struct Trial {
    let experimentID: String
    let name: String?
    let user: String
    let startTime: Int64
    let tags: [Entry]
    let params: [Entry]
    /// A table of one row.
    let results: JSON

    init(_ fields: Fields) throws {
        func required(_ name: String) throws -> String {
            guard let text = try fields.filledText(name) else { throw Self.missing(name) }
            return text
        }
        experimentID = try required("experiment_id")
        let template = try required("prompt_template"), inputs = try fields.entries("prompt_parameters")
        guard !inputs.isEmpty else { throw Self.missing("prompt_parameters") }
        let route = try required("model_route"), input = try required("model_input")
        _ = try required("mlflow_version")
        name = try fields.filledText("run_name")
        user = try fields.filledText("user_id") ?? "unknown"
        startTime = try fields.integer("start_time") ?? WallClock.system.now()
        tags = try fields.entries("tags")
        params =
            try fields.entries("model_parameters") + [
                Entry("model_route", route), Entry("prompt_template", template),
            ]
        let outputs = try fields.entries("model_output_parameters")
        let output = try fields.text("model_output").map(JSON.string) ?? .null
        let columns = inputs.map(\.key) + ["prompt", "output"] + outputs.map(\.key)
        let row = inputs.map { JSON.string($0.value) } + [.string(input), output] + outputs.map { .string($0.value) }
        results = ["columns": .array(columns.map(JSON.string)), "data": .array([.array(row)])]
    }

    private static func missing(_ name: String) -> ServiceError {
        TrackingFault.invalid("CreatePromptlabRun request must specify \(name).", target: name)
    }
}
