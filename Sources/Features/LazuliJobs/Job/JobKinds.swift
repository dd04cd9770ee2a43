import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The table of jobs. Source: `Jobs` of the specification, 2025-01-01-preview; contract B9.
enum JobKinds {
    /// Its names and permissions, which are the same whatever kinds of job there are.
    static let kind = kind(with: [])

    static func kind(with supplied: [any JobKind]) -> DocumentKind {
        DocumentKind(
            "Jobs", singular: "job", at: "jobs", properties: properties(with: supplied), listOrder: .newestFirst)
    }

    private static func properties(with supplied: [any JobKind]) -> Schema {
        var shapes: [String: Schema] = [
            "Command": .object(command), "Sweep": .object(sweep), "Pipeline": .object(pipeline),
            "Spark": .object(spark),
        ]
        for kind in supplied {
            shapes[kind.type] = .object(common + queue + [.optional("outputs", .map(output))] + kind.members)
        }
        return .tagged(by: "jobType", shapes)
    }

    private static let common: [Field] =
        SharedSchemas.resource
        + .strings("displayName", "experimentName", "computeId", "componentId")
        + [
            .optional("isArchived", .boolean), .optional("identity", .any), .optional("services", .map(.any)),
            .optional("notificationSetting", .any), .optional("secretsConfiguration", .any),
            .optional("parentJobName", .string),
        ]
        + .readOnly("status", "parameters", "error")

    private static let ports: [Field] = [
        .optional("inputs", .map(input)), .optional("outputs", .map(output)),
    ]

    private static let environment: [Field] = [
        .required("environmentId", .string), .optional("environmentVariables", SharedSchemas.environmentVariables),
    ]

    private static let queue: [Field] = [
        .optional(
            "queueSettings",
            .object([
                .optional("jobTier", .oneOf(["Null", "Spot", "Basic", "Standard", "Premium"])),
                .optional("priority", .any),
            ])),
        .optional("resources", resources),
    ]

    static let command: [Field] =
        common + ports + environment + queue + [
            .required("command", .string), .optional("codeId", .string), .optional("distribution", distribution),
            .optional("autologgerSettings", .any), .optional("limits", limits("Command", [])),
        ]

    private static let trial: Schema = .object(
        environment + [
            .required("command", .string), .optional("codeId", .string), .optional("distribution", distribution),
            .optional("resources", resources), .optional("componentId", .any),
        ])

    private static let sweep: [Field] =
        common + ports + queue + [
            .required("trial", trial), .required("searchSpace", .map(distributionOfValues)),
            .required(
                "objective",
                .object([.required("goal", .oneOf(["Maximize", "Minimize"])), .required("primaryMetric", .string)])),
            .required(
                "samplingAlgorithm",
                .object([
                    .required("samplingAlgorithmType", .oneOf(["Random", "Grid", "Bayesian"])),
                    .optional("rule", .oneOf(["Random", "Sobol"])), .optional("seed", .integer),
                    .optional("logbase", .any),
                ])),
            .optional("earlyTermination", earlyTermination), .optional("componentConfiguration", .any),
            .optional(
                "limits",
                limits(
                    "Sweep",
                    [
                        .optional("maxTotalTrials", .integer), .optional("maxConcurrentTrials", .integer),
                        .optional("trialTimeout", .duration),
                    ])),
        ]

    /// Source: `search_space` of the sweep YAML schema.
    private static let distributionOfValues: Schema = .call([
        "choice": [.array(.any)], "randint": [.integer], "uniform": [.number, .number],
        "quniform": [.number, .number, .number], "loguniform": [.number, .number],
        "qloguniform": [.number, .number, .number], "normal": [.number, .number],
        "qnormal": [.number, .number, .number], "lognormal": [.number, .number],
        "qlognormal": [.number, .number, .number],
    ])

    private static let earlyTermination: Schema = .tagged(
        by: "policyType",
        [
            "Bandit": .object(policy + [.optional("slackFactor", .number), .optional("slackAmount", .number)]),
            "MedianStopping": .object(policy),
            "TruncationSelection": .object(policy + [.optional("truncationPercentage", .integer)]),
        ])

    private static let policy: [Field] = [
        .optional("evaluationInterval", .integer), .optional("delayEvaluation", .integer),
    ]

    private static let pipeline: [Field] =
        common + ports + [
            .optional("jobs", .map(.any)), .optional("settings", .any), .optional("sourceJobId", .string),
        ]

    private static let spark: [Field] =
        common + ports + [
            .required("codeId", .string), .required("entry", .any), .optional("archives", .any),
            .optional("args", .string),
            .optional("conf", .any), .optional("environmentId", .string), .optional("environmentVariables", .any),
            .optional("files", .any), .optional("jars", .any), .optional("pyFiles", .any), .optional("resources", .any),
            .optional("queueSettings", .any),
        ]

    private static let resources: Schema = .object([
        .optional("instanceCount", .integer), .optional("instanceType", .string), .optional("properties", .map(.any)),
        .optional("shmSize", .string), .optional("dockerArgs", .string), .optional("dockerArgsList", .any),
        .optional("locations", .any), .optional("maxInstanceCount", .integer),
    ])

    private static func limits(_ type: String, _ more: [Field]) -> Schema {
        .object([.optional("jobLimitsType", .oneOf([type])), .optional("timeout", .duration)] + more)
    }

    private static let distribution: Schema = .tagged(
        by: "distributionType",
        [
            "PyTorch": .object([.optional("processCountPerInstance", .integer)]),
            "Mpi": .object([.optional("processCountPerInstance", .integer)]),
            "TensorFlow": .object([.optional("parameterServerCount", .integer), .optional("workerCount", .integer)]),
            "Ray": .any,
        ])

    private static let dataTypes = [
        "uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model",
    ]

    private static let input: Schema = .tagged(
        by: "jobInputType",
        Dictionary(
            uniqueKeysWithValues: dataTypes.map { ($0, .object(dataInput)) }
                + [("literal", Schema.object([.required("value", .any), .optional("description", .string)]))]))

    private static let dataInput: [Field] = [
        .required("uri", .string), .optional("description", .string), .optional("pathOnCompute", .string),
        .optional(
            "mode",
            .oneOf(["ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"])),
    ]

    private static let output: Schema = .tagged(
        by: "jobOutputType",
        Dictionary(
            uniqueKeysWithValues: dataTypes.map {
                (
                    $0,
                    Schema.object(
                        .strings("uri", "description", "assetName", "assetVersion", "pathOnCompute") + [
                            .optional("mode", .oneOf(["ReadWriteMount", "Upload", "Direct"])),
                            .optional("autoDeleteSetting", .any),
                        ])
                )
            }))
}
