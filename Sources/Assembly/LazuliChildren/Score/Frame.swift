import LazuliInference

/// One request as it came over the socket (Documentation/Scoring-hosts.md, "Frames").
struct Frame {
    enum Kind: UInt8 {
        case score = 1
        case describe = 2
    }

    let id: UInt32
    let kind: Kind?
    let head: UnsafeBufferPointer<UInt8>
    let body: UnsafeBufferPointer<UInt8>
    /// Bytes of the whole frame.
    let size: Int
    /// The lengths it tells fit each other.
    let isValid: Bool

    private static let lengthSize = 4
    private static let fixedSize = 12
    private static let largest = 1 << 31

    /// - Returns: nil while the frame is not whole.
    init?(_ bytes: UnsafePointer<UInt8>, _ available: Int) {
        guard available >= Self.lengthSize else { return nil }
        let length = Self.number(bytes, 0)
        size = Self.lengthSize + length
        guard length >= Self.fixedSize, size <= Self.largest else {
            (id, kind, head, body, isValid) = (0, nil, .init(start: nil, count: 0), .init(start: nil, count: 0), false)
            return
        }
        guard available >= size else { return nil }
        let headLength = Self.number(bytes, 12), content = bytes + Self.lengthSize + Self.fixedSize
        let contentLength = length - Self.fixedSize
        id = UInt32(Self.number(bytes, 4))
        kind = Kind(rawValue: bytes[8])
        isValid = headLength <= contentLength
        head = UnsafeBufferPointer(start: content, count: min(headLength, contentLength))
        body = UnsafeBufferPointer(start: content + head.count, count: contentLength - head.count)
    }

    /// How long the frame is that begins here, if its length is there.
    static func announced(_ bytes: UnsafePointer<UInt8>, _ available: Int) -> Int {
        available < lengthSize ? 0 : min(lengthSize + number(bytes, 0), largest)
    }

    @inline(__always)
    private static func number(_ bytes: UnsafePointer<UInt8>, _ offset: Int) -> Int {
        Int(UInt32(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}

/// A reply being written: its lengths are filled in when its content is there.
struct Reply {
    private let start: Int
    private let bodyStart: Int

    private static let fixedSize = 12

    /// Writes what stands in front of the body. An empty head means JSON.
    init(to id: UInt32, status: UInt16, head: String = "", in buffer: inout AnswerBuffer) {
        start = buffer.count
        buffer.append(number: UInt32(0))
        buffer.append(number: id)
        buffer.append(number: status)
        buffer.append(number: UInt16(0))
        buffer.append(number: UInt32(head.utf8.count))
        if !head.isEmpty { buffer.append(head) }
        bodyStart = buffer.count
    }

    func finish(_ buffer: inout AnswerBuffer) {
        buffer.overwrite(at: start, number: UInt32(buffer.count - start - 4))
    }

    /// Forgets the reply, for another one in its place.
    func withdraw(from buffer: inout AnswerBuffer) { buffer.removeAll(from: start) }
}
