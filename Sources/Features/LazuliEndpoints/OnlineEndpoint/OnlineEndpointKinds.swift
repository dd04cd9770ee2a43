import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The tables of online endpoints and their deployments.
/// Source: `OnlineEndpoints`, `OnlineDeployments` of the specification; contract B11.
enum OnlineEndpointKinds {
    static let endpoints = DocumentKind(
        "OnlineEndpoints", singular: "online endpoint", at: "onlineEndpoints", envelope: SharedSchemas.tracked,
        properties: .object(
            [
                .required("authMode", .oneOf(["AMLToken", "Key", "AADToken"])), .optional("description", .string),
                .optional("properties", .map(.any)), .optional("traffic", .map(.integer)),
                .optional("mirrorTraffic", .map(.integer)), .optional("compute", .string), .optional("keys", .any),
                .optional("publicNetworkAccess", .oneOf(["Enabled", "Disabled"])),
            ] + .readOnly("scoringUri", "swaggerUri", "provisioningState")),
        nameRule: .endpoint)

    static let deployments = DocumentKind(
        "OnlineDeployments", singular: "online deployment", at: "deployments", shape: .child(of: "onlineEndpoints"),
        envelope: SharedSchemas.tracked,
        properties: .tagged(
            by: "endpointComputeType",
            [
                "Managed": .object(deployment),
                "Kubernetes": .object(deployment + [.optional("containerResourceRequirements", .any)]),
            ]),
        nameRule: .endpoint)

    private static let deployment: [Field] =
        [
            .optional("codeConfiguration", SharedSchemas.codeConfiguration), .optional("description", .string),
            .optional("environmentId", .string), .optional("environmentVariables", SharedSchemas.environmentVariables),
            .optional("properties", .map(.any)), .optional("appInsightsEnabled", .boolean),
            .optional("dataCollector", .any), .optional("egressPublicNetworkAccess", .string),
            .optional("instanceType", .string), .optional("livenessProbe", probe), .optional("readinessProbe", probe),
            .optional("startupProbe", probe), .optional("model", .string), .optional("modelMountPath", .string),
            .optional("requestSettings", requestSettings), .optional("scaleSettings", scaleSettings),
        ] + .readOnly("provisioningState")

    private static let probe: Schema = .object([
        .optional("failureThreshold", .integer), .optional("initialDelay", .duration), .optional("period", .duration),
        .optional("successThreshold", .integer), .optional("timeout", .duration),
    ])

    private static let requestSettings: Schema = .object([
        .optional("maxConcurrentRequestsPerInstance", .integer), .optional("maxQueueWait", .duration),
        .optional("requestTimeout", .duration),
    ])

    private static let scaleSettings: Schema = .tagged(
        by: "scaleType",
        [
            "Default": .object([]),
            "TargetUtilization": .object([
                .optional("maxInstances", .integer), .optional("minInstances", .integer),
                .optional("pollingInterval", .duration), .optional("targetUtilizationPercentage", .integer),
            ]),
        ])
}
