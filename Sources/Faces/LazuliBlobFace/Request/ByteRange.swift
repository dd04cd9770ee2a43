import LazuliResources

/// The one range of bytes that a read asks for.
struct ByteRange: Sendable, Equatable {
    let offset: Int64
    let length: Int64

    /// - Parameters:
    ///   - text: `bytes=0-1023`, `bytes=1024-` or `bytes=-512`.
    ///   - size: the blob's length.
    /// - Returns: nil to send the whole blob: there is no range, several, or one that means nothing (RFC 9110 14.2).
    /// - Throws: `invalidArgument` with the cause `InvalidRange` for a range that lies behind the end.
    static func parse(_ text: String?, of size: Int64) throws -> ByteRange? {
        guard let text, text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let bounds = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let count = Int64(bounds[1]), count >= 0 else { return nil }
            guard count > 0, size > 0 else { throw beyond(size) }
            return ByteRange(offset: max(0, size - count), length: min(count, size))
        }
        guard let first = Int64(bounds[0]), first >= 0 else { return nil }
        let last = bounds[1].isEmpty ? Int64.max : Int64(bounds[1])
        guard let last, last >= first else { return nil }
        guard first < size else { throw beyond(size) }
        return ByteRange(offset: first, length: min(last, size - 1) - first + 1)
    }

    private static func beyond(_ size: Int64) -> ServiceError {
        ServiceError(
            .invalidArgument, "The range begins behind the end of the blob, which has \(size) bytes.",
            target: "bytes */\(size)", cause: "InvalidRange")
    }
}
