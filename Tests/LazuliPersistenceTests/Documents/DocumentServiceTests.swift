import GRDB
import LazuliConformance
import LazuliPersistence
import LazuliResources
import Testing

@Suite("The service of a document kind")
struct DocumentServiceTests {
    private func call(
        _ name: String, version: String? = nil, body: JSON = .null, workspace: String = "ws"
    ) -> Call {
        var parameters = ["subscription": "sub", "resourceGroup": "group", "workspace": workspace, "name": name]
        parameters["version"] = version
        return Call(
            parameters: parameters, body: body, caller: Caller(objectID: "id", name: "ada"),
            baseURL: "https://localhost:1")
    }

    private func json(_ reply: Reply) throws -> JSON {
        switch reply.body {
        case .none: .null
        case .json(let json): json
        case .text(let bytes): try JSON(parsing: bytes)
        }
    }

    @Test("A kind without versions conforms")
    func named() async throws {
        try await withTemporaryDatabase { try await DocumentKindConformance(ToyKinds.boats($0)).run() }
    }

    @Test("A kind with versions conforms")
    func versioned() async throws {
        try await withTemporaryDatabase { try await DocumentKindConformance(ToyKinds.maps($0)).run() }
    }

    @Test("Resources of one workspace are not seen in another; the names of workspaces ignore case")
    func workspaces() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            _ = try await boats.put(call("a", body: ["properties": ["length": 1]]))
            #expect(try await boats.get(call("a", workspace: "WS")).status == 200)
            let error = try await #require(throws: ServiceError.self) {
                try await boats.get(call("a", workspace: "other"))
            }
            #expect(error.code == .notFound)
            #expect(try json(try await boats.list(call("", workspace: "other")))["value"] == [])
        }
    }

    @Test("What the server says of a resource is not the client's to set")
    func readOnly() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            let body: JSON = [
                "id": "forged", "name": "forged", "type": "forged", "systemData": ["createdBy": "eve"],
                "properties": ["length": 1, "state": "sunk"],
            ]
            let shown = try json(try await boats.put(call("a", body: body)))
            #expect(shown["name"] == "a")
            #expect(shown["systemData"]["createdBy"] == "ada")
            #expect(shown["properties"] == ["length": 1])
        }
    }

    @Test("A change made past the service is seen by the next read, as one made by it is")
    func keptAnswers() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            func length() async throws -> JSON { try json(try await boats.get(call("a")))["properties"]["length"] }
            _ = try await boats.put(call("a", body: ["properties": ["length": 1]]))
            #expect(try await length() == 1)
            _ = try await boats.put(call("a", body: ["properties": ["length": 2]]))
            #expect(try await length() == 2)
            let key = try boats.kind.key(for: call("a"))
            try await database.write { database in
                let body: JSON = ["properties": ["length": 3]]
                _ = try DocumentTable.upsert(.init(key: key, body: body, by: "ada", at: 0), database)
            }
            #expect(try await length() == 3)
            await #expect(throws: CancellationError.self) {
                try await database.write { database in
                    try database.execute(sql: "DELETE FROM document")
                    throw CancellationError()
                }
            }
            #expect(try await length() == 3)
            _ = try await boats.delete(call("a"))
            await #expect(throws: ServiceError.self) { try await boats.get(call("a")) }
        }
    }

    @Test("Enum words are stored in one spelling")
    func words() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            let reply = try await boats.put(call("a", body: ["properties": ["length": 1, "colour": "bLUE"]]))
            #expect(try json(reply)["properties"]["colour"] == "Blue")
        }
    }

    @Test("A patch overlays objects, replaces arrays and values, and removes with null")
    func overlay() {
        let stored: JSON = ["a": ["b": 1, "c": [1, 2]], "d": "x"]
        #expect(stored.overlaid(with: ["a": ["c": [3]], "d": nil]) == ["a": ["b": 1, "c": [3]]])
        #expect(stored.overlaid(with: ["d": ["e": nil, "f": 1]])["d"] == ["f": 1])
        #expect(stored.overlaid(with: "whole") == "whole")
        #expect(stored.overlaid(with: .emptyObject) == stored)
    }

    @Test("A step that fails while writing leaves nothing behind")
    func failingBehaviour() async throws {
        try await withTemporaryDatabase { database in
            var behaviour = DocumentBehaviour()
            behaviour.write = { _, _, _, _, _ in throw ServiceError(.conflict, "No.") }
            let boats = DocumentService(
                ToyKinds.boats, database: database, clock: ToyKinds.clock, behaviour: behaviour)
            await #expect(throws: ServiceError.self) {
                try await boats.put(call("a", body: ["properties": ["length": 1]]))
            }
            await #expect(throws: ServiceError.self) { try await boats.get(call("a")) }
        }
    }

    @Test("The next page's link is absolute and keeps the query")
    func links() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            for name in ["a", "b"] { _ = try await boats.put(call(name, body: ["properties": ["length": 1]])) }
            var asked = call("")
            asked.query = ["$top": "1", "listviewtype": "All", "tag": "a b&c", "api-version": "2025"]
            let link = try #require(try json(try await boats.list(asked))["nextLink"].string)
            let scope = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "ws")
            #expect(link.hasPrefix("https://localhost:1\(scope.id)/boats?"))
            #expect(link.contains("tag=a%20b%26c"))
            #expect(link.contains("$skip="))
            #expect(!link.contains("api-version"))
        }
    }

    @Test(
        "Texts are escaped for queries byte by byte",
        arguments: [
            ("abcXYZ019-._~", "abcXYZ019-._~"), ("a b", "a%20b"), ("é", "%C3%A9"), ("&=+?/#%", "%26%3D%2B%3F%2F%23%25"),
            ("\u{1}", "%01"), ("", ""),
        ])
    func percentEncoding(text: String, encoded: String) {
        #expect(text.percentEncodedForQuery == encoded)
    }

    @Test("Patches that arrive together are all kept")
    func concurrentPatches() async throws {
        try await withTemporaryDatabase { database in
            let boats = ToyKinds.service(ToyKinds.boats, database)
            _ = try await boats.put(call("a", body: ["properties": ["length": 1], "tags": .emptyObject]))
            let patches = (0..<50).map {
                call("a", body: ["tags": .object(JSONObject([("t\($0)", JSON.string("x"))]))])
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for patch in patches { group.addTask { _ = try await boats.patch(patch) } }
                try await group.waitForAll()
            }
            let tags = try json(try await boats.get(call("a")))["tags"].object?.count
            #expect(tags == 50)
        }
    }

    @Test(
        "Each operation has its name and its action",
        arguments: [
            ("GET", "Maps_GetVersion", "maps/versions/read"),
            ("PUT", "Maps_CreateOrUpdateVersion", "maps/versions/write"),
            ("PATCH", "Maps_UpdateVersion", "maps/versions/write"),
            ("DELETE", "Maps_DeleteVersion", "maps/versions/delete"),
        ])
    func operations(method: String, operation: String, action: String) async throws {
        try await withTemporaryDatabase { database in
            let routes = ToyKinds.service(ToyKinds.maps, database).routes()
            let route = try #require(routes.first { $0.operationID == operation })
            #expect(route.method == method)
            #expect(route.action == "Microsoft.MachineLearningServices/workspaces/\(action)")
        }
    }
}
