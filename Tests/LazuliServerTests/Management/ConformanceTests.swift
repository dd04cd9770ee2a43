import LazuliConformance
import LazuliResources
import Testing

@Suite("Every kind of resource, through the whole server")
struct ConformanceTests {
    @Test("Each kind keeps the rules of all kinds", arguments: RealKinds.allCases)
    func conforms(kind: RealKinds) async throws {
        try await ServerBench.with { bench in
            try await kind.prepare(bench)
            try await DocumentKindConformance(kind.subject(bench)).run()
        }
    }

    @Test("Secrets of datastores and connections are not shown with them, and are given to those who ask for them")
    func secrets() async throws {
        try await ServerBench.with { bench in
            let connection: JSON = [
                "properties": [
                    "category": "Git", "target": "https://x", "authType": "PAT", "credentials": ["pat": "hunter2"],
                ]
            ]
            let made = try await bench.send("WorkspaceConnections_CreateOrUpdate", ["name": "c"], body: connection)
            #expect(!made.text.contains("hunter2"))
            let shown = try await bench.send("WorkspaceConnections_Get", ["name": "c"])
            #expect(!shown.text.contains("hunter2"))
            let secrets = try await bench.send("WorkspaceConnections_ListSecrets", ["name": "c"])
            #expect(secrets["properties"]["credentials"]["pat"] == "hunter2")
        }
    }

    @Test("The built-in datastores and the curated environments are there from the start")
    func furnished() async throws {
        try await ServerBench.with { bench in
            let stores =
                try await bench.send("Datastores_List", [:])["value"].array?.compactMap { $0["name"].string } ?? []
            let builtIn = [
                "workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory",
            ]
            #expect(Set(builtIn).isSubset(of: stores))
            let environments = try await bench.send("Environments_List", [:])["value"].array ?? []
            #expect(environments.contains { $0["name"].string?.hasPrefix("AzureML-sklearn") == true })
        }
    }

    @Test("Deleting an endpoint deletes its deployments and no neighbour's")
    func endpoints() async throws {
        try await ServerBench.with { bench in
            let endpoint: JSON = ["properties": ["authMode": "Key"]]
            try await bench.registerServableModel()
            let deployment: JSON = ["properties": ["endpointComputeType": "Managed", "model": "azureml:m:1"]]
            for name in ["abc", "abcd"] {
                _ = try await bench.send("OnlineEndpoints_CreateOrUpdate", ["name": name], body: endpoint)
                _ = try await bench.send(
                    "OnlineDeployments_CreateOrUpdate", ["parent": name, "name": "blue"], body: deployment)
            }
            _ = try await bench.send("OnlineEndpoints_Delete", ["name": "abc"])
            await #expect(throws: ServiceError.self) {
                try await bench.send("OnlineDeployments_Get", ["parent": "abc", "name": "blue"])
            }
            let left = try await bench.send("OnlineDeployments_Get", ["parent": "abcd", "name": "blue"])
            #expect(left["name"] == "blue")
        }
    }

    @Test(
        "A deployment needs its endpoint",
        arguments: ["OnlineDeployments_CreateOrUpdate", "BatchDeployments_CreateOrUpdate"])
    func orphans(operation: String) async throws {
        try await ServerBench.with { bench in
            let isOnline = operation.hasPrefix("Online")
            let model: JSON = ["model": ["referenceType": "Id", "assetId": "azureml:m:1"]]
            let properties: JSON = isOnline ? ["endpointComputeType": "Managed"] : model
            let error = try await #require(throws: ServiceError.self) {
                try await bench.send(operation, ["parent": "none", "name": "blue"], body: ["properties": properties])
            }
            #expect(error.code == .notFound && error.message.contains("\"none\""))
        }
    }

    @Test(
        "Shares of traffic that make no whole, or go to deployments that are not there, are refused",
        arguments: [
            (["blue": 60, "green": 60], "$.properties.traffic"), (["blue": -1, "green": 101], "$.properties.traffic"),
            (["blue": .integer(.max), "green": 1], "$.properties.traffic"), (["blue": 50], "$.properties.traffic"),
            (["blu": 100], "$.properties.traffic.blu"), (["blue": "all"], "$.properties.traffic.blue"),
        ] as [(JSON, String)])
    func refusedTraffic(shares: JSON, target: String) async throws {
        try await Self.withDeployment { bench in
            let error = try await #require(throws: ServiceError.self) { try await Self.send(shares, bench) }
            #expect(error.code == .invalidArgument)
            #expect(error.target == target)
        }
    }

    @Test(
        "Shares of traffic that add up to 0 or 100 are kept",
        arguments: [
            ["blue": 100], ["blue": 0], .emptyObject, ["blue": 100, "later": 0],
        ] as [JSON])
    func traffic(shares: JSON) async throws {
        try await Self.withDeployment { bench in
            let kept = try await Self.send(shares, bench)["properties"]["traffic"]
            #expect(kept == shares)
        }
    }

    private static func send(_ shares: JSON, _ bench: ServerBench) async throws -> JSON {
        let body: JSON = ["properties": ["authMode": "Key", "traffic": shares]]
        return try await bench.send("OnlineEndpoints_CreateOrUpdate", ["name": "abc"], body: body)
    }

    /// A server with an endpoint `abc` and its deployment `blue`.
    private static func withDeployment(_ body: (ServerBench) async throws -> Void) async throws {
        try await ServerBench.with { bench in
            try await bench.registerServableModel()
            _ = try await send(.emptyObject, bench)
            _ = try await bench.send(
                "OnlineDeployments_CreateOrUpdate", ["parent": "abc", "name": "blue"],
                body: ["properties": ["endpointComputeType": "Managed", "model": "azureml:m:1"]])
            try await body(bench)
        }
    }
}
