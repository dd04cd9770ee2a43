import Foundation

/// Names in the order of their UTF-8 bytes, which is the order in which the Blob service lists.
struct ByteName: Comparable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(bytes: [UInt8]) { self.bytes = bytes }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    static func < (left: ByteName, right: ByteName) -> Bool {
        let shared = min(left.bytes.count, right.bytes.count)
        let order = memcmp(left.bytes, right.bytes, shared)
        return order == 0 ? left.bytes.count < right.bytes.count : order < 0
    }

    static func == (left: ByteName, right: ByteName) -> Bool {
        left.bytes.count == right.bytes.count && memcmp(left.bytes, right.bytes, left.bytes.count) == 0
    }

    func hasPrefix(_ prefix: ByteName) -> Bool {
        bytes.count >= prefix.bytes.count && memcmp(bytes, prefix.bytes, prefix.bytes.count) == 0
    }

    /// The first name that comes after every name with this prefix; nil after the last name of all.
    var afterAllWithThisPrefix: ByteName? {
        var next = bytes
        while let last = next.popLast() {
            if last < 0xFF { return ByteName(bytes: next + [last + 1]) }
        }
        return nil
    }
}
