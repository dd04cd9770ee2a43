import LazuliResources
import NIOCore
import Testing

@testable import LazuliScoringFace

@Suite("A request on its way")
struct ScoringCallTests {
    private func trace(_ value: String?) throws -> [UInt8] {
        let line = value.map { "traceparent: \($0)\r\n" } ?? ""
        return ScoringCall(
            try RawRequest("POST / HTTP/1.1\r\n\(line)"), pathStart: 5, requestID: .own(1), received: .now(),
            client: nil
        ).trace
    }

    @Test("The trace is the second part of W3C's header")
    func traces() throws {
        let id = "0af7651916cd43dd8448eb211c80319c"
        #expect(try trace("00-\(id)-b7ad6b7169203331-01").hexadecimal == id)
        #expect(try trace("00-\(id)").hexadecimal == id)
    }

    @Test(
        "What is no trace leaves none",
        arguments: [nil, "", "00-abc-def-01", "00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"] as [String?])
    func noTraces(value: String?) throws {
        #expect(try trace(value) == [])
    }

    @Test("A name is a GUID's text, and no two requests share one")
    func names() {
        let numbers: [UInt64] = Array(0..<2_000) + [0xFFFF_FFFF, 0x1_0000_0000, 0xFFFF_FFFF_FFFF, 0x1234_5678_9ABC]
        let texts = numbers.map { RequestID.own($0).text }
        #expect(Set(texts).count == texts.count)
        for text in texts {
            #expect(text.utf8.count == 36)
            #expect(text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(text.allSatisfy { $0 == "-" || $0.isHexDigit && !$0.isUppercase })
        }
        #expect(texts.last?.hasSuffix("-123456789abc") == true)
        #expect(texts[10].hasSuffix("-00000000000a"))
    }

    @Test("The name that a client gave stays as it is")
    func given() {
        #expect(RequestID.given("mine").text == "mine")
        var buffer = ByteBuffer()
        RequestID.given("mine").write(to: &buffer)
        #expect(buffer.text == "mine")
    }

    // MARK: - Bodies

    /// `{"x": [1, 2, 3]}`
    private static let gzip =
        "1f8b0800000000000203ab56aa50b2528836d45130d251308ead0500e60734c810000000"
    private static let deflate = "789cab56aa50b2528836d45130d251308ead050021ff03f5"

    @Test("Bodies are undone by their coding", arguments: [("gzip", gzip), ("x-gzip", gzip), ("deflate", deflate)])
    func codings(coding: String, bytes: String) throws {
        let plain = try BodyCoding.plain(try #require(Hexadecimal.bytes(bytes)), coding, limit: 100)
        #expect(String(decoding: plain, as: UTF8.self) == #"{"x": [1, 2, 3]}"#)
    }

    @Test("A body that unpacks to more than is taken, one that is broken, and a coding that is unknown are refused")
    func refusals() throws {
        let bytes = try #require(Hexadecimal.bytes(Self.gzip))
        #expect(throws: (any Error).self) { try BodyCoding.plain(bytes, "gzip", limit: 5) }
        #expect(throws: (any Error).self) { try BodyCoding.plain(bytes.dropLast(9), "gzip", limit: 100) }
        let error = try #require(throws: ServiceError.self) { try BodyCoding.plain(bytes, "br", limit: 100) }
        #expect(error.message.contains("\"br\"") && error.message.contains("gzip"))
    }
}
