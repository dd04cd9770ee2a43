import LazuliResources

/// Workspaces, their connections, and schedules.
enum WorkspaceShapes {
    static let workspace = Fields(
        [
            .local("name"), SharedRows.id, .optional("location", at: "location"),
            .optional("resource_group", at: "resourceGroup"),
            SharedRows.tags, SharedRows.identity, .optional("kind", at: "kind"),
            .shown("mlflow_tracking_uri", at: "properties.mlFlowTrackingUri"),
            .shown("discovery_url", at: "properties.discoveryUrl"),
            .shown("provisioning_state", at: "properties.provisioningState"),
            .shown("workspace_id", at: "properties.workspaceId"),
            .optional("display_name", at: "properties.friendlyName"), SharedRows.creationContext,
        ]
            + ([
                .optional("description"), .optional("hbi_workspace", .boolean), .optional("storage_account"),
                .optional("container_registry"),
                .optional("key_vault"), .optional("application_insights"),
                .optional("customer_managed_key", .any, at: "encryption"),
                .optional("image_build_compute"),
                .optional("public_network_access", .word(["Enabled": "Enabled", "Disabled": "Disabled"])),
                .optional("network_acls", .any), .optional("system_datastores_auth_mode"),
                .optional("primary_user_assigned_identity"),
                .optional("workspace_hub", at: "hubResourceId"), .optional("managed_network", .any),
                .optional("provision_network_now", .boolean),
                .optional("enable_data_isolation", .boolean), .optional("allow_roleassignment_on_rg", .boolean),
                .optional("serverless_compute", .any, at: "serverlessComputeSettings"),
                .optional("hub_id", at: "hubResourceId"),
            ] as [Row]).under("properties"))

    static let connection = Fields([
        .local("name"), SharedRows.id, SharedRows.creationContext,
        .optional("description", at: "properties.metadata.description"),
        .optional("tags", .map(.literal), at: "properties.metadata"), .optional("target", at: "properties.target"),
        .required("type", .coded(.text, Codec(encode: pascalCased, decode: snakeWord)), at: "properties.category"),
        .optional("credentials", credentials, at: "properties.credentials"),
        .optional("is_shared", .boolean, at: "properties.isSharedToAll"),
        .optional("metadata", .map(.any), at: "properties.metadata"),
        .optional("api_key", at: "properties.credentials.key"), .optional("endpoint", at: "properties.target"),
        .optional("azure_endpoint", at: "properties.target"),
        .optional("api_version", at: "properties.metadata.ApiVersion"),
        .optional("container_name", at: "properties.metadata.ContainerName"),
        .optional("account_name", at: "properties.metadata.AccountName"),
        .optional("url", at: "properties.target"),
    ])

    private static func pascalCased(_ value: JSON) -> JSON {
        guard let text = value.string, text == text.lowercased() else { return value }
        return .string(text.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
    }

    private static func snakeWord(_ value: JSON) -> JSON {
        value.string.map { .string(SharedRows.snakeCase($0)) } ?? value
    }

    private static let credentials = Shape.object(
        Fields(
            [],
            variants: Variants(
                "type", at: "type",
                [
                    ("pat", "PAT", .texts("pat")), ("sas", "SAS", [.optional("sas_token", at: "sas")]),
                    ("username_password", "UsernamePassword", .texts("username", "password")),
                    ("managed_identity", "ManagedIdentity", .texts("client_id", "resource_id")),
                    ("service_principal", "ServicePrincipal", .texts("client_id", "client_secret", "tenant_id")),
                    ("access_key", "AccessKey", .texts("access_key_id", "secret_access_key")),
                    ("api_key", "ApiKey", .texts("key")),
                    ("account_key", "AccountKey", [.optional("account_key", at: "key")]), ("aad", "AAD", []),
                    ("none", "None", []),
                ])))

    /// The wire names the kind of credentials beside them.
    static func liftAuthType(_ body: JSON) -> JSON {
        var copy = body
        var credentials = body["properties"]["credentials"].object
        copy["properties"]["authType"] = credentials?["type"] ?? (credentials?["key"] == nil ? "None" : "ApiKey")
        credentials?["type"] = nil
        if let credentials { copy["properties"]["credentials"] = .object(credentials) }
        return copy
    }

    static func lowerAuthType(_ body: JSON) -> JSON {
        guard let type = body["properties"]["authType"].string, type != "None" else { return body }
        var copy = body
        copy["properties"]["credentials"]["type"] = .string(type)
        return copy
    }

    static let schedule = Fields([
        .local("name"), SharedRows.id, .optional("display_name", at: "properties.displayName"),
        .optional("description", at: "properties.description"), SharedRows.tags.under("properties"),
        SharedRows.properties.under("properties"), .optional("is_enabled", .boolean, at: "properties.isEnabled"),
        .shown("provisioning_state", at: "properties.provisioningState"), SharedRows.creationContext,
        .required("trigger", trigger, at: "properties.trigger"),
        .optional("create_job", createJob, at: "properties.action"),
        .optional("create_monitor", .any, at: "properties.monitorDefinition"),
    ])

    private static let trigger = Shape.object(
        Fields(
            .texts("start_time", "end_time", "time_zone"),
            variants: Variants(
                "type", at: "triggerType",
                [
                    ("cron", "Cron", [.required("expression")]),
                    (
                        "recurrence", "Recurrence",
                        [
                            .required("frequency", .word(.same("minute", "hour", "day", "week", "month"))),
                            .required("interval", .integer),
                            .optional(
                                "schedule",
                                .object(
                                    Fields([
                                        .optional("hours", .oneOrMore(.integer)),
                                        .optional("minutes", .oneOrMore(.integer)),
                                        .optional("week_days", .oneOrMore(.text)),
                                        .optional("month_days", .oneOrMore(.integer)),
                                    ]))),
                        ]
                    ),
                ])))

    /// A whole job in place, the path of its file, or a mapping with `job:` and what differs from that file.
    private static let createJob = Shape.coded(
        .file(
            .prepared(
                .object(
                    Fields(
                        JobShapes.job.rows + [.local("job", .later { .file(.object(JobShapes.job)) })],
                        variants: relaxed(JobShapes.job.variants))), merged)),
        Codec(
            encode: { ["actionType": "CreateJob", "jobDefinition": $0["properties"]] },
            decode: { ["properties": $0["jobDefinition"]] }))

    /// Where the job comes from a file, what that file says need not be said again.
    private static func relaxed(_ variants: Variants?) -> Variants? {
        guard let variants else { return nil }
        return Variants(
            variants.key, at: variants.wire.joined(separator: "."), fallback: "pipeline",
            variants.list.map { variant in
                (
                    variant.word, variant.wire,
                    variant.rows.map {
                        Row(
                            key: $0.key, wire: $0.wire, shape: $0.shape,
                            presence: $0.presence == .required ? .optional : $0.presence)
                    }
                )
            })
    }

    private static func merged(_ value: JSON) -> JSON {
        guard let job = value["job"].object else { return value }
        var members = value.object ?? JSONObject()
        members["job"] = nil
        return .object(job.merging(members))
    }
}
