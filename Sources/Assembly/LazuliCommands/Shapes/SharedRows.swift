import LazuliResources

/// Rows and codecs that several kinds share.
enum SharedRows {
    /// `systemData` of the wire, its names in the file's case.
    static let creationContext = Row.shown(
        "creation_context", .coded(.any, Codec(encode: { $0 }, decode: snakeCased)), at: "systemData")

    static let id = Row.shown("id", at: "id")
    static let tags = Row.optional("tags", .map(.literal))
    static let properties = Row.optional("properties", .map(.any))

    static let identity = Row.optional(
        "identity",
        .object(
            Fields(
                [
                    .shown("principal_id"), .shown("tenant_id"),
                    .optional("user_assigned_identities", .coded(.list(.any), userIdentities)),
                ],
                variants: Variants(
                    "type", at: "type", fallback: "system_assigned",
                    [
                        ("system_assigned", "SystemAssigned", []), ("user_assigned", "UserAssigned", []),
                        ("none", "None", []), ("system_assigned,user_assigned", "SystemAssigned,UserAssigned", []),
                    ]))), at: "identity")

    /// A list with `resource_id`s in the file, an object keyed by them on the wire.
    private static let userIdentities = Codec(
        encode: { value in
            .object(
                JSONObject(
                    (value.array ?? []).compactMap { item in
                        (item["resource_id"].string ?? item.string).map { ($0, JSON.object(JSONObject())) }
                    }))
        },
        decode: { value in
            .array(
                (value.object?.pairs ?? []).map { id, details in
                    .object(
                        JSONObject(
                            [("resource_id", JSON.string(id))]
                                + (snakeCased(details).object?.pairs ?? []).map { ($0.key, $0.value) }))
                })
        })

    static let resources = Row.optional(
        "resources",
        .object(
            Fields(
                .integers("instance_count", "max_instance_count") + .texts("instance_type", "shm_size") + [
                    .optional("properties", .map(.any)), .optional("locations", .list(.text)),
                    .optional("docker_args", .scalarOr(.text, .any)),
                ])))

    static let distribution = Row.optional(
        "distribution",
        .object(
            Fields(
                [],
                variants: Variants(
                    "type", at: "distributionType",
                    [
                        ("pytorch", "PyTorch", .integers("process_count_per_instance")),
                        ("mpi", "Mpi", .integers("process_count_per_instance")),
                        ("tensorflow", "TensorFlow", .integers("parameter_server_count", "worker_count")),
                        (
                            "ray", "Ray",
                            .integers("port", "dashboard_port")
                                + .texts("address", "head_node_additional_args", "worker_node_additional_args")
                                + .booleans("include_dashboard")
                        ),
                    ]))))

    static let queueSettings = Row.optional(
        "queue_settings",
        .object(
            Fields([
                .optional(
                    "job_tier",
                    .word([
                        "spot": "Spot", "basic": "Basic", "standard": "Standard", "premium": "Premium", "null": "Null",
                    ])),
                .optional("priority", .scalarOr(.literal, .any)),
            ])))

    static let jobIdentity = Row.optional(
        "identity",
        .object(
            Fields(
                [],
                variants: Variants(
                    "type", at: "identityType",
                    [
                        (
                            "managed_identity", "Managed",
                            [
                                .optional("client_id"), .optional("object_id"),
                                .optional("msi_resource_id", at: "resourceId"),
                            ]
                        ),
                        (
                            "managed", "Managed",
                            [
                                .optional("client_id"), .optional("object_id"),
                                .optional("msi_resource_id", at: "resourceId"),
                            ]
                        ),
                        ("aml_token", "AMLToken", []), ("user_identity", "UserIdentity", []),
                    ]))))

    static let environmentVariables = Row.optional("environment_variables", .scalarOr(.text, .map(.literal)))

    /// Keys of the wire in the file's case, all the way down.
    static func snakeCased(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            .object(
                JSONObject(members.pairs.filter { !$0.value.isNull }.map { (snakeCase($0.key), snakeCased($0.value)) }))
        case .array(let elements): .array(elements.map(snakeCased))
        default: value
        }
    }

    static func snakeCase(_ name: String) -> String {
        var text = ""
        for letter in name {
            if letter.isUppercase, !text.isEmpty, text.last?.isUppercase == false, text.last != "_" { text.append("_") }
            text.append(letter)
        }
        return text.lowercased()
    }
}
