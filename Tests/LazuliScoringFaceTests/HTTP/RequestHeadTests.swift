import Testing

@testable import LazuliScoringFace

@Suite("Heads of requests")
struct RequestHeadTests {
    private func text(_ range: Range<Int>?, of head: String) -> String? {
        range.map { String(decoding: Array(head.utf8)[$0], as: UTF8.self) }
    }

    @Test("A head is read with all that the gateway decides by")
    func whole() throws {
        let head =
            "POST /endpoints/fraud/score?x=1&y HTTP/1.1\r\nHost: localhost:7703\r\nAuthorization: Bearer abc\r\n"
            + "Content-Type: application/json\r\nContent-Length: 12\r\nContent-Encoding:gzip\r\n"
            + "azureml-model-deployment:  blue \t\r\nX-MS-Request-ID: r1\r\nx-ms-client-request-id: c1\r\n"
            + "traceparent: 00-aa-bb-01\r\nOrigin: http://a\r\nAccept: text/html\r\nUser-Agent: curl/8\r\n"
        let read = try RequestHead(text: head)
        #expect(read.method == .post && !read.isOldHTTP && read.keepsAlive && !read.isChunked)
        #expect(text(read.path, of: head) == "/endpoints/fraud/score")
        #expect(text(read.query, of: head) == "x=1&y")
        #expect(read.contentLength == 12)
        #expect(text(read.authorizationLine, of: head) == "Authorization: Bearer abc\r\n")
        let values = read.values
        let found = [
            values.host, values.authorization, values.contentEncoding, values.deployment, values.requestID,
            values.clientRequestID, values.trace, values.origin, values.accept, values.userAgent,
        ].map { text($0, of: head) }
        #expect(
            found == [
                "localhost:7703", "Bearer abc", "gzip", "blue", "r1", "c1", "00-aa-bb-01", "http://a", "text/html",
                "curl/8",
            ])
    }

    @Test("Names of headers are known in any case, and no others are taken for them")
    func names() throws {
        let head = try RequestHead(
            text:
                "GET / HTTP/1.1\r\nCONTENT-LENGTH: 3\r\nTRANSFER-ENCODINH: chunked\r\nContent_Length: 9\r\nhosT: a\r\n")
        #expect(head.contentLength == 3 && !head.isChunked && head.values.host != nil)
    }

    @Test(
        "The method is one that is known, or another",
        arguments: [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("OPTIONS", .options), ("PUT", .other), ("get", .other),
        ] as [(String, RequestHead.Method)])
    func methods(word: String, method: RequestHead.Method) throws {
        #expect(try RequestHead(text: "\(word) / HTTP/1.1\r\n").method == method)
    }

    @Test(
        "A whole address is read by its path",
        arguments: [
            ("http://fraud.region.inference.ml.azure.com/score", "/score", ""),
            ("https://127.0.0.1:7703/endpoints/a/score?b=c", "/endpoints/a/score", "b=c"), ("/a?", "/a", ""),
            ("/?a?b", "/", "a?b"),
        ])
    func targets(target: String, path: String, query: String) throws {
        let head = "POST \(target) HTTP/1.1\r\n"
        let read = try RequestHead(text: head)
        #expect(text(read.path, of: head) == path)
        #expect(text(read.query, of: head) == query)
        #expect(read.targetStart == 5)
    }

    @Test(
        "A connection stays or goes as its version and its header say",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: Keep-Alive\r\n", true),
            ("1.0", "", false), ("1.0", "Connection: keep-alive\r\n", true), ("1.0", "Connection: close\r\n", false),
        ])
    func connections(version: String, line: String, stays: Bool) throws {
        let head = try RequestHead(text: "GET / HTTP/\(version)\r\n\(line)")
        #expect(head.keepsAlive == stays)
        #expect(head.isOldHTTP == (version == "1.0"))
    }

    @Test("A length may be said twice if it is the same, and chunks may be expected to be asked for")
    func lengths() throws {
        let head = try RequestHead(
            text: "POST / HTTP/1.1\r\nContent-Length: 7\r\nContent-Length: 007\r\nExpect: 100-continue\r\n")
        #expect(head.contentLength == 7 && head.expectsContinue)
        #expect(try RequestHead(text: "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n").isChunked)
        #expect(try RequestHead(text: "POST / HTTP/1.1\r\n").contentLength == nil)
    }

    @Test(
        "What two readers could understand in two ways is refused",
        arguments: [
            "", "\r\n", "GET\r\n", "GET /\r\n", "GET  HTTP/1.1\r\n", "GET / HTTP/1.1", "GET / HTTP/1.1\n",
            "GET / HTTP/1.1\rHost: a\r\n", "GET / HTTP/2.0\r\n", "GET / HTTP/1.2\r\n", "GET / http/1.1\r\n",
            "GET / HTTP/1.1 \r\n", "GET /a b HTTP/1.1\r\n", "GET example HTTP/1.1\r\n", "GET http://a HTTP/1.1\r\n",
            "OPTIONS * HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n", "GET / HTTP/1.1\r\nHost: a\r",
            "GET / HTTP/1.1\r\nHost: a\u{0}b\r\n", "GET / HTTP/1.1\r\n folded\r\n", "GET / HTTP/1.1\r\n\tfolded: a\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n", "GET / HTTP/1.1\r\nHost\t: a\r\n", "GET / HTTP/1.1\r\n: a\r\n",
            "GET / HTTP/1.1\r\nHost\r\n", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
            "GET / HTTP/1.1\r\nContent-Length: \r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n",
            "GET / HTTP/1.1\r\nContent-Length: +1\r\n", "GET / HTTP/1.1\r\nContent-Length: 1,1\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 0x1\r\n", "GET / HTTP/1.1\r\nContent-Length: 9999999999999999\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n",
            "GET / HTTP/1.1\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n",
        ])
    func refusals(head: String) {
        #expect(throws: RequestHead.Malformed.self) { try RequestHead(text: head) }
    }
}
