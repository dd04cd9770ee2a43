import LazuliResources

/// Components. Their specification crosses the wire in the file's own case, so rows name the same word on both sides.
enum ComponentShapes {
    private static func spec(_ row: Row) -> Row {
        Row(key: row.key, wire: ["properties", "componentSpec", row.key], shape: row.shape, presence: row.presence)
    }

    static let component = Fields(
        common,
        variants: Variants(
            "type", at: "properties.componentSpec.type", fallback: "command",
            [
                ("command", "command", command.map(spec)), ("pipeline", "pipeline", pipeline.map(spec)),
                ("parallel", "parallel", parallel.map(spec)), ("spark", "spark", spark.map(spec)),
            ]))

    private static let common: [Row] =
        [
            .optional("name", at: "properties.componentSpec.name"),
            .optional("version", at: "properties.componentSpec.version"),
            SharedRows.id, SharedRows.creationContext,
            .optional("schema", .text, at: "properties.componentSpec.$schema"), .shown("latest_version"),
            .shown("archived", at: "properties.isArchived"),
        ]
        + [
            .optional("description"), .optional("tags", .map(.literal)), .optional("display_name"),
            .optional("is_deterministic", .boolean), .optional("inputs", .map(input)),
            .optional("outputs", .map(output)),
            .optional("properties", .map(.any)), .optional("auto_delete_setting", .any),
        ].map(spec)

    private static let resources = Row.optional("resources", .map(.any))

    private static let command: [Row] = [
        .required("command"), .optional("code", identified(.code)), .required("environment", identified(.environment)),
        SharedRows.environmentVariables, .optional("distribution", .map(.any)), resources,
        .optional("queue_settings", .any), .optional("additional_includes", .list(.text)),
        .optional("limits", .map(.any)),
    ]

    private static let parallel: [Row] = [
        .optional(
            "task",
            .object(
                Fields([
                    same("type", .word(.same("run_function", "model", "function")), required: true),
                    same("code", identified(.code)),
                    same("entry_script"), same("program_arguments"), same("model"), same("append_row_to"),
                    same("environment", identified(.environment)),
                ]))),
        resources, .optional("logging_level"), .optional("mini_batch_size"),
        .optional("partition_keys", .scalarOr(.text, .list(.text))),
        .optional("input_data"), .optional("retry_settings", .map(.any)),
        .optional("max_concurrency_per_instance", .integer),
        .optional("error_threshold", .integer), .optional("mini_batch_error_threshold", .integer),
        .optional("code", identified(.code)), .optional("environment", identified(.environment)),
    ]

    private static let spark: [Row] =
        [.required("code", identified(.code)), .required("entry", .any)] + [
            .optional("environment", identified(.environment)), .optional("args"), resources,
            .optional("identity", .any),
        ] + ["py_files", "jars", "files", "archives"].map { .optional($0, .list(.text)) } + [
            .optional("conf", .map(.any))
        ]

    private static let pipeline: [Row] = [
        .required("jobs", .later { .map(PipelineShapes.node) }), .optional("settings", .any),
    ]

    static func same(_ key: String, _ shape: Shape = .text, required: Bool = false) -> Row {
        Row(key: key, wire: [key], shape: shape, presence: required ? .required : .optional)
    }

    /// In a specification ids stand behind `azureml:`.
    private static func identified(_ role: AssetRole) -> Shape {
        .coded(
            .asset(role),
            Codec(
                encode: { value in
                    guard let id = value.string, id.hasPrefix("/") else { return value }
                    return .string("azureml:" + id)
                },
                decode: { value in
                    guard let id = value.string, id.hasPrefix("azureml:/subscriptions") else { return value }
                    return .string(String(id.dropFirst("azureml:".count)))
                }))
    }

    private static let portTypes = Words(
        [
            "uri_folder", "uri_file", "mltable", "mlflow_model", "custom_model", "triton_model", "path", "string",
            "number", "integer", "boolean",
        ]
        .map { ($0, $0) })
    private static let modes = Words(
        ["ro_mount", "rw_mount", "mount", "download", "upload", "direct", "eval_mount", "eval_download", "link"].map {
            ($0, $0)
        })

    /// Defaults cross as texts, as written.
    static let input = Shape.object(
        Fields([
            same("type", .word(portTypes), required: true), same("description"), same("optional", .boolean),
            same("default", .literal),
            same("min", .literal), same("max", .literal), same("enum", .list(.literal)), same("mode", .word(modes)),
            same("path"), same("datastore"),
        ]))
    static let output = Shape.object(
        Fields([
            same("type", .word(portTypes), required: true), same("description"), same("mode", .word(modes)),
            same("path"),
            same("early_available", .boolean),
        ]))
}
