import NIOCore

/// The answer to a plain request, with word for the client that its connection ends with it: origins close theirs
/// without saying so, and a client that kept the connection would send its next request into nothing.
struct ClosingAnswer {
    private var waiting = ByteBuffer()
    private var isPast = false

    private static let end = Array("\r\n\r\n".utf8)
    private static let own: Set<String> = ["connection", "keep-alive", "proxy-connection"]

    /// What may be sent on of a piece that came.
    mutating func take(_ piece: ByteBuffer) -> ByteBuffer {
        if isPast { return piece }
        waiting.writeImmutableBuffer(piece)
        var ready = ByteBuffer()
        while !isPast, let head = nextHead() {
            // "100 Continue" and its like come before the answer itself.
            isPast = !head.split(separator: " ").dropFirst().first.map { $0.hasPrefix("1") && $0 != "101" }.isTrue
            ready.writeString(isPast ? Self.closing(head) : head + "\r\n\r\n")
        }
        isPast = isPast || waiting.readableBytes > ProxyHead.largest
        return isPast ? rest(behind: ready) : ready
    }

    /// What never became a head is sent as it came.
    mutating func rest(behind ready: ByteBuffer = ByteBuffer()) -> ByteBuffer {
        var ready = ready
        ready.writeBuffer(&waiting)
        return ready
    }

    private mutating func nextHead() -> String? {
        let bytes = waiting.readableBytesView
        guard let found = bytes.firstRange(of: Self.end) else { return nil }
        let head = String(decoding: bytes[..<found.lowerBound], as: UTF8.self)
        waiting.moveReaderIndex(forwardBy: found.upperBound - bytes.startIndex)
        return head
    }

    private static func closing(_ head: String) -> String {
        let lines = head.split(separator: "\r\n").filter { line in
            !own.contains(line.prefix { $0 != ":" }.lowercased())
        }
        return (lines + ["Connection: close"]).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

extension Bool? {
    fileprivate var isTrue: Bool { self ?? false }
}
