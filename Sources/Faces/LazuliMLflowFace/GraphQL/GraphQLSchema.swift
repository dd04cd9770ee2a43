import LazuliResources

/// What a field's value is.
indirect enum GraphQLType: Sendable {
    case text
    /// 64 bits, as a text.
    case long
    case number
    case flag
    case object(String)
    case list(GraphQLType)
    /// Always null.
    case nothing
}

/// The types that can be asked for. A field's value is the member of the REST answer of the same name in snake case.
enum GraphQLSchema {
    static let types: [String: [String: GraphQLType]] = [
        "Test": ["output": .text],
        "GetExperiment": response(["experiment": .object("Experiment")]),
        "GetRun": response(["run": .object("Run")]),
        "SearchRuns": response(["runs": .list(.object("Run")), "nextPageToken": .text]),
        "SearchDatasets": response(["datasetSummaries": .list(.object("DatasetSummary"))]),
        "SearchModelVersions": response([
            "modelVersions": .list(.object("ModelVersion")), "nextPageToken": .text,
        ]),
        "GetMetricHistoryBulkInterval": response(["metrics": .list(.object("Metric"))]),
        "ListArtifacts": response([
            "rootUri": .text, "files": .list(.object("FileInfo")), "nextPageToken": .text,
        ]),
        "Experiment": [
            "experimentId": .text, "name": .text, "artifactLocation": .text, "lifecycleStage": .text,
            "lastUpdateTime": .long, "creationTime": .long, "tags": .list(.object("Entry")),
            "effectiveTraceArchivalRetention": .text, "workspace": .text,
        ],
        "Run": [
            "info": .object("RunInfo"), "data": .object("RunData"), "inputs": .object("RunInputs"),
            "outputs": .object("RunOutputs"), "experiment": .object("Experiment"),
            "modelVersions": .list(.object("ModelVersion")),
        ],
        "RunInfo": [
            "runId": .text, "runUuid": .text, "runName": .text, "experimentId": .text, "userId": .text,
            "status": .text, "startTime": .long, "endTime": .long, "artifactUri": .text, "lifecycleStage": .text,
        ],
        "RunData": [
            "metrics": .list(.object("Metric")), "params": .list(.object("Entry")), "tags": .list(.object("Entry")),
        ],
        "RunInputs": [
            "datasetInputs": .list(.object("DatasetInput")), "modelInputs": .list(.object("ModelInput")),
        ],
        "RunOutputs": ["modelOutputs": .list(.object("ModelOutput"))],
        "ModelInput": ["modelId": .text],
        "ModelOutput": ["modelId": .text, "step": .long],
        "DatasetInput": ["tags": .list(.object("Entry")), "dataset": .object("Dataset")],
        "Dataset": [
            "name": .text, "digest": .text, "sourceType": .text, "source": .text, "schema": .text, "profile": .text,
        ],
        "DatasetSummary": ["experimentId": .text, "name": .text, "digest": .text, "context": .text],
        "Entry": ["key": .text, "value": .text],
        "Metric": [
            "key": .text, "value": .number, "timestamp": .long, "step": .long, "runId": .text, "modelId": .text,
            "datasetName": .text, "datasetDigest": .text,
        ],
        "FileInfo": ["path": .text, "isDir": .flag, "fileSize": .long],
        "ModelVersion": [
            "name": .text, "version": .text, "creationTimestamp": .long, "lastUpdatedTimestamp": .long,
            "userId": .text, "currentStage": .text, "description": .text, "source": .text, "runId": .text,
            "status": .text, "statusMessage": .text, "tags": .list(.object("Entry")), "runLink": .text,
            "aliases": .list(.text), "modelId": .text, "modelParams": .list(.object("Entry")),
            "modelMetrics": .list(.object("Metric")), "deploymentJobState": .nothing,
        ],
    ]

    private static func response(_ fields: [String: GraphQLType]) -> [String: GraphQLType] {
        fields.merging(["apiError": .nothing]) { first, _ in first }
    }

    /// A field at the root: a call of the REST API, and the type of its answer.
    struct Root: Sendable {
        let row: MLflowRow
        let type: String

        init?(_ rows: [MLflowRow], _ method: String, _ path: String, _ type: String) {
            guard let row = rows.first(where: { $0.method == method && $0.path == "2.0/mlflow/" + path }) else {
                return nil
            }
            self.row = row
            self.type = type
        }
    }

    static let roots: [String: Root] = [
        "mlflowGetExperiment": Root(ExperimentCalls.rows, "GET", "experiments/get", "GetExperiment"),
        "mlflowGetRun": Root(RunCalls.rows, "GET", "runs/get", "GetRun"),
        "mlflowSearchRuns": Root(RunCalls.rows, "POST", "runs/search", "SearchRuns"),
        "mlflowSearchDatasets": Root(ExperimentCalls.rows, "POST", "experiments/search-datasets", "SearchDatasets"),
        "mlflowSearchModelVersions": Root(
            ModelVersionCalls.rows, "GET", "model-versions/search", "SearchModelVersions"),
        "mlflowGetMetricHistoryBulkInterval": Root(
            MetricCalls.rows, "GET", "metrics/get-history-bulk-interval", "GetMetricHistoryBulkInterval"),
        "mlflowListArtifacts": Root(ArtifactCalls.rows, "GET", "artifacts/list", "ListArtifacts"),
    ].compactMapValues { $0 }

    static func snakeCase(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase { text += "_" }
            text += character.lowercased()
        }
        return text
    }
}
