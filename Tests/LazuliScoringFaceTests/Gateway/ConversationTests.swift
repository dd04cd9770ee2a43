import LazuliEndpoints
import LazuliResources
import NIOCore
import Testing

@testable import LazuliScoringFace

@Suite("The gateway in conversation with clients")
struct ConversationTests {
    // MARK: - Scoring

    @Test("A request reaches the host below its endpoint and without credentials, and its answer comes back whole")
    func whole() async throws {
        let reply = FakeReplica.Deed.answer(status: 201, head: "Content-Type: text/csv\r\nX-Own: 1\r\n", body: "a,b\n")
        try await GatewayBench.withReplica(.init(), { _ in reply }) { bench, replica in
            let answer = try await bench.ask(
                GatewayBench.score(
                    "[1]", ["x-ms-client-request-id: c1", "Origin: http://a", "Content-Type: application/json"],
                    at: "/endpoints/e/score?x=1"))
            #expect(answer.status == 201 && answer.body == "a,b\n")
            #expect(answer.headers["content-type"] == "text/csv" && answer.headers["x-own"] == "1")
            #expect(answer.headers["azureml-model-deployment"] == "blue")
            #expect(answer.headers["x-ms-client-request-id"] == "c1")
            #expect(answer.headers["access-control-allow-origin"] == "*")
            for await request in replica.arrivals.prefix(1) {
                #expect(request.body == "[1]")
                #expect(request.head.hasPrefix("POST /score?x=1 HTTP/1.1\r\n") && !request.head.contains("Bearer"))
                #expect(request.head.contains("x-ms-request-id: \(answer.headers["x-ms-request-id"] ?? "?")\r\n"))
            }
        }
    }

    @Test("A host without a head answers JSON")
    func noHead() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let answer = try await bench.ask(GatewayBench.score("{}", ["x-ms-request-id: mine"]))
            #expect(answer.headers["content-type"] == "application/json" && answer.body == "[]")
            #expect(answer.headers["x-ms-request-id"] == "mine")
        }
    }

    @Test("An endpoint is found by its name in any case, and by Azure's name of its host")
    func addresses() async throws {
        try await GatewayBench.withReplica { bench, replica in
            let host = "Host: e.westeurope.inference.ml.azure.com"
            for text in [GatewayBench.score(at: "/endpoints/E/score"), GatewayBench.score("{}", [host], at: "/score")] {
                let answer = try await bench.ask(text)
                #expect(answer.status == 200)
            }
            for await request in replica.arrivals.prefix(2) { #expect(request.head.hasPrefix("POST /score HTTP/1.1")) }
        }
    }

    @Test("A packed body reaches the host unpacked; a coding that is unknown or a body that is broken is refused")
    func codings() async throws {
        try await GatewayBench.withReplica { bench, replica in
            let packed = try #require(
                Hexadecimal.bytes("1f8b0800000000000203ab56aa50b2528836d45130d251308ead0500e60734c810000000"))
            func ask(_ coding: String, _ body: [UInt8]) async throws -> Int {
                let client = try await bench.client()
                var bytes = ByteBuffer(
                    string:
                        "POST /endpoints/e/score HTTP/1.1\r\nAuthorization: Bearer key\r\nContent-Encoding: \(coding)\r\n"
                        + "Content-Length: \(body.count)\r\n\r\n")
                bytes.writeBytes(body)
                try await client.send(bytes)
                return try await client.answer().status
            }
            #expect(try await ask("gzip", packed) == 200)
            for await request in replica.arrivals.prefix(1) { #expect(request.body == #"{"x": [1, 2, 3]}"#) }
            #expect(try await ask("identity", Array("{}".utf8)) == 200)
            #expect(try await ask("br", packed) == 400)
            #expect(try await ask("gzip", packed.dropLast(12)) == 400)
        }
    }

    // MARK: - Who may

    @Test("Each key of an endpoint opens it, in any case of `Bearer`; nothing else does")
    func keys() async throws {
        try await GatewayBench.withReplica { bench, replica in
            for key in ["key", "second"] { #expect(try await bench.ask(GatewayBench.score(key: key)).status == 200) }
            let small = try await bench.ask(GatewayBench.score("{}", ["authorization: bearer key"], key: nil))
            #expect(small.status == 200)
            for key in ["wrong", "ke", "keyy", "", "key second"] {
                let answer = try await bench.ask(GatewayBench.score(key: key))
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer", "\(key)")
            }
            let bare = try await bench.ask(GatewayBench.score(key: nil))
            #expect(bare.status == 401 && bare.body.contains("get-credentials -n e"))
            try await replica.end()
            #expect(await replica.arrivals.reduce(0) { count, _ in count + 1 } == 3)
        }
    }

    @Test("An endpoint of tokens takes its own while they last")
    func tokens() async throws {
        try await GatewayBench.withReplica { bench, replica in
            let tokens = EndpointTokens(secret: "s", endpoint: "e"), later = Int(WallClock.system.now() / 1000) + 600
            await bench.publish([bench.deployment("blue", [replica])], access: .tokens(tokens))
            let good = GatewayBench.score(key: tokens.token(expiry: later))
            // The second time it is known.
            for _ in 0..<2 { #expect(try await bench.ask(good).status == 200) }
            let old = try await bench.ask(GatewayBench.score(key: tokens.token(expiry: later - 1_200)))
            #expect(old.status == 401 && old.body.contains("expired"))
            let foreign = EndpointTokens(secret: "s", endpoint: "f").token(expiry: later)
            #expect(try await bench.ask(GatewayBench.score(key: foreign)).status == 401)
        }
    }

    @Test("An endpoint of the directory asks for the caller's role")
    func roles() async throws {
        try await GatewayBench.withReplica { bench, replica in
            await bench.publish([bench.deployment("blue", [replica])], access: .directory)
            for (key, status) in [("user-ada", 200), ("user-ada", 200), ("user-bob", 403), ("nobody", 401)] {
                let answer = try await bench.ask(GatewayBench.score(key: key))
                #expect(answer.status == status, "\(key)")
            }
        }
    }

    // MARK: - Connections

    @Test("TLS and plain HTTP are spoken on one port")
    func security() async throws {
        try await GatewayBench.withReplica { bench, _ in
            for isSecure in [true, false, true] {
                let client = try await bench.client(tls: isSecure)
                for _ in 0..<2 { #expect(try await client.ask(GatewayBench.score()).status == 200) }
            }
        }
    }

    @Test("A connection of HTTP/1.0 ends with its answer unless the client asks to keep it")
    func oldHTTP() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let once = try await bench.client()
            let answer = try await once.ask(GatewayBench.score(version: "1.0"))
            #expect(answer.status == 200 && answer.headers["connection"] == "close")
            #expect(await once.rest() == "")
            let kept = try await bench.client()
            for _ in 0..<2 {
                let answer = try await kept.ask(GatewayBench.score("{}", ["Connection: keep-alive"], version: "1.0"))
                #expect(answer.status == 200 && answer.headers["connection"] == "keep-alive")
            }
        }
    }

    @Test("A connection of HTTP/1.1 stays until the client wants it closed")
    func newHTTP() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let client = try await bench.client()
            #expect(try await client.ask(GatewayBench.score()).headers["connection"] == nil)
            #expect(
                try await client.ask(GatewayBench.score("{}", ["Connection: close"])).headers["connection"] == "close")
            #expect(await client.rest() == "")
        }
    }

    @Test("Thousands of requests that come at once are answered one after the other")
    func pipelined() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let client = try await bench.client()
            try await client.send(String(repeating: GatewayBench.get("/endpoints/e/"), count: 5_000))
            for _ in 0..<5_000 { #expect(try await client.answer().status == 200) }
        }
    }

    @Test("A client that sends more than is read ahead while it waits loses nothing")
    func readAhead() async throws {
        try await GatewayBench.withReplica(.init(), { $0.number == 0 ? .hold : .answer(body: $0.body) }) {
            bench, replica in
            let client = try await bench.client()
            let large = "\"" + String(repeating: "x", count: 300_000) + "\""
            client.write(GatewayBench.score() + String(repeating: GatewayBench.score(large), count: 3))
            for await _ in replica.arrivals.prefix(1) {}
            try await replica.release()
            #expect(try await client.answer().body == "[]")
            for _ in 0..<3 { #expect(try await client.answer().body == large) }
        }
    }

    @Test("A client that has said all it wants to say gets every answer it asked for")
    func halfClosed() async throws {
        try await GatewayBench.withReplica(.init(), { _ in .hold }) { bench, replica in
            let client = try await bench.client()
            try await client.send(String(repeating: GatewayBench.score(), count: 3) + "POST /half")
            try await client.finishSending()
            for await _ in replica.arrivals.prefix(1) {}
            try await replica.release()
            for _ in 0..<3 { #expect(try await client.answer().status == 200) }
            #expect(await client.rest() == "")
        }
    }

    @Test("What follows a request that was refused is read over, not taken for another")
    func refused() async throws {
        try await GatewayBench.withReplica(.init(largestBody: 100)) { bench, replica in
            let body = GatewayBench.score()
            for text in [
                "POST /endpoints/e/score HTTP/1.1\r\nAuthorization: Bearer key\r\nContent-Length: 101\r\n\r\n",
                "POST /endpoints/e/score HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                GatewayBench.score("{}", ["Connection: close"]),
            ] {
                let client = try await bench.client()
                try await client.send(text)
                // Once the answer is there the rest comes in a piece of its own.
                let answer = try await client.answer()
                #expect([413, 400, 200].contains(answer.status) && answer.headers["connection"] == "close")
                try? await client.send(body)
                #expect(await client.rest() == "")
            }
            try await replica.end()
            #expect(await replica.arrivals.reduce(0) { count, _ in count + 1 } == 1)
        }
    }

    @Test("A client that asks whether to go on is told, and answered")
    func goingOn() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let client = try await bench.client()
            let text = GatewayBench.score("[1, 2]", ["Expect: 100-continue"])
            try await client.send(String(text.dropLast(6)))
            #expect(try await client.answer().status == 100)
            #expect(try await client.ask("[1, 2]").status == 200)
        }
    }

    @Test(
        "A client that is too slow is told and left, in its head as in its body",
        arguments: ["POST /endpoints/e/score HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"])
    func slow(text: String) async throws {
        try await GatewayBench.with(.init(patience: Self.patience(idle: 20_000))) { bench in
            let client = try await bench.client()
            #expect(try await client.ask(text).status == 408)
            #expect(await client.rest() == "")
        }
    }

    @Test("A connection on which nothing happens is closed without a word, and one that waits for an answer is not")
    func idle() async throws {
        var patience = Self.patience(idle: 3_000)
        // The request itself may take its time to arrive on a busy machine.
        patience.head = .seconds(60)
        try await GatewayBench.withReplica(.init(patience: patience), { _ in .hold }) {
            bench, replica in
            let busy = try await bench.client()
            try await busy.send(GatewayBench.score())
            for await _ in replica.arrivals.prefix(1) {}
            #expect(await (try bench.client()).rest() == "")
            try await replica.release()
            #expect(try await busy.answer().status == 200)
        }
    }

    /// - Parameter idle: milliseconds.
    private static func patience(idle: Int64) -> ClientConnection.Patience {
        .init(head: .milliseconds(20), body: .milliseconds(20), idle: .milliseconds(idle), look: .milliseconds(10))
    }

    // MARK: - What is no score

    @Test("Health, document, page, metrics and preflight are answered without a key")
    func open() async throws {
        let described = #"{"openapi": {"input": {"type": "number"}, "paths": ["/v2/x"]}}"#
        try await GatewayBench.withReplica(.init(), { $0.kind == 2 ? .answer(body: described) : .answer() }) {
            bench, _ in
            #expect(try await bench.ask(GatewayBench.get("/endpoints/e/")).body == "Healthy")
            let browser = try await bench.ask(GatewayBench.get("/endpoints/e", ["Accept: text/html"]))
            #expect(browser.status == 302 && browser.headers["location"] == "e/docs/")
            let document = try JSON(
                parsing: Array(try await bench.ask(GatewayBench.get("/endpoints/e/swagger.json")).body.utf8))
            #expect(document["openapi"] == "3.0.3")
            #expect(document["servers"] == [["url": "http://localhost:7703/endpoints/e"]])
            #expect(
                document["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["schema"]
                    == ["type": "number"])
            let older = try await bench.ask(GatewayBench.get("/endpoints/e/swagger.json?version=2"))
            #expect(older.body.contains(#""swagger":"2.0""#))
            let page = try await bench.ask(GatewayBench.get("/endpoints/e/docs/"))
            #expect(page.body == "<p>e</p>" && page.headers["content-type"] == "text/html")
            #expect(try await bench.ask(GatewayBench.get("/endpoints/e/docs/none.js")).status == 404)
            let preflight = try await bench.ask("OPTIONS /endpoints/e/score HTTP/1.1\r\nOrigin: http://a\r\n\r\n")
            #expect(
                preflight.status == 204 && preflight.headers["access-control-allow-methods"] == "GET, POST, OPTIONS")
        }
    }

    @Test("A HEAD is answered by its head alone")
    func headOnly() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let client = try await bench.client()
            try await client.send("HEAD /endpoints/e/ HTTP/1.1\r\n\r\n")
            #expect(try await client.answer(hasBody: false).headers["content-length"] == "7")
            #expect(try await client.ask(GatewayBench.get("/endpoints/e/")).body == "Healthy")
        }
    }

    @Test("An endpoint without an instance that is ready is not healthy")
    func unhealthy() async throws {
        try await GatewayBench.with { bench in
            await bench.publish([bench.deployment("blue", [])])
            let answer = try await bench.ask(GatewayBench.get("/endpoints/e/"))
            #expect(answer.status == 503)
        }
    }

    @Test("What is not there is answered with what is near, or with where to look")
    func nowhere() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let other = try await bench.ask(GatewayBench.get("/endpoints/ee/score"))
            #expect(other.status == 404 && other.body.contains("Did you mean \\\"e\\\"?"), "\(other.body)")
            #expect(try await bench.ask(GatewayBench.get("/elsewhere")).body.contains("/endpoints/<name>/score"))
            #expect(try await bench.ask(GatewayBench.get("/endpoints/e/else")).body.contains("/swagger.json"))
            #expect(try await bench.ask(GatewayBench.get("/")).status == 200)
        }
    }

    @Test("The metrics are what Prometheus reads: each kind described once, each line a name, labels and a number")
    func metrics() async throws {
        try await GatewayBench.withReplica { bench, replica in
            for _ in 0..<3 { #expect(try await bench.ask(GatewayBench.score("[1]")).status == 200) }
            let answer = try await bench.ask(GatewayBench.get("/metrics"))
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = answer.body.split(separator: "\n")
            let labels = #"endpoint="e",deployment="blue""#
            for line in [
                #"lazuli_endpoint_requests_total{\#(labels),status="200"} 3"#,
                "lazuli_endpoint_latency_seconds_count{\(labels)} 3", "lazuli_endpoint_in_flight{\(labels)} 0",
                "lazuli_endpoint_queued{\(labels)} 0", "# TYPE lazuli_endpoint_latency_seconds summary",
            ] { #expect(lines.contains { $0 == line }, "\(line) is not in \(answer.body)") }
            let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
            #expect(Set(types).count == types.count && types.count == 5)
            let form = #/[a-z_]+\{([a-z]+="[^"]*",?)+\} [0-9.e+-]+/#
            for line in lines where !line.hasPrefix("#") { #expect(line.wholeMatch(of: form) != nil, "\(line)") }
            #expect(lines.filter { $0.contains("quantile=") }.count == 4)
        }
    }
}
