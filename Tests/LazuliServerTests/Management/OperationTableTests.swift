import LazuliResources
import Testing

@Suite("The table of operations")
struct OperationTableTests {
    /// Roles are assigned at four scopes by one operation each, as the published specification has it.
    @Test("Every operation has a name of its own")
    func names() async throws {
        try await ServerBench.with { bench in
            let routes = bench.routes.filter { !$0.path.contains("/Microsoft.Authorization/") }
            let names = routes.map(\.operationID)
            #expect(names.count > 100)
            let repeated = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
            #expect(repeated == [])
        }
    }

    @Test("Every call below a workspace needs an action")
    func actions() async throws {
        try await ServerBench.with { bench in
            let open = bench.routes.filter { $0.path.contains("{workspace}") && $0.action == nil }.map(\.operationID)
            #expect(open == [])
        }
    }

    @Test("What is not built says so, whatever is sent to it")
    func notBuilt() async throws {
        try await ServerBench.with { bench in
            let routes = bench.routes.filter { $0.coverage == .notBuilt }
            #expect(!routes.isEmpty)
            for route in routes {
                let error = await #expect(throws: ServiceError.self) {
                    try await route.handle(bench.call(route, body: .emptyObject))
                }
                #expect(error?.code == .notImplemented, "\(route.operationID)")
                #expect(error?.message.hasSuffix(".") == true, "\(route.operationID)")
            }
        }
    }

    private static let bodies: [JSON] = [
        .null, true, 1, -1.5, "x", .array([]), .emptyObject, ["properties": nil], ["properties": []],
        ["properties": "x"],
        ["properties": .emptyObject], ["properties": ["properties": [1]]], ["tags": [1], "properties": ["tags": "x"]],
        ["properties": ["isArchived": "maybe", "isDefault": 3, "jobType": 1, "computeType": [], "dataType": nil]],
        ["properties": ["isArchived": true]], ["x": ["y": ["z": nil]]], .array([["properties": .emptyObject]]),
        ["keyType": 1, "pendingUploadType": [], "expirableSecret": "x", "first": "x"],
    ]

    @Test("No body of another form makes any operation fail by its own fault")
    func oddBodies() async throws {
        try await ServerBench.with { bench in
            for route in bench.lasting where route.method != "GET" {
                for body in Self.bodies {
                    do {
                        let reply = try await route.handle(bench.call(route, body: body))
                        #expect(reply.status < 500, "\(route.operationID) \(body.text)")
                    } catch let error as ServiceError {
                        #expect(error.code != .internalError, "\(route.operationID) \(body.text): \(error.message)")
                    } catch {
                        Issue.record("\(route.operationID) \(body.text): \(error)")
                    }
                }
            }
        }
    }

    @Test(
        "No odd name makes any operation fail by its own fault",
        arguments: [
            "..", "a/b", "", "a\u{0}b", "'; DROP TABLE document; --", "%2e%2e", "ü😀", "latest", "9223372036854775808",
            "-1",
        ])
    func oddNames(name: String) async throws {
        try await ServerBench.with { bench in
            let places = ["name": name, "version": name, "parent": name, "id": name, "run": name, "job": name]
            for route in bench.lasting {
                do {
                    _ = try await route.handle(bench.call(route, places, body: .emptyObject))
                } catch let error as ServiceError {
                    #expect(error.code != .internalError, "\(route.operationID): \(error.message)")
                } catch {
                    Issue.record("\(route.operationID): \(error)")
                }
            }
        }
    }
}

extension ServerBench {
    /// All routes but those after which there is no workspace left to ask.
    fileprivate var lasting: [Route] {
        routes.filter { !["Workspaces_Delete", "ResourceGroups_Delete"].contains($0.operationID) }
    }
}
