import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The table of computes. Source: `Compute` of the specification; contract B7.
enum ComputeKind {
    static let kind = DocumentKind(
        "Compute", singular: "compute", at: "computes", envelope: SharedSchemas.tracked, properties: properties,
        nameRule: .compute)

    private static func shape(_ properties: Schema) -> Schema {
        .object(
            [
                .optional("properties", properties), .optional("description", .string),
                .optional("disableLocalAuth", .boolean), .optional("resourceId", .string),
                .optional("computeLocation", .string),
            ]
                + .readOnly(
                    "provisioningState", "provisioningErrors", "createdOn", "modifiedOn", "isAttachedCompute"))
    }

    private static let properties: Schema = .tagged(
        by: "computeType",
        [
            "AmlCompute": shape(.object(cluster)), "ComputeInstance": shape(.object(instance)),
            "Kubernetes": shape(.any), "AKS": shape(.any), "VirtualMachine": shape(.any), "Databricks": shape(.any),
            "SynapseSpark": shape(.any), "HDInsight": shape(.any), "DataFactory": shape(.any),
            "DataLakeAnalytics": shape(.any),
        ])

    private static let cluster: [Field] =
        [
            .optional("vmSize", .string), .optional("vmPriority", .oneOf(["Dedicated", "LowPriority"])),
            .optional("osType", .oneOf(["Linux", "Windows"])),
            .optional(
                "scaleSettings",
                .object([
                    .required("maxNodeCount", .integer), .optional("minNodeCount", .integer),
                    .optional("nodeIdleTimeBeforeScaleDown", .duration),
                ])),
            .optional("virtualMachineImage", .any), .optional("isolatedNetwork", .boolean),
            .optional("userAccountCredentials", .any), .optional("subnet", .any),
            .optional("remoteLoginPortPublicAccess", .string), .optional("enableNodePublicIp", .boolean),
            .optional("propertyBag", .any),
        ]
        + .readOnly(
            "allocationState", "allocationStateTransitionTime", "errors", "currentNodeCount", "targetNodeCount",
            "nodeStateCounts")

    private static let instance: [Field] =
        [
            .optional("vmSize", .string), .optional("subnet", .any), .optional("applicationSharingPolicy", .string),
            .optional("sshSettings", .any), .optional("customServices", .any),
            .optional("computeInstanceAuthorizationType", .string), .optional("enableSSO", .boolean),
            .optional("personalComputeInstanceSettings", .any), .optional("setupScripts", .any),
            .optional("schedules", .any), .optional("idleTimeBeforeShutdown", .duration),
            .optional("enableNodePublicIp", .boolean), .optional("enableRootAccess", .boolean),
            .optional("enableOSPatching", .boolean), .optional("releaseQuotaOnStop", .boolean),
        ]
        + .readOnly(
            "osImageMetadata", "connectivityEndpoints", "applications", "createdBy", "errors", "state",
            "lastOperation", "containers", "dataDisks", "dataMounts", "versions")
}
