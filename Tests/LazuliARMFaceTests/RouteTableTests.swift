import LazuliARMFace
import LazuliResources
import Testing

@Suite("The table of routes")
struct RouteTableTests {
    private func route(_ method: String, _ path: String) -> Route {
        Route(method, path, "\(method) \(path)", action: nil) { _ in .status(200) }
    }

    private func table(_ rows: String...) throws -> RouteTable {
        try RouteTable(
            rows.map { row in
                let parts = row.split(separator: " ").map(String.init)
                return route(parts[0], parts[1])
            })
    }

    /// What a request finds: the operation and its places, the other methods, or nothing.
    private func found(_ table: RouteTable, _ method: String, _ path: String) -> String {
        switch table.match(method, path.split(separator: "/").map(String.init)) {
        case .found(let route, let places):
            ([route.operationID] + places.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        case .otherMethods(let methods): "405 " + methods.joined(separator: ",")
        case .none: "404"
        }
    }

    @Test(
        "Fixed segments match without regard to case, places take one segment as it stands",
        arguments: [
            ("GET", "/jobs/MyJob", "GET /jobs/{name} name=MyJob"),
            ("GET", "/JOBS/MyJob", "GET /jobs/{name} name=MyJob"),
            ("GET", "/jobs", "GET /jobs"), ("GET", "/jobs/a/b", "404"), ("GET", "/", "404"), ("GET", "/job", "404"),
            ("DELETE", "/jobs/a", "405 GET,PUT"), ("get", "/jobs/a", "405 GET,PUT"), ("POST", "/jobs", "405 GET"),
            ("POST", "/jobs/a/cancel", "POST /jobs/{name}/cancel name=a"), ("GET", "/jobs/a/cancel", "405 POST"),
            ("POST", "/jobs/a/Cancel", "POST /jobs/{name}/cancel name=a"), ("POST", "/jobs/a/stop", "404"),
        ])
    func matching(method: String, path: String, expected: String) throws {
        let table = try table("GET /jobs", "GET /jobs/{name}", "PUT /jobs/{name}", "POST /jobs/{name}/cancel")
        #expect(found(table, method, path) == expected)
    }

    @Test(
        "A fixed segment goes before a place, and a dead end there leads back to the place",
        arguments: [
            ("/a/fixed", "GET /a/fixed"), ("/a/other", "GET /a/{x} x=other"), ("/a/fixed/b", "GET /a/{x}/b x=fixed"),
            ("/a/fixed/c", "GET /a/fixed/c"), ("/a/Fixed", "GET /a/fixed"), ("/a/fixed/d", "404"),
        ])
    func precedence(path: String, expected: String) throws {
        let table = try table("GET /a/{x}", "GET /a/fixed", "GET /a/{x}/b", "GET /a/fixed/c")
        #expect(found(table, "GET", path) == expected)
    }

    @Test("Rows that share a place may call it differently")
    func names() throws {
        let table = try table("GET /e/{name}", "GET /e/{parent}/d/{name}", "PUT /e/{endpoint}")
        #expect(found(table, "GET", "/e/x") == "GET /e/{name} name=x")
        #expect(found(table, "PUT", "/e/x") == "PUT /e/{endpoint} endpoint=x")
        #expect(found(table, "GET", "/e/x/d/y") == "GET /e/{parent}/d/{name} name=y parent=x")
    }

    @Test(
        "Two rows for one method and path are refused, also when case or the places' names differ",
        arguments: [
            ["GET /a/b", "GET /a/b"], ["GET /a/b", "GET /A/B"], ["GET /a/{x}", "GET /a/{y}"], ["GET /a", "GET /a/"],
        ])
    func overlap(rows: [String]) {
        #expect(throws: ServiceError.self) { try table(rows[0], rows[1]) }
    }

    @Test("One path under two methods is no overlap")
    func methods() throws {
        #expect(try table("GET /a", "PUT /a").routes.count == 2)
    }

    @Test("An empty table finds nothing")
    func empty() throws {
        #expect(found(try RouteTable([]), "GET", "/a") == "404")
    }
}

@Suite("The segments of a path")
struct PathSegmentTests {
    @Test(
        "Segments are decoded one by one: an escaped slash does not part them",
        arguments: [
            ("/a/b", ["a", "b"]), ("/a%20b/c%2Fd", ["a b", "c/d"]), ("//a//b/", ["a", "b"]), ("/", []),
            ("/%C3%A4", ["ä"]),
            ("/a+b", ["a+b"]), ("/...", ["..."]),
        ])
    func decoded(path: String, segments: [String]) throws {
        #expect(try PathSegments.decoded(path) == segments)
    }

    @Test(
        "Segments that climb, that are no UTF-8 or hold a NUL are refused",
        arguments: [
            "/a/..", "/../a", "/%2e%2e/a", "/%2E./a", "/./a", "/%2e", "/%ff", "/%zz", "/%", "/a%00b",
        ])
    func refused(path: String) throws {
        let error = try #require(throws: ServiceError.self) { try PathSegments.decoded(path) }
        #expect(error.code == .invalidArgument)
    }
}
