import NIOCore
import Testing

@testable import LazuliProxyFace

@Suite("What a client of the proxy asks for")
struct ProxyHeadTests {
    private func buffer(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("A head is taken whole, and what stands behind it is left")
    func whole() throws {
        var bytes = buffer("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\nrest")
        let head = try #require(try ProxyHead.take(from: &bytes))
        #expect(head.method == "CONNECT" && head.target == "a:443")
        #expect(head.headers == [.init(name: "Host", value: "a:443")])
        #expect(String(buffer: bytes) == "rest")
    }

    @Test("Half a head is waited for")
    func half() throws {
        var bytes = buffer("CONNECT a:443 HTTP/1.1\r\nHost")
        #expect(try ProxyHead.take(from: &bytes) == nil)
        #expect(bytes.readableBytes > 0)
    }

    @Test(
        "What is no request of HTTP/1 is told so", arguments: ["\u{16}\u{3}\u{1}\r\n\r\n", "GET /\r\n\r\n", "\r\n\r\n"])
    func noRequest(text: String) {
        #expect(throws: ProxyProblem.self) {
            var bytes = buffer(text)
            return try ProxyHead.take(from: &bytes)
        }
    }

    @Test("A head without an end is refused")
    func endless() {
        #expect(throws: ProxyProblem.self) {
            var bytes = buffer(String(repeating: "x", count: ProxyHead.largest + 1))
            return try ProxyHead.take(from: &bytes)
        }
    }

    @Test("An origin reads its own path, its host, and nothing that was between client and proxy")
    func forwarded() throws {
        var bytes = buffer("GET http://a.b/c?d=e HTTP/1.1\r\nHost: a.b\r\nProxy-Connection: keep-alive\r\nX: y\r\n\r\n")
        let head = try #require(try ProxyHead.take(from: &bytes))
        let address = try #require(PlainAddress(head.target))
        let text = "GET /c?d=e HTTP/1.1\r\nHost: a.b\r\nX: y\r\nConnection: close\r\n\r\n"
        #expect(String(buffer: head.forwarded(to: address)) == text)
    }
}
