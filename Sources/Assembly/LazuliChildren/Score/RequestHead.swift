import Glibc

/// The head of an HTTP request, looked at no further than needed.
struct RequestHead {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether the request is the one that nearly all are.
    var isScoring: Bool { begins("POST /score ") || begins("POST /invocations ") || begins("POST /score?") }

    private func begins(_ text: StaticString) -> Bool {
        guard let start = bytes.baseAddress, bytes.count >= text.utf8CodeUnitCount else { return false }
        return memcmp(start, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Method, and path without the query.
    var target: (method: String, path: String) {
        let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        let parts = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        let path = parts.count > 1 ? parts[1].prefix { $0 != "?" } : "/"
        return (parts.first ?? "", String(path))
    }

    /// The value of a header; names are compared without case.
    func value(of name: String) -> String? {
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            guard String(decoding: line[..<colon], as: UTF8.self).lowercased() == name.lowercased() else { continue }
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            return String(value.drop(while: \.isWhitespace).prefix { $0 != "\r" })
        }
        return nil
    }
}
