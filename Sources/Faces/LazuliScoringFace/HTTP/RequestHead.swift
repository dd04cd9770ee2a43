/// The head of an HTTP/1 request, read in place: what the gateway decides by, as ranges of the head's own bytes.
///
/// Source: RFC 9112. Stricter than it where leniency lets two readers differ: no bare line feeds, no folded lines,
/// no spaces before a colon, one length.
struct RequestHead: Equatable {
    enum Method: Equatable { case get, head, post, options, other }

    var method = Method.other
    /// Where the request line's target begins.
    var targetStart = 0
    /// From the first `/` to before a `?`.
    var path = 0..<0
    /// After the `?`; empty without.
    var query = 0..<0
    var isOldHTTP = false
    var contentLength: Int?
    var isChunked = false
    var keepsAlive = true
    /// The client of HTTP/1.0 asked for it and must be told.
    var asksForKeepAlive = false
    var expectsContinue = false

    /// The whole line of the credentials, its end included.
    var authorizationLine: Range<Int>?
    var values = Values()

    /// Values of the headers that matter.
    struct Values: Equatable {
        var authorization: Range<Int>?
        var contentEncoding: Range<Int>?
        var deployment: Range<Int>?
        var requestID: Range<Int>?
        var clientRequestID: Range<Int>?
        var trace: Range<Int>?
        var origin: Range<Int>?
        var host: Range<Int>?
        var accept: Range<Int>?
        var userAgent: Range<Int>?
    }

    /// Why a head is refused.
    struct Malformed: Error, Equatable {
        let sentence: String
        init(_ sentence: String) { self.sentence = sentence }
    }
}

extension RequestHead {
    init(method: Method) { self.method = method }

    /// - Parameter bytes: from the request line to the last header line's CRLF, the empty line excluded.
    init(_ bytes: UnsafeRawBufferPointer) throws(Malformed) {
        var start = try readRequestLine(bytes)
        while start < bytes.count {
            let end = try Self.endOfLine(bytes, from: start)
            try readField(bytes, start..<end)
            start = end + 2
        }
        if isChunked, contentLength != nil {
            throw Malformed("The request gives both Content-Length and Transfer-Encoding.")
        }
        if isOldHTTP { keepsAlive = asksForKeepAlive }
    }

    /// - Returns: where the header lines begin.
    private mutating func readRequestLine(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> Int {
        let end = try Self.endOfLine(bytes, from: 0)
        guard let space = bytes[0..<end].firstIndex(of: Letter.space),
            let second = bytes[(space + 1)..<end].firstIndex(of: Letter.space), second > space + 1
        else { throw Malformed("The request line is not `METHOD /path HTTP/1.1`.") }
        method = Self.method(bytes[0..<space])
        try readVersion(bytes[(second + 1)..<end])
        var target = (space + 1)..<second
        targetStart = target.lowerBound
        if bytes[target.lowerBound] != Letter.slash { target = try Self.withoutOrigin(target, bytes) }
        let mark = bytes[target].firstIndex(of: Letter.question) ?? target.upperBound
        path = target.lowerBound..<mark
        query = min(mark + 1, target.upperBound)..<target.upperBound
        return end + 2
    }

    private static func method(_ word: Slice<UnsafeRawBufferPointer>) -> Method {
        switch word.count {
        case 3 where word.elementsEqual("GET".utf8): .get
        case 4 where word.elementsEqual("POST".utf8): .post
        case 4 where word.elementsEqual("HEAD".utf8): .head
        case 7 where word.elementsEqual("OPTIONS".utf8): .options
        default: .other
        }
    }

    private mutating func readVersion(_ word: Slice<UnsafeRawBufferPointer>) throws(Malformed) {
        if word.elementsEqual("HTTP/1.1".utf8) { return }
        guard word.elementsEqual("HTTP/1.0".utf8) else {
            throw Malformed("Only HTTP/1.1 and HTTP/1.0 are spoken here.")
        }
        isOldHTTP = true
    }

    /// `http://host/path`, as clients of a proxy send it. Source: RFC 9112 section 3.2.2.
    private static func withoutOrigin(
        _ target: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) throws(Malformed) -> Range<Int> {
        guard let colon = bytes[target].firstIndex(of: Letter.colon), colon + 3 < target.upperBound,
            let slash = bytes[(colon + 3)..<target.upperBound].firstIndex(of: Letter.slash)
        else { throw Malformed("The request's target is no path.") }
        return slash..<target.upperBound
    }

    private static func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(Malformed) -> Int {
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if byte == Letter.carriageReturn {
                guard place + 1 < bytes.count, bytes[place + 1] == Letter.lineFeed else { break }
                return place
            }
            if byte == Letter.lineFeed || byte == 0 { break }
            place += 1
        }
        throw Malformed("A line of the request's head does not end as it should.")
    }

    // MARK: - Header lines

    private mutating func readField(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(Malformed) {
        guard let colon = bytes[line].firstIndex(of: Letter.colon), colon > line.lowerBound,
            bytes[line.lowerBound] > Letter.space, bytes[colon - 1] > Letter.space
        else { throw Malformed("A header line is not `Name: value`.") }
        let name = UnsafeRawBufferPointer(rebasing: bytes[line.lowerBound..<colon])
        let value = Self.trimmed(bytes, (colon + 1)..<line.upperBound)
        switch name.count {
        case 4: if name.isNamed("host") { values.host = value }
        case 6: readShort(name, value, bytes)
        case 10: readConnection(name, value, bytes)
        case 11: if name.isNamed("traceparent") { values.trace = value }
        case 13:
            if name.isNamed("authorization") {
                // One alone is taken out before a host sees the head.
                guard values.authorization == nil else {
                    throw Malformed("The request gives two Authorization headers.")
                }
                values.authorization = value
                authorizationLine = line.lowerBound..<(line.upperBound + 2)
            }
        case 14: if name.isNamed("content-length") { try readLength(value, bytes) }
        case 15: if name.isNamed("x-ms-request-id") { values.requestID = value }
        case 16: if name.isNamed("content-encoding") { values.contentEncoding = value }
        case 17: if name.isNamed("transfer-encoding") { try readTransfer(value, bytes) }
        case 22: if name.isNamed("x-ms-client-request-id") { values.clientRequestID = value }
        case 24: if name.isNamed("azureml-model-deployment") { values.deployment = value }
        default: break
        }
    }

    private mutating func readShort(
        _ name: UnsafeRawBufferPointer, _ value: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) {
        if name.isNamed("accept") { values.accept = value }
        if name.isNamed("origin") { values.origin = value }
        if name.isNamed("expect") { expectsContinue = true }
    }

    private mutating func readConnection(
        _ name: UnsafeRawBufferPointer, _ value: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) {
        if name.isNamed("user-agent") { values.userAgent = value }
        guard name.isNamed("connection") else { return }
        let word = UnsafeRawBufferPointer(rebasing: bytes[value])
        if word.isNamed("close") { keepsAlive = false }
        if word.isNamed("keep-alive") { asksForKeepAlive = true }
    }

    private mutating func readLength(_ value: Range<Int>, _ bytes: UnsafeRawBufferPointer) throws(Malformed) {
        var length = 0
        guard !value.isEmpty, value.count <= 15 else { throw Malformed("Content-Length is no number.") }
        for byte in bytes[value] {
            guard Letter.digits.contains(byte) else { throw Malformed("Content-Length is no number.") }
            length = length * 10 + Int(byte - Letter.digits.lowerBound)
        }
        guard contentLength == nil || contentLength == length else {
            throw Malformed("The request gives two different lengths.")
        }
        contentLength = length
    }

    private mutating func readTransfer(_ value: Range<Int>, _ bytes: UnsafeRawBufferPointer) throws(Malformed) {
        guard UnsafeRawBufferPointer(rebasing: bytes[value]).isNamed("chunked") else {
            throw Malformed("Transfer-Encoding other than chunked is not understood.")
        }
        isChunked = true
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound, high = range.upperBound
        while low < high, bytes[low] == Letter.space || bytes[low] == Letter.tab { low += 1 }
        while high > low, bytes[high - 1] == Letter.space || bytes[high - 1] == Letter.tab { high -= 1 }
        return low..<high
    }
}

/// Bytes that HTTP's grammar is made of.
enum Letter {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let question = UInt8(ascii: "?")
    static let semicolon = UInt8(ascii: ";")
    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are these letters, in any case.
    /// - Parameter name: lower-case ASCII.
    func isNamed(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        for place in 0..<count {
            let byte = self[place], wanted = name.utf8Start[place]
            let lower = byte >= 65 && byte <= 90 ? byte | 32 : byte
            if lower != wanted { return false }
        }
        return true
    }
}
