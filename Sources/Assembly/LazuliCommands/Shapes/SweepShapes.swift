import LazuliResources

/// Sweep jobs.
enum SweepShapes {
    static let rows: [Row] = [
        .required(
            "trial",
            .file(
                .object(
                    Fields(
                        JobShapes.commandBody + [
                            .local("name"), .local("type"), .local("inputs", .any), .local("outputs", .any),
                            .local("version"),
                            .local("display_name"), .local("description"), .local("tags", .any),
                        ])))),
        .required("objective", objective), .optional("search_space", .map(space)),
        .optional("sampling_algorithm", sampling),
        .optional("early_termination", earlyTermination),
        .required("limits", .coded(limits, JobShapes.typed("jobLimitsType", "Sweep"))),
        JobPorts.inputs, JobPorts.outputs, SharedRows.queueSettings, SharedRows.resources,
    ]

    static let objective = Shape.object(
        Fields([
            .required("goal", .word(["minimize": "Minimize", "maximize": "Maximize"])), .required("primary_metric"),
        ]))

    static let limits = Shape.object(
        Fields([
            .required("max_total_trials", .integer), .optional("max_concurrent_trials", .integer),
            .optional("timeout", .seconds), .optional("trial_timeout", .seconds),
        ]))

    static let sampling = Shape.coded(
        .scalarOr(
            .word(["random": "Random", "grid": "Grid", "bayesian": "Bayesian"]),
            .object(
                Fields(
                    [
                        .optional("seed", .integer), .optional("rule", .word(["random": "Random", "sobol": "Sobol"])),
                        .optional("logbase", .literal),
                    ],
                    variants: Variants(
                        "type", at: "samplingAlgorithmType",
                        [
                            ("random", "Random", []), ("grid", "Grid", []), ("bayesian", "Bayesian", []),
                        ])))),
        Codec(
            encode: { $0.string == nil ? $0 : ["samplingAlgorithmType": $0] },
            decode: { value in
                value.object?.count == 1 ? value["samplingAlgorithmType"] : value
            }))

    private static let policyRows: [Row] = .integers("evaluation_interval", "delay_evaluation")

    static let earlyTermination = Shape.object(
        Fields(
            policyRows,
            variants: Variants(
                "type", at: "policyType",
                [
                    ("bandit", "Bandit", [.optional("slack_factor", .number), .optional("slack_amount", .number)]),
                    ("median_stopping", "MedianStopping", []),
                    ("truncation_selection", "TruncationSelection", [.required("truncation_percentage", .integer)]),
                ])))

    /// `{type: uniform, min_value: 0, max_value: 1}` in the file, `["uniform", [0, 1]]` on the wire.
    static let space = Shape.coded(
        .object(
            Fields(
                [],
                variants: Variants(
                    "type", at: "type",
                    [
                        ("choice", "choice", [.required("values", .list(.any))]),
                        ("randint", "randint", [.required("upper", .integer)]),
                        ("uniform", "uniform", between), ("loguniform", "loguniform", between),
                        ("quniform", "quniform", between + step), ("qloguniform", "qloguniform", between + step),
                        ("normal", "normal", bell), ("lognormal", "lognormal", bell),
                        ("qnormal", "qnormal", bell + step),
                        ("qlognormal", "qlognormal", bell + step),
                    ]))),
        Codec(
            encode: { value in
                let names = parameters[value["type"].string ?? ""] ?? []
                return [value["type"], .array(names.map { value[Row.optional($0).wire[0]] })]
            },
            decode: { value in
                guard let parts = value.array, let type = parts.first?.string, parts.count == 2 else { return value }
                let names = parameters[type] ?? []
                let values = zip(names, parts[1].array ?? []).map { (Row.optional($0).wire[0], $1) }
                return .object(JSONObject([("type", JSON.string(type))] + values))
            }))

    private static let between: [Row] = [.required("min_value", .number), .required("max_value", .number)]
    private static let bell: [Row] = [.required("mu", .number), .required("sigma", .number)]
    private static let step: [Row] = [.required("q", .number)]

    /// The order of the wire's list.
    private static let parameters: [String: [String]] = [
        "choice": ["values"], "randint": ["upper"], "uniform": ["min_value", "max_value"],
        "loguniform": ["min_value", "max_value"], "quniform": ["min_value", "max_value", "q"],
        "qloguniform": ["min_value", "max_value", "q"], "normal": ["mu", "sigma"], "lognormal": ["mu", "sigma"],
        "qnormal": ["mu", "sigma", "q"], "qlognormal": ["mu", "sigma", "q"],
    ]
}
