import LazuliResources

/// Online and batch endpoints and their deployments.
enum EndpointShapes {
    private static let endpoint: [Row] = [
        .local("name"), SharedRows.id, .optional("location", at: "location"), SharedRows.tags, SharedRows.identity,
        .optional("description", at: "properties.description"),
        .optional("properties", .map(.any), at: "properties.properties"),
        .optional(
            "auth_mode", .word(["key": "Key", "aml_token": "AMLToken", "aad_token": "AADToken"]),
            at: "properties.authMode"),
        .shown("scoring_uri", at: "properties.scoringUri"), .shown("openapi_uri", at: "properties.swaggerUri"),
        .shown("provisioning_state", at: "properties.provisioningState"), .shown("kind"), SharedRows.creationContext,
    ]

    static let online = Fields(
        endpoint + [
            .optional("traffic", .map(.integer), at: "properties.traffic"),
            .optional("mirror_traffic", .map(.integer), at: "properties.mirrorTraffic"),
            .optional("compute", .asset(.compute), at: "properties.compute"),
            .optional(
                "public_network_access", .word(["enabled": "Enabled", "disabled": "Disabled"]),
                at: "properties.publicNetworkAccess"),
        ])

    static let batch = Fields(
        endpoint + [
            .optional("defaults", .object(Fields([.optional("deployment_name")])), at: "properties.defaults")
        ])

    private static let deployment: [Row] = [
        .local("name"), .local("endpoint_name"), SharedRows.id, SharedRows.tags, .optional("location", at: "location"),
        .optional("description", at: "properties.description"),
        .optional("properties", .map(.any), at: "properties.properties"),
        .optional("environment", .asset(.environment), at: "properties.environmentId"),
        .optional("environment_variables", .map(.literal), at: "properties.environmentVariables"),
        .optional(
            "code_configuration",
            .object(
                Fields([
                    .required("code", .asset(.code), at: "codeId"), .required("scoring_script"),
                ])), at: "properties.codeConfiguration"),
        .shown("provisioning_state", at: "properties.provisioningState"), SharedRows.creationContext,
    ]

    static let onlineDeployment = Fields(
        deployment + [
            .optional("model", .asset(.modelReference), at: "properties.model"),
            .optional("model_mount_path", at: "properties.modelMountPath"),
            .optional("instance_count", .integer, at: "sku.capacity"),
            .optional("instance_type", at: "properties.instanceType"),
            .optional("app_insights_enabled", .boolean, at: "properties.appInsightsEnabled"),
            .optional("scale_settings", scale, at: "properties.scaleSettings"),
            .optional("request_settings", requests, at: "properties.requestSettings"),
            .optional("liveness_probe", probe, at: "properties.livenessProbe"),
            .optional("readiness_probe", probe, at: "properties.readinessProbe"),
            .optional("startup_probe", probe, at: "properties.startupProbe"),
            .optional("data_collector", DataCollectorShape.shape, at: "properties.dataCollector"),
            .optional(
                "egress_public_network_access", .word(["enabled": "Enabled", "disabled": "Disabled"]),
                at: "properties.egressPublicNetworkAccess"),
            .optional("private_network_connection", .boolean, at: "properties.properties.private-network-connection"),
            .optional("resources", containerResources, at: "properties.containerResourceRequirements"),
        ],
        variants: Variants(
            "type", at: "properties.endpointComputeType", fallback: "managed",
            [
                ("managed", "Managed", []), ("kubernetes", "Kubernetes", []),
            ]))

    private static let scale = Shape.object(
        Fields(
            [],
            variants: Variants(
                "type", at: "scaleType",
                [
                    ("default", "Default", []),
                    (
                        "target_utilization", "TargetUtilization",
                        [
                            .optional("polling_interval", .seconds),
                            .optional("target_utilization_percentage", .integer),
                            .optional("min_instances", .integer), .optional("max_instances", .integer),
                        ]
                    ),
                ])))

    private static let requests = Shape.object(
        Fields([
            .optional("request_timeout_ms", milliseconds, at: "requestTimeout"),
            .optional("max_concurrent_requests_per_instance", .integer),
            .optional("max_queue_wait_ms", milliseconds, at: "maxQueueWait"),
        ]))

    /// Milliseconds in the file, an ISO 8601 duration on the wire.
    private static let milliseconds = Shape.coded(
        .integer,
        Codec(
            encode: { value in value.number.map { .string("PT\(Shape.whole($0 / 1000))S") } ?? value },
            decode: { value in value.string.flatMap { ISODuration($0) }.map { JSON(Int($0.seconds * 1000)) } ?? value })
    )

    private static let probe = Shape.object(
        Fields([
            .optional("period", .seconds), .optional("initial_delay", .seconds), .optional("timeout", .seconds),
            .optional("success_threshold", .integer), .optional("failure_threshold", .integer),
        ]))

    /// What containers of an attached cluster ask for, and may take at most.
    private static let containerResources = Shape.object(
        Fields(
            [("requests", "containerResourceRequests"), ("limits", "containerResourceLimits")].map { key, wire in
                .optional(
                    key,
                    .object(
                        Fields([
                            .optional("cpu", .literal), .optional("memory", .literal), .optional("gpu", .literal),
                        ])), at: wire)
            }))

    static let batchDeployment = Fields(
        deployment + [.optional("compute", .asset(.compute), at: "properties.compute")],
        variants: Variants(
            "type", at: "properties.deploymentConfiguration.deploymentConfigurationType", fallback: "model",
            [
                ("model", "Model", modelBatch), ("pipeline", "PipelineComponent", pipelineBatch),
            ]))

    private static let batchSettings: [Row] = [
        .optional("mini_batch_size", .integer), .optional("max_concurrency_per_instance", .integer),
        .optional("error_threshold", .integer), .optional("output_file_name"), .optional("logging_level"),
        .optional("output_action", .word(["append_row": "AppendRow", "summary_only": "SummaryOnly"])),
        .optional(
            "retry_settings", .object(Fields([.optional("max_retries", .integer), .optional("timeout", .seconds)]))),
        .optional("environment_variables", .map(.literal)),
        .optional("instance_count", .integer, at: "resources.instanceCount"),
    ]

    private static let modelBatch: [Row] =
        [
            .optional(
                "model",
                .coded(
                    .asset(.modelReference),
                    Codec(
                        encode: { ["referenceType": "Id", "assetId": $0] },
                        decode: { $0["assetId"].isNull ? $0 : $0["assetId"] })),
                at: "properties.model"),
            SharedRows.resources.under("properties"),
            // The same settings stand in a mapping of their own in newer files; they land in the same places.
            Row(
                key: "settings", wire: ["properties"],
                shape: .coded(.object(Fields(batchSettings)), Codec(encode: { $0 }, decode: { _ in .null })),
                presence: .optional),
        ] + batchSettings.filter { $0.key != "environment_variables" && $0.key != "instance_count" }.under("properties")

    private static let pipelineBatch: [Row] = [
        .optional("component", .asset(.component), at: "properties.deploymentConfiguration.componentId.assetId"),
        .optional("job_definition", .asset(.job), at: "properties.deploymentConfiguration.jobDefinition"),
        .optional(
            "settings", .coded(.any, Codec(encode: stringified, decode: { $0 })),
            at: "properties.deploymentConfiguration.settings"),
    ]

    /// The wire's settings of a pipeline deployment are texts.
    private static func stringified(_ value: JSON) -> JSON {
        .object(
            JSONObject(
                (value.object?.pairs ?? []).map { pair in
                    let text = pair.value.bool.map { $0 ? "True" : "False" } ?? pair.value.scalarText
                    return (pair.key, text.map(JSON.string) ?? pair.value)
                }))
    }
}
