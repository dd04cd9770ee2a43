import Testing

@testable import LazuliScoringFace

@Suite("Cutting a connection's bytes into requests")
struct RequestReaderTests {
    private static let plain = "POST /score HTTP/1.1\r\nContent-Length: 5\r\n"
    private static let chunked = "POST /score HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    private static let many =
        "GET /a HTTP/1.1\r\n\r\n\(plain)\r\nhello\(chunked)\r\n3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
        + "GET /b HTTP/1.0\r\n\r\n"
    private static let manySteps: [ReadStep] = [
        .request(head: "GET /a HTTP/1.1\r\n", body: ""), .request(head: plain, body: "hello"),
        .request(head: chunked, body: "abcde"), .request(head: "GET /b HTTP/1.0\r\n", body: ""),
    ]

    @Test("Requests are the same in however small pieces they arrive", arguments: [1, 2, 3, 5, 7, 16, 61, 1_000])
    func pieces(length: Int) {
        #expect(RequestReader.steps(Self.many, piece: length) == Self.manySteps)
    }

    @Test("A request cut anywhere is not taken for a whole one")
    func cuts() {
        let whole = Self.plain + "\r\nhello"
        for length in 0..<whole.utf8.count {
            let part = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
            #expect(RequestReader.steps(part) == [])
        }
    }

    @Test(
        "Chunks are joined, their extensions and trailers read over",
        arguments: [
            ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("00000a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("2;name\r\n\r\n\r\n0;last\r\n\r\n", "\r\n"),
            ("1 ;a=b\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n", "x"),
        ])
    func chunks(body: String, joined: String) {
        for piece in [1, 1_000] {
            #expect(
                RequestReader.steps(Self.chunked + "\r\n" + body, piece: piece)
                    == [.request(head: Self.chunked, body: joined)])
        }
    }

    @Test(
        "Chunks that cannot be read are refused",
        arguments: ["\r\n", "x\r\n", "-1\r\n", "+1\r\nx\r\n", "3\r\nabcd\r\n", "3\r\nabc0\r\n\r\n", "123456789\r\n"])
    func brokenChunks(body: String) {
        for piece in [1, 1_000] {
            let last = RequestReader.steps(Self.chunked + "\r\n" + body, piece: piece).last
            #expect(last == .refused(400))
        }
    }

    @Test("A chunk's line that never ends is refused before it fills the memory")
    func endlessLine() {
        let line = "1;" + String(repeating: "x", count: 8_192)
        #expect(RequestReader.steps(Self.chunked + "\r\n" + line, piece: 1_000) == [.refused(400)])
    }

    @Test("A body at the limit is taken, one above it is refused, by its length and by its chunks")
    func limits() {
        #expect(RequestReader.steps(Self.plain + "\r\nhello", largestBody: 5).count == 1)
        // Before any of the body has come.
        #expect(RequestReader.steps(Self.plain + "\r\n", largestBody: 4) == [.refused(413)])
        let chunks = Self.chunked + "\r\n3\r\nabc\r\n2\r\n"
        #expect(RequestReader.steps(chunks + "de\r\n0\r\n\r\n", largestBody: 5).count == 1)
        #expect(RequestReader.steps(chunks, largestBody: 4) == [.refused(413)])
    }

    @Test("A head of 64 KiB is taken and a longer one refused, in one piece or in many")
    func longHeads() {
        func head(_ length: Int) -> String {
            let line = "GET / HTTP/1.1\r\nX: ", end = "\r\n"
            return line + String(repeating: "x", count: length - line.utf8.count - end.utf8.count) + end
        }
        for piece in [4_096, 1 << 20] {
            #expect(RequestReader.steps(head(RequestReader.largestHead) + "\r\n", piece: piece).count == 1)
            #expect(
                RequestReader.steps(head(RequestReader.largestHead + 1) + "\r\n", piece: piece) == [.refused(431)])
            #expect(RequestReader.steps(head(RequestReader.largestHead + 9), piece: piece) == [.refused(431)])
        }
    }

    @Test("A client that asks whether to go on is told once, and not when the body is there already")
    func goingOn() {
        let head = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
        let request = ReadStep.request(head: head, body: "abc")
        #expect(RequestReader.steps(head + "\r\nabc", piece: 1) == [.goOn, request])
        #expect(RequestReader.steps(head + "\r\nabc") == [request])
        #expect(RequestReader.steps(head + "\r\nabc" + head + "\r\nabc", piece: 1) == [.goOn, request, .goOn, request])
        #expect(RequestReader.steps(head + "\r\n", largestBody: 2) == [.refused(413)])
    }

    @Test("A head that cannot be read is refused")
    func malformed() {
        #expect(RequestReader.steps("GET / HTTP/3\r\n\r\n") == [.refused(400)])
    }
}
