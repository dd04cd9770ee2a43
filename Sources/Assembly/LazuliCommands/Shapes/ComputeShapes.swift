import LazuliResources

/// Computes of all types.
enum ComputeShapes {
    static let compute = Fields(
        [
            .local("name"), SharedRows.id, .optional("location", at: "location"), SharedRows.tags, SharedRows.identity,
            .optional("description", at: "properties.description"),
            .optional("resource_id", at: "properties.resourceId"),
            .shown("provisioning_state", at: "properties.provisioningState"),
            .shown("created_on", at: "properties.createdOn"),
            .shown("provisioning_errors", at: "properties.provisioningErrors"),
        ],
        variants: Variants(
            "type", at: "properties.computeType",
            [
                ("amlcompute", "AmlCompute", cluster.under("properties.properties")),
                ("computeinstance", "ComputeInstance", instance.under("properties.properties")),
                ("virtualmachine", "VirtualMachine", machine.under("properties.properties")),
                ("kubernetes", "Kubernetes", kubernetes.under("properties.properties")),
                ("synapsespark", "SynapseSpark", spark.under("properties.properties")),
            ]))

    private static let network = Row.optional(
        "network_settings",
        .object(
            Fields([
                .optional("vnet_name"), .optional("subnet", at: "id"), .shown("public_ip_address"),
                .shown("private_ip_address"),
            ])), at: "subnet")

    private static let sshAccess = Row.optional(
        "ssh_public_access_enabled",
        .coded(
            .boolean,
            Codec(
                encode: { .string($0.bool ?? false ? "Enabled" : "Disabled") },
                decode: { .bool($0.string?.lowercased() == "enabled") })), at: "remoteLoginPortPublicAccess")

    private static let cluster: [Row] = [
        .optional("size", at: "vmSize"),
        .optional("tier", .word(["dedicated": "Dedicated", "low_priority": "LowPriority"]), at: "vmPriority"),
        .optional("min_instances", .integer, at: "scaleSettings.minNodeCount"),
        .optional("max_instances", .integer, at: "scaleSettings.maxNodeCount"),
        .optional("idle_time_before_scale_down", .seconds, at: "scaleSettings.nodeIdleTimeBeforeScaleDown"),
        sshAccess, network, .optional("enable_node_public_ip", .boolean, at: "enableNodePublicIp"),
        .optional(
            "ssh_settings",
            .object(
                Fields([
                    .optional("admin_username", at: "adminUserName"),
                    .optional("admin_password", at: "adminUserPassword"),
                    .optional("ssh_key_value", at: "adminUserSshPublicKey"),
                ])), at: "userAccountCredentials"),
        .shown("allocation_state"), .shown("current_node_count"),
    ]

    private static let instance: [Row] = [
        .optional("size", at: "vmSize"), network,
        .optional("ssh_public_access_enabled", sshAccess.shape, at: "sshSettings.sshPublicAccess"),
        .optional(
            "ssh_settings",
            .object(
                Fields([
                    .optional("ssh_key_value", at: "adminPublicKey"), .shown("admin_username", at: "adminUserName"),
                    .shown("ssh_port"),
                ])), at: "sshSettings"),
        .optional(
            "create_on_behalf_of",
            .object(
                Fields([
                    .optional("user_tenant_id", at: "tenantId"), .optional("user_object_id", at: "objectId"),
                ])), at: "personalComputeInstanceSettings.assignedUser"),
        .optional("schedules", .map(.any)), .optional("setup_scripts", .any),
        .optional("custom_applications", .any, at: "customServices"),
        .optional("idle_time_before_shutdown", .text),
        .optional("idle_time_before_shutdown_minutes", .minutes, at: "idleTimeBeforeShutdown"),
        .optional("enable_node_public_ip", .boolean, at: "enableNodePublicIp"),
        .optional("enable_sso", .boolean, at: "enableSSO"),
        .optional("enable_root_access", .boolean), .optional("release_quota_on_stop", .boolean),
        .optional("enable_os_patching", .boolean),
        .shown("state"), .shown("last_operation", snake), .shown("services", .any, at: "applications"),
        .shown("os_image_metadata", snake),
    ]

    private static let snake = Shape.coded(.any, Codec(encode: { $0 }, decode: SharedRows.snakeCased))

    private static let machine: [Row] = [
        .optional(
            "ssh_settings",
            .object(
                Fields([
                    .optional("admin_username", at: "username"), .optional("admin_password", at: "password"),
                    .optional("ssh_private_key_file", at: "privateKeyData"),
                    .optional("ssh_port", .integer, at: "sshPort"),
                ])), at: "administratorAccount"),
        .optional("ssh_port", .integer),
    ]

    private static let kubernetes: [Row] = [
        .required("namespace"), .optional("properties", .map(.any)), .optional("default_instance_type"),
        .optional("instance_types", .any), .optional("extension_instance_release_train"), .optional("vc_name"),
    ]

    private static let spark: [Row] = [
        .optional("scale_settings", .any, at: "autoScaleProperties"),
        .optional("auto_pause_settings", .any, at: "autoPauseProperties"),
        .shown("node_family"), .shown("node_size"), .shown("node_count"), .shown("spark_version"),
    ]
}
