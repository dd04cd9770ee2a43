import NIOCore

/// Cuts the bytes of a connection into requests.
struct RequestReader {
    /// What the bytes so far amount to.
    enum Step {
        case needsMore
        /// The head is there, the body is not: the client wants to be told to go on (RFC 9110, `Expect`).
        case sendContinue
        case request(RawRequest)
        case refused(status: Int, sentence: String)
    }

    static let largestHead = 64 << 10

    private let largestBody: Int
    private var buffer = ByteBuffer()
    /// Bytes of `buffer` in which the head's end was looked for already.
    private var searched = 0
    private var head: (bytes: ByteBuffer, parsed: RequestHead)?
    private var chunks = ChunkReader()
    private var wasContinued = false

    init(largestBody: Int) { self.largestBody = largestBody }

    /// Whether a request has begun and not ended.
    var isInside: Bool { head != nil || buffer.readableBytes > 0 }

    /// Whether the head is in and the body is not.
    var isInsideBody: Bool { head != nil }

    /// Bytes that no request was made of yet.
    var waitingBytes: Int { buffer.readableBytes }

    mutating func append(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
    }

    /// To be called until it needs more.
    mutating func next() -> Step {
        if head == nil {
            let length = headLength()
            guard length ?? buffer.readableBytes <= Self.largestHead else {
                return .refused(status: 431, sentence: "The request's head is longer than 64 KiB.")
            }
            guard let length else { return .needsMore }
            if let refusal = readHead(length) { return refusal }
        }
        guard let head else { return .needsMore }
        return head.parsed.isChunked ? chunked(head.parsed) : counted(head.parsed)
    }

    // MARK: - The head

    /// Bytes of the head without the empty line, once that is there.
    private mutating func headLength() -> Int? {
        let length: Int? = buffer.withUnsafeReadableBytes { bytes in
            var place = max(0, searched - 3)
            while place + 3 < bytes.count {
                if bytes[place + 3] > Letter.carriageReturn {
                    place += 4
                } else if bytes[place] == Letter.carriageReturn, bytes[place + 1] == Letter.lineFeed,
                    bytes[place + 2] == Letter.carriageReturn, bytes[place + 3] == Letter.lineFeed
                {
                    return place + 2
                } else {
                    place += 1
                }
            }
            return nil
        }
        searched = buffer.readableBytes
        return length
    }

    private mutating func readHead(_ length: Int) -> Step? {
        searched = 0
        guard let bytes = buffer.readSlice(length: length) else { return .needsMore }
        buffer.moveReaderIndex(forwardBy: 2)
        do throws(RequestHead.Malformed) {
            let parsed = try bytes.withUnsafeReadableBytes { (raw) throws(RequestHead.Malformed) in
                try RequestHead(raw)
            }
            head = (bytes, parsed)
        } catch {
            return .refused(status: 400, sentence: error.sentence)
        }
        return nil
    }

    // MARK: - The body

    private mutating func counted(_ parsed: RequestHead) -> Step {
        let length = parsed.contentLength ?? 0
        guard length <= largestBody else { return tooLarge }
        guard buffer.readableBytes >= length else {
            // Once, so that a large body is not copied again with every part of it that comes in.
            buffer.reserveCapacity(minimumWritableBytes: min(length - buffer.readableBytes, 1 << 20))
            return continued(parsed)
        }
        return finish(parsed, body: buffer.readSlice(length: length) ?? ByteBuffer())
    }

    private mutating func chunked(_ parsed: RequestHead) -> Step {
        switch chunks.read(&buffer, limit: largestBody) {
        case .needsMore: return continued(parsed)
        case .tooLarge: return tooLarge
        case .malformed: return .refused(status: 400, sentence: "The chunks of the body cannot be read.")
        case .done(let body): return finish(parsed, body: body)
        }
    }

    private var tooLarge: Step {
        .refused(
            status: 413,
            sentence: "The body is larger than the \(largestBody >> 20) MiB that are taken. "
                + "Send less at once, or score files with a batch endpoint.")
    }

    private mutating func continued(_ parsed: RequestHead) -> Step {
        guard parsed.expectsContinue, !wasContinued else { return .needsMore }
        wasContinued = true
        return .sendContinue
    }

    private mutating func finish(_ parsed: RequestHead, body: ByteBuffer) -> Step {
        guard let bytes = head?.bytes else { return .needsMore }
        head = nil
        chunks = ChunkReader()
        wasContinued = false
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        return .request(RawRequest(head: parsed, headBytes: bytes, body: body))
    }
}

/// One request as it came.
struct RawRequest {
    let head: RequestHead
    /// From the request line to the last header line's CRLF.
    let headBytes: ByteBuffer
    var body: ByteBuffer

    func text(_ range: Range<Int>?) -> String? {
        range.map { range in
            headBytes.withUnsafeReadableBytes { String(decoding: $0[range], as: UTF8.self) }
        }
    }
}

/// Joins the chunks of a body. Source: RFC 9112 section 7.1; trailers are read over.
struct ChunkReader {
    enum Result {
        case needsMore, tooLarge, malformed
        case done(ByteBuffer)
    }

    private enum Place { case size, data(Int), dataEnd, trailer }

    private var place = Place.size
    private var body = ByteBuffer()
    private static let longestLine = 4_096

    mutating func read(_ buffer: inout ByteBuffer, limit: Int) -> Result {
        while true {
            switch place {
            case .size:
                guard let line = Self.line(&buffer) else {
                    return buffer.readableBytes > Self.longestLine ? .malformed : .needsMore
                }
                guard let size = Self.size(line) else { return .malformed }
                guard body.readableBytes + size <= limit else { return .tooLarge }
                place = size == 0 ? .trailer : .data(size)
            case .data(let size):
                guard var part = buffer.readSlice(length: min(size, buffer.readableBytes)), part.readableBytes > 0
                else { return .needsMore }
                let rest = size - part.readableBytes
                body.writeBuffer(&part)
                place = rest == 0 ? .dataEnd : .data(rest)
            case .dataEnd:
                guard buffer.readableBytes >= 2 else { return .needsMore }
                guard buffer.readBytes(length: 2) == [Letter.carriageReturn, Letter.lineFeed] else { return .malformed }
                place = .size
            case .trailer:
                guard let line = Self.line(&buffer) else {
                    return buffer.readableBytes > Self.longestLine ? .malformed : .needsMore
                }
                if line.isEmpty { return .done(body) }
            }
        }
    }

    private static func line(_ buffer: inout ByteBuffer) -> [UInt8]? {
        guard let end = buffer.readableBytesView.firstIndex(of: Letter.lineFeed) else { return nil }
        let length = end - buffer.readerIndex + 1
        guard length <= longestLine + 2, let bytes = buffer.readBytes(length: length) else { return nil }
        return Array(bytes.dropLast(bytes.count > 1 && bytes[bytes.count - 2] == Letter.carriageReturn ? 2 : 1))
    }

    private static func size(_ line: [UInt8]) -> Int? {
        let digits = line.prefix { $0 != Letter.semicolon && $0 != Letter.space }
        let text = String(decoding: digits, as: UTF8.self)
        // A sign would be read as part of a number.
        guard !digits.isEmpty, digits.count <= 8, text.allSatisfy(\.isHexDigit) else { return nil }
        return Int(text, radix: 16)
    }
}
