import LazuliInference
import Testing

@testable import LazuliChildren

@Suite("Frames between gateway and host")
struct FrameTests {
    private func bytes(
        length: UInt32? = nil, head: String = "POST /score HTTP/1.1\r\n", headLength: UInt32? = nil, body: String = "[]"
    ) -> [UInt8] {
        func little(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let content = little(7) + [1, 0, 0, 0] + little(headLength ?? UInt32(head.utf8.count)) + head.utf8 + body.utf8
        return little(length ?? UInt32(content.count)) + content
    }

    private func frame<Result>(_ bytes: [UInt8], _ look: (Frame?) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { look($0.baseAddress.flatMap { Frame($0, bytes.count) }) }
    }

    @Test("tell number, kind, head and body")
    func whole() {
        frame(bytes()) { frame in
            #expect(frame?.id == 7 && frame?.kind == .score && frame?.isValid == true)
            #expect(frame.map { String(decoding: $0.body, as: UTF8.self) } == "[]")
            #expect(frame.map { RequestHead($0.head).isScoring } == true)
        }
    }

    @Test("are waited for until they are whole")
    func partial() {
        let all = bytes()
        for length in 0..<all.count { #expect(frame(Array(all.prefix(length))) { $0 == nil }) }
        #expect(frame(all + [1, 2, 3]) { $0?.size } == all.count)
    }

    @Test("whose lengths contradict each other are no frames")
    func contradictory() {
        #expect(frame(bytes(headLength: 5000)) { $0?.isValid } == false)
        #expect(frame(bytes(length: 3)) { $0?.isValid } == false)
        #expect(frame(bytes(length: .max)) { $0?.isValid } == false)
    }

    @Test("carry HTTP heads, of which path and headers are looked at")
    func heads() {
        let text = "GET /v2/models/m?x=1 HTTP/1.1\r\nHost: a\r\ninference-header-content-length:  12 \r\n"
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            let head = RequestHead(bytes)
            #expect(!head.isScoring && head.target == ("GET", "/v2/models/m"))
            #expect(head.value(of: "Inference-Header-Content-Length").map { $0.prefix(2) } == "12")
            #expect(head.value(of: "Accept") == nil)
        }
    }

    @Test("go out with the lengths of what was written")
    func replies() {
        var buffer = AnswerBuffer()
        let reply = Reply(to: 9, status: 200, head: "A: b\r\n", in: &buffer)
        buffer.append([1, 2, 3])
        reply.finish(&buffer)
        #expect(
            Array(buffer.bytes) == [21, 0, 0, 0, 9, 0, 0, 0, 200, 0, 0, 0, 6, 0, 0, 0] + Array("A: b\r\n".utf8) + [
                1, 2, 3,
            ])
    }
}
