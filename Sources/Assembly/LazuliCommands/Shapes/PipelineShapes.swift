import LazuliResources

/// Pipeline jobs: their own keys, and the nodes, which cross the wire in the file's case.
enum PipelineShapes {
    static let rows: [Row] = [
        .optional("jobs", .map(node)), JobPorts.inputs, JobPorts.outputs,
        .optional("settings", settings),
        .optional("component", .asset(.component), at: "componentId"),
    ]

    private static let settings = Shape.coded(
        .object(
            Fields(
                [
                    ComponentShapes.same("default_compute", .asset(.compute)),
                    ComponentShapes.same("default_datastore"),
                    ComponentShapes.same("continue_on_step_failure", .boolean),
                    ComponentShapes.same("force_rerun", .boolean),
                    ComponentShapes.same("on_init"), ComponentShapes.same("on_finalize"),
                    ComponentShapes.same("continue_run_on_failed_optional_input", .boolean),
                ], keepsOthers: true)),
        Codec(
            encode: { value in
                var copy = value
                copy["_source"] = "YAML.JOB"
                return copy
            },
            decode: { value in
                var members = value.object ?? JSONObject()
                members["_source"] = nil
                return .object(members)
            }))

    /// One step: a component to run, or the parts of one written in place.
    static let node = Shape.coded(
        .prepared(
            .object(
                Fields(
                    nodeRows,
                    variants: Variants(
                        "type", at: "type", fallback: "command",
                        [
                            ("command", "command", commandRows), ("pipeline", "pipeline", commandRows),
                            ("parallel", "parallel", parallelRows),
                            ("sweep", "sweep", sweepRows), ("automl", "automl", automlRows),
                            ("spark", "spark", looseRows),
                            ("import", "import", looseRows), ("data_transfer", "data_transfer", looseRows),
                        ]))), PipelineNodes.withComponent),
        Codec(encode: PipelineNodes.wire, decode: PipelineNodes.file))

    private static func same(_ key: String, _ shape: Shape = .text) -> Row { ComponentShapes.same(key, shape) }

    private static let nodeRows: [Row] = [
        same("name"), same("display_name"), same("description"), same("comment"), same("tags", .map(.literal)),
        same("properties", .map(.any)), same("inputs", .map(JobPorts.input)),
        same("outputs", .map(.scalarOr(.text, .object(Fields(JobPorts.outputRows))))),
        same("compute", .asset(.compute)), same("identity", .any), same("services", .any), same("experiment_name"),
    ]

    private static let commandRows: [Row] = [
        same("component", .asset(.component)), same("command"), same("code", .asset(.code)),
        same("environment", .asset(.environment)), same("environment_variables", .scalarOr(.text, .map(.literal))),
        same("resources", .map(.any)), same("distribution", .map(.any)), same("limits", .map(.any)),
        same("queue_settings", .any),
        same("is_deterministic", .boolean), same("settings", .any), same("jobs", .later { .map(node) }),
    ]

    private static let parallelRows: [Row] =
        commandRows + [
            same(
                "task",
                .object(
                    Fields([
                        same("type"), same("code", .asset(.code)), same("entry_script"), same("program_arguments"),
                        same("model"),
                        same("append_row_to"), same("environment", .asset(.environment)),
                    ]))),
            same("logging_level"), same("mini_batch_size"), same("partition_keys", .any), same("input_data"),
            same("retry_settings", .map(.any)), same("max_concurrency_per_instance", .integer),
            same("error_threshold", .integer), same("mini_batch_error_threshold", .integer),
            same("logging_settings", .any),
        ]

    private static let sweepRows: [Row] = [
        same("trial", .asset(.component)), same("search_space", .map(.any)), same("objective", .map(.any)),
        same("sampling_algorithm", .any), same("early_termination", .any), same("limits", .map(.any)),
        same("queue_settings", .any), same("resources", .map(.any)),
    ]

    private static let automlRows: [Row] = [
        "task", "primary_metric", "target_column_name", "log_verbosity", "training_data", "validation_data",
        "test_data",
        "validation_data_size", "test_data_size", "n_cross_validations", "cv_split_column_names", "weight_column_name",
        "featurization", "limits", "training", "forecasting", "environment_id", "environment_variables", "resources",
        "sweep", "search_space", "training_parameters",
    ].map { same($0, .any) }

    private static let looseRows: [Row] =
        commandRows
        + [
            "entry", "py_files", "jars", "files", "archives", "conf", "args", "source", "output", "task", "sink",
            "data_copy_mode",
        ].map { same($0, .any) }
}

/// Turns steps between the file's form and the wire's.
enum PipelineNodes {
    /// A step that spells out its command gets a component made of those parts, with a port for each of its inputs and outputs.
    static func withComponent(_ node: JSON) -> JSON {
        guard var members = node.object, members["component"] == nil,
            members["command"] != nil || members["task"] != nil,
            members["type"]?.string != "automl"
        else { return node }
        var component = JSONObject([("type", node["type"].isNull ? "command" : node["type"])])
        for key in [
            "command", "code", "environment", "environment_variables", "distribution", "is_deterministic", "task",
            "mini_batch_size", "input_data", "retry_settings", "max_concurrency_per_instance", "error_threshold",
            "mini_batch_error_threshold", "logging_level", "resources",
        ] {
            guard let value = members[key] else { continue }
            component[key] = value
            if key != "resources" { members[key] = nil }
        }
        let inputs = node["inputs"].object?.pairs.map { ($0.key, port($0.value)) } ?? []
        if !inputs.isEmpty { component["inputs"] = .object(JSONObject(inputs)) }
        let outputs = node["outputs"].object?.pairs.map { ($0.key, ["type": outputType($0.value)] as JSON) } ?? []
        if !outputs.isEmpty { component["outputs"] = .object(JSONObject(outputs)) }
        members["component"] = .object(component)
        return .object(members)
    }

    private static func port(_ value: JSON) -> JSON {
        if let type = value["type"].string { return ["type": .string(type)] }
        guard let text = value.string else { return ["type": "uri_folder"] }
        return ["type": text.contains("${{") && !text.contains("inputs.") ? "uri_folder" : "string"]
    }

    private static func outputType(_ value: JSON) -> JSON { value["type"].isNull ? "uri_folder" : value["type"] }

    static func wire(_ node: JSON) -> JSON {
        guard var members = node.object else { return node }
        members["componentId"] = members["component"] ?? members["trial"]
        members["component"] = nil
        members["computeId"] = members["compute"]
        members["compute"] = nil
        members["_source"] = "YAML.COMPONENT"
        members["inputs"] = .object(JSONObject((node["inputs"].object?.pairs ?? []).map { ($0.key, snake($0.value)) }))
        members["outputs"] = .object(
            JSONObject((node["outputs"].object?.pairs ?? []).map { ($0.key, outputWire($0.value)) }))
        return .object(members)
    }

    private static func snake(_ value: JSON) -> JSON { SharedRows.snakeCased(value) }

    private static func outputWire(_ value: JSON) -> JSON {
        if value.string != nil { return ["value": value, "type": "literal"] }
        return snake(value)
    }

    static func file(_ wire: JSON) -> JSON {
        guard var members = wire.object else { return wire }
        if let id = members["componentId"] {
            members[members["type"]?.string == "sweep" ? "trial" : "component"] = id
        }
        members["compute"] = members["computeId"]
        for key in ["componentId", "computeId", "_source", "name"] { members[key] = nil }
        members["inputs"] = .object(JSONObject((wire["inputs"].object?.pairs ?? []).map { ($0.key, camel($0.value)) }))
        members["outputs"] = .object(
            JSONObject((wire["outputs"].object?.pairs ?? []).map { ($0.key, outputFile($0.value)) }))
        return .object(members)
    }

    private static func outputFile(_ value: JSON) -> JSON {
        value["type"].string == "literal" ? value["value"] : camel(value)
    }

    private static func camel(_ value: JSON) -> JSON {
        guard let members = value.object else { return value }
        return .object(JSONObject(members.pairs.map { (Row.camelCase($0.key), $0.value) }))
    }
}
