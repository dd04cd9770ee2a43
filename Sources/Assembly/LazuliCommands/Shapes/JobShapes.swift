import LazuliResources

/// Jobs: what all have, and what each type adds.
enum JobShapes {
    static let common: [Row] = [
        .local("name"), SharedRows.id,
        .optional("display_name", at: "properties.displayName"), .optional("description", at: "properties.description"),
        .optional("experiment_name", at: "properties.experimentName"), SharedRows.tags.under("properties"),
        SharedRows.properties.under("properties"),
        .optional("compute", .asset(.compute), at: "properties.computeId"), services.under("properties"),
        SharedRows.jobIdentity.under("properties"), .optional("parent_job_name", at: "properties.parentJobName"),
        .optional("notification_settings", .any, at: "properties.notificationSetting"),
        .shown("status", at: "properties.status"), SharedRows.creationContext,
        .shown("parameters", at: "properties.parameters"), .shown("log_files"),
        .shown("archived", at: "properties.isArchived"),
    ]

    static let job = Fields(
        common,
        variants: Variants(
            "type", at: "properties.jobType", fallback: "command",
            [
                ("command", "Command", command.under("properties")),
                ("sweep", "Sweep", SweepShapes.rows.under("properties")),
                ("pipeline", "Pipeline", PipelineShapes.rows.under("properties")),
                ("automl", "AutoML", AutoMLShapes.rows.under("properties")),
            ]))

    /// What a command job and the trial of a sweep both say.
    static let commandBody: [Row] = [
        .required("command"), .optional("code", .asset(.code), at: "codeId"),
        .required("environment", .asset(.environment), at: "environmentId"), SharedRows.environmentVariables,
        SharedRows.resources, SharedRows.distribution,
    ]

    static let command: [Row] =
        commandBody + [
            JobPorts.inputs, JobPorts.outputs, SharedRows.queueSettings,
            .optional(
                "limits", .coded(.object(Fields([.optional("timeout", .seconds)])), typed("jobLimitsType", "Command"))),
        ]

    /// The wire's objects often carry a type of their own that the file need not say.
    static func typed(_ key: String, _ word: String) -> Codec {
        Codec(
            encode: { value in
                .object(JSONObject([(key, JSON.string(word))] + (value.object?.pairs ?? []).map { ($0.key, $0.value) }))
            },
            decode: { value in
                var members = value.object ?? JSONObject()
                members[key] = nil
                return .object(members)
            })
    }

    private static let services = Row.optional(
        "services",
        .map(
            .coded(
                .object(
                    Fields([
                        .optional(
                            "type",
                            .word(
                                Words([
                                    ("ssh", "SSH"), ("jupyter_lab", "JupyterLab"), ("tensor_board", "TensorBoard"),
                                    ("vs_code", "VSCode"),
                                    ("Studio", "Studio"), ("Tracking", "Tracking"), ("custom", "Custom"),
                                ])), at: "jobServiceType"),
                        .optional("port", .integer), .optional("nodes"), .optional("properties", .map(.any)),
                        .optional("ssh_public_keys", at: "properties.sshPublicKeys"),
                        .optional("log_dir", at: "properties.logDir"),
                        .shown("endpoint"), .shown("status"), .shown("error_message"),
                    ])),
                Codec(
                    encode: { value in
                        guard let nodes = value["nodes"].string else { return value }
                        var copy = value
                        copy["nodes"] = ["nodesValueType": .string(nodes == "all" ? "All" : nodes)]
                        return copy
                    },
                    decode: { value in
                        guard let nodes = value["nodes"]["nodesValueType"].string else { return value }
                        var copy = value
                        copy["nodes"] = .string(nodes.lowercased())
                        return copy
                    }))))
}
