public import LazuliResources

/// Shapes that several kinds share. Source: the published REST specification of the service, 2023-04-01 to 2025-01-01.
public enum SharedSchemas {
    /// Members of every resource's properties.
    public static let resource: [Field] = [
        .optional("description", .string), .optional("tags", .map(.any)), .optional("properties", .map(.any)),
    ]

    /// Members of every asset version's properties.
    public static let asset: [Field] =
        resource + [
            .optional("isAnonymous", .boolean), .optional("isArchived", .boolean),
            .optional("autoDeleteSetting", .any), .readOnly("provisioningState"),
        ]

    /// What may change in a version that exists.
    public static let mutableAssetMembers: Set<String> = [
        "description", "tags", "properties", "isArchived", "stage", "isAnonymous", "autoDeleteSetting",
    ]

    /// The envelope of tracked resources.
    public static let tracked: [Field] = [
        .optional("location", .string), .optional("tags", .map(.any)), .optional("identity", identity),
        .optional("kind", .string), .optional("sku", .any),
    ]

    private static let identity: Schema = .object(
        [
            .optional("type", .oneOf(["None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"])),
            .optional("userAssignedIdentities", .map(.any)),
        ] + .readOnly("principalId", "tenantId"))

    public static let codeConfiguration: Schema = .object([
        .optional("codeId", .string), .required("scoringScript", .string),
    ])
    public static let environmentVariables: Schema = .map(.any)
}
