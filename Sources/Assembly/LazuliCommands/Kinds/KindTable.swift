import LazuliResources

/// All kinds that the command line knows.
extension ResourceKind {
    static let workspace = ResourceKind(
        "workspace", "workspace", in: .workspaces, WorkspaceShapes.workspace,
        columns: [
            .init("Name", "name"), .init("Location", "location"), .init("Display name", "display_name"),
            .init("State", "provisioning_state"),
        ],
        deleteQuery: [("forceToPurge", "false")], documentation: "Workspaces: the place where everything else lives.")

    static let datastore = ResourceKind(
        "datastore", "datastore", in: .workspace("datastores"), DatastoreShapes.datastore,
        columns: [
            .init("Name", "name"), .init("Type", "type"), .init("Account", "account_name"),
            .init("Container", "container_name"), .init("Default", "is_default"),
        ],
        documentation: "Datastores: named places for data.", finish: DatastoreShapes.withCredentials)

    static let data = ResourceKind(
        "data", "data asset", in: .versions("data"), AssetShapes.data, columns: versionColumns,
        documentation: "Data assets: named, numbered files, folders and tables.")

    static let environment = ResourceKind(
        "environment", "environment", in: .versions("environments"), AssetShapes.environmentFields,
        columns: [
            .init("Name", "name"), .init("Version", "version"), .init("Latest", "latest_version"),
            .init("Image", "image"), .init("Description", "description"),
        ],
        documentation: "Environments: the packages a job runs with.")

    static let model = ResourceKind(
        "model", "model", in: .versions("models"), AssetShapes.model, columns: versionColumns,
        documentation: "Models: named, numbered results of training.")

    static let component = ResourceKind(
        "component", "component", in: .versions("components"), ComponentShapes.component,
        columns: [
            .init("Name", "name"), .init("Version", "version"), .init("Latest", "latest_version"),
            .init("Type", "type"), .init("Display name", "display_name"),
        ],
        documentation: "Components: steps that pipelines are made of.", finish: componentBody)

    static let compute = ResourceKind(
        "compute", "compute", in: .workspace("computes"), ComputeShapes.compute,
        columns: [
            .init("Name", "name"), .init("Type", "type"), .init("Size", "size"), .init("Min", "min_instances"),
            .init("Max", "max_instances"), .init("State", "state"), .init("Provisioning", "provisioning_state"),
        ],
        deleteQuery: [("underlyingResourceAction", "Delete")], documentation: "Computes: where jobs run.")

    static let job = ResourceKind(
        "job", "job", in: .workspace("jobs"), JobShapes.job,
        columns: [
            .init("Name", "name"), .init("Status", "status"), .init("Type", "type"),
            .init("Display name", "display_name"), .init("Experiment", "experiment_name"),
            .init("Created", "creation_context.created_at"),
        ],
        documentation: "Jobs: what is run.")

    static let schedule = ResourceKind(
        "schedule", "schedule", in: .workspace("schedules"), WorkspaceShapes.schedule,
        columns: [
            .init("Name", "name"), .init("Enabled", "is_enabled"), .init("Trigger", "trigger.type"),
            .init("Expression", "trigger.expression"), .init("State", "provisioning_state"),
        ],
        documentation: "Schedules: jobs that start by the clock.")

    static let onlineEndpoint = ResourceKind(
        "online-endpoint", "online endpoint", in: .workspace("onlineEndpoints"), EndpointShapes.online,
        columns: endpointColumns,
        documentation: "Online endpoints: models behind an address that answers at once.", finish: onlineEndpointBody)

    static let onlineDeployment = ResourceKind(
        "online-deployment", "online deployment", in: .deployments(of: "onlineEndpoints"),
        EndpointShapes.onlineDeployment,
        columns: [
            .init("Name", "name"), .init("Endpoint", "endpoint_name"), .init("Model", "model"),
            .init("Instances", "instance_count"), .init("Size", "instance_type"), .init("State", "provisioning_state"),
        ],
        documentation: "Online deployments: the models of an online endpoint.", finish: onlineDeploymentBody)

    static let batchEndpoint = ResourceKind(
        "batch-endpoint", "batch endpoint", in: .workspace("batchEndpoints"), EndpointShapes.batch,
        columns: endpointColumns,
        documentation: "Batch endpoints: models that score whole data sets.", finish: batchEndpointBody)

    static let batchDeployment = ResourceKind(
        "batch-deployment", "batch deployment", in: .deployments(of: "batchEndpoints"), EndpointShapes.batchDeployment,
        columns: [
            .init("Name", "name"), .init("Endpoint", "endpoint_name"), .init("Model", "model"),
            .init("Compute", "compute"), .init("State", "provisioning_state"),
        ],
        documentation: "Batch deployments: the models of a batch endpoint.", finish: batchDeploymentBody)

    static let connection = ResourceKind(
        "connection", "connection", in: .workspace("connections"), WorkspaceShapes.connection,
        columns: [.init("Name", "name"), .init("Type", "type"), .init("Target", "target")],
        documentation: "Connections: addresses and credentials of other services.",
        finish: WorkspaceShapes.liftAuthType,
        start: WorkspaceShapes.lowerAuthType)

    private static let versionColumns: [Column] = [
        .init("Name", "name"), .init("Version", "version"), .init("Latest", "latest_version"), .init("Type", "type"),
        .init("Description", "description"), .init("Path", "path"),
    ]
    private static let endpointColumns: [Column] = [
        .init("Name", "name"), .init("Auth mode", "auth_mode"), .init("State", "provisioning_state"),
        .init("Scoring URI", "scoring_uri"),
    ]

    @Sendable private static func located(_ body: JSON) -> JSON {
        var copy = body
        if body["location"].isNull { copy["location"] = "local" }
        return copy
    }

    @Sendable private static func componentBody(_ body: JSON) -> JSON {
        var copy = body
        let spec = body["properties"]["componentSpec"]
        for key in ["description", "tags", "properties"] where !spec[key].isNull { copy["properties"][key] = spec[key] }
        if spec["type"].isNull { copy["properties"]["componentSpec"]["type"] = "command" }
        return copy
    }

    @Sendable private static func onlineEndpointBody(_ body: JSON) -> JSON {
        var copy = located(body)
        if body["properties"]["authMode"].isNull { copy["properties"]["authMode"] = "Key" }
        return copy
    }

    @Sendable private static func onlineDeploymentBody(_ body: JSON) -> JSON {
        var copy = located(body)
        if body["sku"]["capacity"].isNull { copy["sku"]["capacity"] = 1 }
        copy["sku"]["name"] = "Default"
        return copy
    }

    @Sendable private static func batchEndpointBody(_ body: JSON) -> JSON {
        var copy = located(body)
        if body["properties"]["authMode"].isNull { copy["properties"]["authMode"] = "AADToken" }
        return copy
    }

    /// Only the pipeline form has a configuration of its own; the model form is the plain one.
    @Sendable private static func batchDeploymentBody(_ body: JSON) -> JSON {
        var copy = located(body)
        guard var properties = copy["properties"].object,
            var configuration = properties["deploymentConfiguration"]?.object
        else { return copy }
        let isPipeline = configuration["deploymentConfigurationType"]?.string == "PipelineComponent"
        if isPipeline, var component = configuration["componentId"]?.object {
            component["referenceType"] = "Id"
            configuration["componentId"] = .object(component)
        }
        properties["deploymentConfiguration"] = isPipeline ? .object(configuration) : nil
        copy["properties"] = .object(properties)
        return copy
    }
}
