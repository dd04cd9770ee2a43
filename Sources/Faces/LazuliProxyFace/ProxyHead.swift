import NIOCore

/// The first lines of what a client of the proxy sends: a request line and headers.
struct ProxyHead: Equatable {
    let method: String
    let target: String
    let headers: [Header]

    struct Header: Equatable {
        let name: String
        let value: String
    }

    /// Bytes that a head may take.
    static let largest = 64 << 10
    private static let end = Array("\r\n\r\n".utf8)

    /// Takes a whole head off the front of a buffer; nil while there is none yet.
    /// - Throws: `ProxyProblem` when it is too large, or no request of HTTP/1.
    static func take(from buffer: inout ByteBuffer) throws(ProxyProblem) -> ProxyHead? {
        let bytes = buffer.readableBytesView
        guard let found = bytes.firstRange(of: end) else {
            guard bytes.count <= largest else { throw ProxyProblem(431, "The head of the request is too large.") }
            return nil
        }
        let head = try ProxyHead(String(decoding: bytes[..<found.lowerBound], as: UTF8.self))
        buffer.moveReaderIndex(forwardBy: found.upperBound - bytes.startIndex)
        return head
    }

    private init(_ text: String) throws(ProxyProblem) {
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
        let words = lines.popFirst()?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            throw ProxyProblem(400, "This is a proxy for HTTP/1; the request line could not be read.")
        }
        (method, target) = (words[0], words[1])
        headers = lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return Header(name: String(line[..<colon]), value: String(value))
        }
    }

    /// Headers between a client and its proxy alone.
    private static let hopByHop: Set<String> = [
        "connection", "proxy-connection", "proxy-authorization", "keep-alive",
    ]

    /// This head as the origin is to read it: its own path, one request on the connection.
    func forwarded(to address: PlainAddress) -> ByteBuffer {
        var text = "\(method) \(address.path) HTTP/1.1\r\n"
        for header in headers where !Self.hopByHop.contains(header.name.lowercased()) {
            text += "\(header.name): \(header.value)\r\n"
        }
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { text += "Host: \(address.authority)\r\n" }
        return ByteBuffer(string: text + "Connection: close\r\n\r\n")
    }
}

/// What a client of the proxy is told instead of being connected.
struct ProxyProblem: Error, Equatable {
    let status: Int
    let sentence: String

    init(_ status: Int, _ sentence: String) {
        self.status = status
        self.sentence = sentence
    }

    private static let reasons = [
        400: "Bad Request", 431: "Request Header Fields Too Large", 502: "Bad Gateway",
    ]

    var answer: ByteBuffer {
        let body = sentence + "\n"
        return ByteBuffer(
            string: "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Error")\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
    }
}
