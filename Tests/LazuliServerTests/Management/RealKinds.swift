import LazuliConformance
import LazuliResources

/// Every kind of resource the server keeps, as the conformance suite asks for it.
enum RealKinds: String, CaseIterable, Sendable {
    case datastores, connections, data, models, environments, components, codes, computes, schedules, jobs
    case onlineEndpoints, onlineDeployments, batchEndpoints, batchDeployments

    private typealias Row = (body: JSON, required: String, changeable: String, otherValue: JSON)

    func subject(_ bench: ServerBench) -> ConformanceSubject {
        let row = row
        var subject = ConformanceSubject(
            rawValue, at: collection, isVersioned: isVersioned, body: row.body, required: path(row.required),
            changeable: path(row.changeable), otherValue: row.otherValue, routes: bench.routes)
        subject.scope = bench.scope
        if self == .connections { subject.createdStatus = 200 }
        if self == .jobs { subject.verbs = ["GET", "PUT"] }
        return subject
    }

    private func path(_ member: String) -> [String] { member.isEmpty ? ["properties"] : ["properties", member] }

    private var isVersioned: Bool { [.data, .models, .environments, .components, .codes].contains(self) }

    private var collection: String {
        switch self {
        case .onlineDeployments: "\(Route.workspacePath)/onlineEndpoints/{parent}/deployments"
        case .batchDeployments: "\(Route.workspacePath)/batchEndpoints/{parent}/deployments"
        default: "\(Route.workspacePath)/\(rawValue)"
        }
    }

    /// Makes what the kind needs to be there.
    func prepare(_ bench: ServerBench) async throws {
        switch self {
        case .onlineDeployments:
            try await bench.registerServableModel()
            _ = try await bench.send(
                "OnlineEndpoints_CreateOrUpdate", ["name": "parent"], body: ["properties": ["authMode": "Key"]])
        case .batchDeployments:
            _ = try await bench.send(
                "BatchEndpoints_CreateOrUpdate", ["name": "parent"], body: ["properties": ["authMode": "AADToken"]])
        case .jobs:
            _ = try await bench.send(
                "Environments_CreateOrUpdateVersion", ["name": "e", "version": "1"],
                body: ["properties": ["condaFile": "dependencies: [python=3.11]"]])
        default: break
        }
    }

    private var row: Row {
        switch self {
        case .datastores:
            (
                [
                    "properties": [
                        "datastoreType": "AzureBlob", "accountName": "acct", "containerName": "photos",
                        "description": "one",
                        "credentials": ["credentialsType": "AccountKey", "secrets": ["key": "c2VjcmV0"]],
                    ]
                ], "containerName", "description", "two"
            )
        case .connections:
            (
                [
                    "properties": [
                        "category": "Git", "target": "https://example.org", "authType": "PAT",
                        "credentials": ["pat": "secret"],
                    ]
                ], "category", "target", "https://example.com"
            )
        case .data:
            (
                ["properties": ["dataType": "uri_file", "dataUri": "https://example.org/a.csv"]], "dataUri", "dataUri",
                "https://example.org/b.csv"
            )
        case .models:
            (
                ["properties": ["modelType": "custom_model", "modelUri": "https://example.org/m"]], "modelUri",
                "modelUri",
                "https://example.org/n"
            )
        case .environments:
            (["properties": ["image": "python:3.11", "osType": "Linux"]], "", "image", "python:3.12")
        case .components:
            (
                ["properties": ["componentSpec": ["type": "command", "command": "a", "environment": "azureml:e:1"]]],
                "componentSpec", "componentSpec", ["type": "command", "command": "b", "environment": "azureml:e:1"]
            )
        case .codes:
            (["properties": ["codeUri": "https://example.org/c"]], "codeUri", "codeUri", "https://example.org/d")
        case .computes:
            (
                [
                    "location": "local",
                    "properties": [
                        "computeType": "AmlCompute", "description": "one",
                        "properties": ["vmSize": "Standard_D2_v2", "scaleSettings": ["maxNodeCount": 2]],
                    ],
                ], "computeType", "description", "two"
            )
        case .schedules:
            (
                [
                    "properties": [
                        "displayName": "one", "trigger": ["triggerType": "Cron", "expression": "0 9 * * 1"],
                        "action": ["actionType": "CreateJob", "jobDefinition": ["jobType": "Command"]],
                    ]
                ], "trigger", "displayName", "two"
            )
        case .jobs:
            (
                ["properties": ["jobType": "Command", "command": "echo hello", "environmentId": "azureml:e:1"]],
                "command",
                "displayName", "two"
            )
        case .onlineEndpoints:
            (["properties": ["authMode": "Key", "description": "one"]], "authMode", "description", "two")
        case .onlineDeployments:
            (
                ["properties": ["endpointComputeType": "Managed", "description": "one", "model": "azureml:m:1"]],
                "endpointComputeType", "description", "two"
            )
        case .batchEndpoints:
            (["properties": ["authMode": "AADToken", "description": "one"]], "authMode", "description", "two")
        case .batchDeployments:
            (
                [
                    "properties": [
                        "description": "one", "compute": "azureml:c",
                        "model": ["referenceType": "Id", "assetId": "azureml:m:1"],
                    ]
                ], "", "description", "two"
            )
        }
    }
}
