import NIOCore
import Testing

@testable import LazuliScoringFace

@Suite("Frames to and from hosts")
struct HostFrameTests {
    private func call(_ head: String, below rest: String, body: String = "") throws -> ScoringCall {
        let raw = try RawRequest(head, body: body)
        let path = try #require(raw.text(raw.head.path))
        let start = raw.head.path.lowerBound + path.utf8.count - rest.utf8.count
        return ScoringCall(raw, pathStart: start, requestID: .own(7), received: .now(), client: nil)
    }

    private func frame(_ call: ScoringCall, id: UInt32 = 9) -> ByteBuffer {
        var buffer = ByteBuffer()
        HostFrame.writeScore(call, id: id, to: &buffer)
        return buffer
    }

    private func head(_ call: ScoringCall) throws -> String {
        var buffer = frame(call)
        buffer.moveReaderIndex(forwardBy: 12)
        let length = buffer.readInteger(endianness: .little, as: UInt32.self)
        #expect(length.map(Int.init) == buffer.readableBytes)
        return buffer.text
    }

    private func reply(_ id: UInt32, _ status: UInt16, head: String, body: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        let length = UInt32(12 + head.utf8.count + body.utf8.count)
        buffer.writeMultipleIntegers(length, id, status, UInt16(0), UInt32(head.utf8.count), endianness: .little)
        buffer.writeString(head + body)
        return buffer
    }

    // MARK: - Requests

    @Test("A frame says its lengths, its id and its kind; the body follows as it is")
    func layout() throws {
        let call = try call("POST /endpoints/e/score HTTP/1.1\r\n", below: "/score", body: "hello")
        var buffer = frame(call, id: 0xA0B0_C0D0)
        let head = "POST /score HTTP/1.1\r\nx-ms-request-id: \(call.requestID.text)\r\n"
        let numbers = (0..<4).map { _ in buffer.readInteger(endianness: .little, as: UInt32.self) ?? 0 }
        #expect(numbers == [UInt32(12 + head.utf8.count + 5), 0xA0B0_C0D0, 1, UInt32(head.utf8.count)])
        #expect(buffer.text == head)
    }

    @Test("Frames stand behind each other in one buffer")
    func several() throws {
        let call = try call("POST /score HTTP/1.1\r\n", below: "/score")
        var buffer = frame(call)
        let first = buffer
        HostFrame.writeScore(call, id: 9, to: &buffer)
        #expect(buffer.text == first.text + first.text)
    }

    @Test(
        "The path is the one below the endpoint, with its query",
        arguments: [
            ("/endpoints/e/score?x=1", "/score", "/score?x=1"), ("/endpoints/e", "", "/"),
            ("/endpoints/e?x", "", "/?x"),
            ("http://h:1/endpoints/e/v2/m", "/v2/m", "/v2/m"), ("/score", "/score", "/score"),
        ])
    func paths(target: String, rest: String, expected: String) throws {
        let head = try head(call("POST \(target) HTTP/1.1\r\nHost: h\r\n", below: rest))
        #expect(head.hasPrefix("POST \(expected) HTTP/1.1\r\nHost: h\r\n"))
    }

    @Test("Credentials are left out wherever they stand, and nothing else is")
    func credentials() throws {
        for lines in [
            ["Authorization: Bearer key", "Host: h", "X: y"], ["Host: h", "aUTHORIZATION:Bearer key", "X: y"],
            ["Host: h", "X: y", "Authorization: Bearer key"],
        ] {
            let text = "POST /score HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined()
            let head = try head(call(text, below: "/score"))
            #expect(head.hasPrefix("POST /score HTTP/1.1\r\nHost: h\r\nX: y\r\nx-ms-request-id: "))
            #expect(!head.lowercased().contains("authorization") && !head.contains("key"))
        }
    }

    @Test("A request that has a name of its own keeps it, and gets no second")
    func ownName() throws {
        let text = "POST /score HTTP/1.1\r\nX-Ms-Request-Id: mine\r\n"
        #expect(try head(call(text, below: "/score")) == text)
    }

    @Test("A question for the description has neither head nor body")
    func describing() {
        var buffer = ByteBuffer()
        HostFrame.writeDescribe(id: 3, to: &buffer)
        #expect(Array(buffer.readableBytesView) == [12, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    }

    // MARK: - Replies

    @Test("Replies are read wherever their bytes are split")
    func splitting() throws {
        var whole = reply(1, 200, head: "", body: "[1]")
        whole.writeImmutableBuffer(reply(.max, 500, head: "A: b\r\n", body: ""))
        whole.writeImmutableBuffer(reply(3, 204, head: "", body: ""))
        for piece in 1...whole.readableBytes {
            var rest = whole, buffer = ByteBuffer(), replies: [HostFrame.Reply] = []
            while var part = rest.readSlice(length: min(piece, rest.readableBytes)), part.readableBytes > 0 {
                buffer.writeBuffer(&part)
                while let reply = try HostFrame.nextReply(&buffer) { replies.append(reply) }
            }
            #expect(replies.map(\.id) == [1, .max, 3])
            #expect(replies.map(\.status) == [200, 500, 204])
            #expect(replies.map(\.head.text) == ["", "A: b\r\n", ""])
            #expect(replies.map(\.body.text) == ["[1]", "", ""])
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test(
        "Lengths that cannot be are refused, before anything is waited for",
        arguments: [(0, 0), (11, 0), (UInt32.max, 0), (600 << 20, 0)] as [(UInt32, UInt32)])
    func lengths(length: UInt32, head: UInt32) {
        var buffer = ByteBuffer()
        buffer.writeInteger(length, endianness: .little)
        #expect(throws: HostFrame.Malformed.self) { try HostFrame.nextReply(&buffer) }
    }

    @Test("A head that is longer than its frame is refused")
    func longHead() {
        for head: UInt32 in [4, 5, .max] {
            var buffer = ByteBuffer()
            buffer.writeMultipleIntegers(UInt32(15), 1 as UInt32, 200 as UInt32, head, endianness: .little)
            buffer.writeString("abc")
            #expect(throws: HostFrame.Malformed.self) { try HostFrame.nextReply(&buffer) }
        }
    }
}
