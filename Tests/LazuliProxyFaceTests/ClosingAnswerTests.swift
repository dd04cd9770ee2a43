import NIOCore
import Testing

@testable import LazuliProxyFace

@Suite("Answers to plain requests")
struct ClosingAnswerTests {
    /// What a client gets of an answer that comes in pieces.
    private func sent(_ pieces: [String]) -> String {
        var answer = ClosingAnswer()
        let parts = pieces.map { String(buffer: answer.take(ByteBuffer(string: $0))) }
        return parts.joined() + String(buffer: answer.rest())
    }

    private static let whole = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX: y\r\n\r\nbody\r\n\r\nmore"
    private static let told = "HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n\r\nbody\r\n\r\nmore"

    @Test("The client is told that the connection ends, however the answer is cut")
    func told() {
        #expect(sent([Self.whole]) == Self.told)
        #expect(sent(Self.whole.map { String($0) }) == Self.told)
    }

    @Test("What comes before the answer itself is left as it is")
    func interim() {
        #expect(sent(["HTTP/1.1 100 Continue\r\n\r\n" + Self.whole]) == "HTTP/1.1 100 Continue\r\n\r\n" + Self.told)
    }

    @Test("What is no answer is passed on")
    func other() { #expect(sent(["no head", " at all"]) == "no head at all") }
}
