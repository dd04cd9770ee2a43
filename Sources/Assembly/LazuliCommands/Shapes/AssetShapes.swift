import LazuliResources

/// Data, models and environments.
enum AssetShapes {
    private static let common: [Row] = [
        .local("name"), .local("version"), SharedRows.id, .optional("description", at: "properties.description"),
        SharedRows.tags.under("properties"), .optional("auto_delete_setting", .any, at: "properties.autoDeleteSetting"),
        SharedRows.creationContext, .shown("latest_version", at: "properties.latestVersion"),
        .shown("archived", at: "properties.isArchived"),
    ]

    static let data = Fields(
        common + [
            .optional(
                "type", .word(Words([("uri_folder", "uri_folder"), ("uri_file", "uri_file"), ("mltable", "mltable")])),
                at: "properties.dataType"),
            .required("path", .asset(.data), at: "properties.dataUri"),
            .optional("properties", .map(.any), at: "properties.properties"),
            .local("datastore"), .optional("referenced_uris", .list(.text), at: "properties.referencedUris"),
        ])

    static let modelTypes = Words([
        ("custom_model", "custom_model"), ("mlflow_model", "mlflow_model"), ("triton_model", "triton_model"),
    ])

    static let model = Fields(common + modelRows)
    private static let modelRows: [Row] = [
        .optional("type", .word(modelTypes), at: "properties.modelType"),
        .optional("path", .asset(.modelPath), at: "properties.modelUri"),
        .optional("properties", .map(.any), at: "properties.properties"),
        .optional("flavors", .map(.any), at: "properties.flavors"), .optional("stage", at: "properties.stage"),
        .local("datastore"), .shown("job_name", at: "properties.jobName"), .shown("utc_time_created"),
        .optional("system_metadata", .map(.any), at: "properties.systemMetadata"),
        .optional("default_deployment_template", .any, at: "properties.defaultDeploymentTemplate"),
        .optional("allowed_deployment_templates", .any, at: "properties.allowedDeploymentTemplates"),
    ]

    static let environmentFields = Fields(
        common + [
            .optional("image", at: "properties.image"),
            .optional("conda_file", .coded(.file(.any), condaFile), at: "properties.condaFile"),
            .optional(
                "build",
                .object(
                    Fields([
                        .required("path", .asset(.buildContext), at: "contextUri"), .optional("dockerfile_path"),
                    ])), at: "properties.build"),
            .optional("os_type", .word(["linux": "Linux", "windows": "Windows"]), at: "properties.osType"),
            .optional(
                "inference_config",
                .object(
                    Fields(
                        ["liveness_route", "readiness_route", "scoring_route"].map {
                            .required($0, .object(Fields([.required("port", .integer), .required("path")])))
                        })), at: "properties.inferenceConfig"),
            .local("datastore"), .optional("properties", .map(.any), at: "properties.properties"),
            .shown("intellectual_property", at: "properties.intellectualProperty"),
        ])

    static let environment = Shape.object(environmentFields)

    static func shape(of role: AssetRole) -> Shape {
        switch role {
        case .component: .later { .object(ComponentShapes.component) }
        case .modelReference: .object(model)
        default: environment
        }
    }

    /// A conda file's YAML is the wire's text; its keys are sorted, as the stock client sorts them, so that the same
    /// content is the same text.
    private static let condaFile = Codec(
        encode: { $0.string == nil ? .string(YAMLWriter.text(of: $0, sortingKeys: true)) : $0 },
        decode: { value in
            guard let text = value.string else { return value }
            let document = try? YAMLDocument.parse(text, name: "conda_file", folder: "/")
            return document?.root.json ?? value
        })
}
