import GRDB
import LazuliDomain
package import LazuliPersistence
package import LazuliResources

/// Batch endpoints and deployments are checked, stored and shown. They do not run yet: invoking answers 501.
/// Source: `BatchEndpoints`, `BatchDeployments` of the specification; contract B12.
package struct BatchFeature: Sendable {
    private let database: StateDatabase
    private let clock: WallClock

    static let notRunning =
        "Batch endpoints are stored and shown by this version of Lazuli, and do not run yet: no job was started."

    package init(database: StateDatabase, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    static let endpoints = DocumentKind(
        "BatchEndpoints", singular: "batch endpoint", at: "batchEndpoints", envelope: SharedSchemas.tracked,
        properties: .object(
            [
                .required("authMode", .oneOf(["AADToken", "Key", "AMLToken"])), .optional("description", .string),
                .optional("properties", .map(.any)), .optional("keys", .any),
                .optional("defaults", .object([.optional("deploymentName", .string)])),
            ] + .readOnly("scoringUri", "swaggerUri", "provisioningState")),
        nameRule: .endpoint)

    static let deployments = DocumentKind(
        "BatchDeployments", singular: "batch deployment", at: "deployments", shape: .child(of: "batchEndpoints"),
        envelope: SharedSchemas.tracked, properties: .object(deployment), nameRule: .endpoint)

    private static let deployment: [Field] =
        [
            .optional("codeConfiguration", SharedSchemas.codeConfiguration), .optional("description", .string),
            .optional("environmentId", .string), .optional("environmentVariables", SharedSchemas.environmentVariables),
            .optional("properties", .map(.any)), .optional("compute", .string), .optional("errorThreshold", .integer),
            .optional("loggingLevel", .oneOf(["Info", "Warning", "Debug"])),
            .optional("maxConcurrencyPerInstance", .integer), .optional("miniBatchSize", .integer),
            .optional(
                "model",
                .tagged(
                    by: "referenceType",
                    [
                        "Id": .object([.required("assetId", .string)]), "DataPath": .any, "OutputPath": .any,
                    ])),
            .optional("outputAction", .oneOf(["AppendRow", "SummaryOnly"])), .optional("outputFileName", .string),
            .optional(
                "resources",
                .object([
                    .optional("instanceCount", .integer), .optional("instanceType", .string),
                    .optional("properties", .map(.any)),
                ])),
            .optional(
                "retrySettings", .object([.optional("maxRetries", .integer), .optional("timeout", .duration)])),
            .optional("deploymentConfiguration", .any),
        ] + .readOnly("provisioningState")

    package var routes: [Route] {
        let endpoints = DocumentService(
            Self.endpoints, database: database, clock: clock, behaviour: endpointBehaviour)
        let deployments = DocumentService(
            Self.deployments, database: database, clock: clock, behaviour: deploymentBehaviour)
        let jobs = "/mferp/managementfrontend\(Route.workspacePath)/batchEndpoints/{name}"
        let read = Self.endpoints.action("read")
        return endpoints.routes() + deployments.routes() + [
            .notBuilt(
                "POST", "\(Route.workspacePath)/batchEndpoints/{name}/jobs", "BatchEndpoints_Invoke",
                action: Self.endpoints.action("jobs/write"), because: Self.notRunning),
            Route("GET", "\(jobs)/jobs", "BatchEndpoints_ListJobs", action: read) { _ in
                .json(200, ["value": [], "nextLink": .null])
            },
            Route("GET", "\(jobs)/deployments/{deployment}/jobs", "BatchDeployments_ListJobs", action: read) { _ in
                .json(200, ["value": [], "nextLink": .null])
            },
        ]
    }

    private var endpointBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in Self.tracked(body) }
        behaviour.presentEach { body, document, call in
            let id = Self.endpoints.id(document.key, in: try call.workspaceScope())
            var body = body
            body["properties"]["scoringUri"] = .string("\(call.baseURL)\(id)/jobs")
            body["properties"]["provisioningState"] = "Succeeded"
            return body
        }
        behaviour.remove = { document, _, database in
            try DocumentTable.deleteAll(below: "\(document.key.scope)/batchendpoints/\(document.key.name)", database)
        }
        return behaviour
    }

    private static func tracked(_ body: JSON) -> JSON {
        var body = body
        if body["location"].isNull { body["location"] = "local" }
        if body["tags"].isNull { body["tags"] = .emptyObject }
        if body["properties"]["properties"].isNull { body["properties"]["properties"] = .emptyObject }
        return body
    }

    /// The first deployment of an endpoint becomes its default: clients never set one by themselves.
    private var deploymentBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in
            let properties = body["properties"]
            guard !properties["model"].isNull || !properties["deploymentConfiguration"].isNull else {
                throw ServiceError(
                    .invalidArgument,
                    "A batch deployment needs a model, or a deploymentConfiguration with a component.",
                    target: "$.properties.model")
            }
            return Self.tracked(body)
        }
        behaviour.write = { _, body, key, call, database in
            let parent = DocumentKey(
                kind: Self.endpoints.tableName, scope: try call.workspaceScope().key, name: try call.parameter("parent")
            )
            guard let endpoint = try DocumentTable.fetch(parent, database) else {
                throw ServiceError(
                    .notFound, "There is no batch endpoint \"\(parent.name)\" in this workspace. Create it first.",
                    target: parent.name)
            }
            var shown = try endpoint.body()
            if shown["properties"]["defaults"]["deploymentName"].isNull {
                shown["properties"]["defaults"] = ["deploymentName": .string(key.name)]
                try DocumentTable.update(
                    endpoint, body: shown, state: "", by: endpoint.modifiedBy, at: endpoint.modifiedAt, database)
            }
            return body
        }
        behaviour.presentEach { body, _, _ in
            var body = body
            body["properties"]["provisioningState"] = "Succeeded"
            body["properties"]["properties"]["lazuli.reason"] = .string(Self.notRunning)
            return body
        }
        return behaviour
    }
}
