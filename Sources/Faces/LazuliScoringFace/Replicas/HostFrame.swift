import NIOCore

/// The frames between the gateway and a model host. Source: Documentation/Scoring-hosts.md.
enum HostFrame {
    enum Kind: UInt8 { case score = 1, describe = 2 }

    struct Reply {
        let id: UInt32
        let status: Int
        let head: ByteBuffer
        let body: ByteBuffer
    }

    /// Bytes of a reply between its length and its head.
    private static let replyFixed = 12
    /// No host answers more than this.
    private static let largestReply = 512 << 20

    struct Malformed: Error {}

    /// Takes a reply off the front; nil until one is whole.
    static func nextReply(_ buffer: inout ByteBuffer) throws -> Reply? {
        guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex, endianness: .little) else { return nil }
        guard length >= replyFixed, length <= largestReply else { throw Malformed() }
        guard buffer.readableBytes >= 4 + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        guard
            let (id, status, _, headLength) = buffer.readMultipleIntegers(
                endianness: .little, as: (UInt32, UInt16, UInt16, UInt32).self),
            Int(headLength) <= Int(length) - replyFixed, let head = buffer.readSlice(length: Int(headLength)),
            let body = buffer.readSlice(length: Int(length) - replyFixed - Int(headLength))
        else { throw Malformed() }
        return Reply(id: id, status: Int(status), head: head, body: body)
    }

    /// Writes a request without its body, which follows as it is.
    static func writeScore(_ call: ScoringCall, id: UInt32, to buffer: inout ByteBuffer) {
        let start = buffer.writerIndex
        buffer.writeMultipleIntegers(
            UInt32(0), id, Kind.score.rawValue, UInt8(0), UInt16(0), UInt32(0), endianness: .little)
        let headStart = buffer.writerIndex
        writeHead(call, to: &buffer)
        let headLength = buffer.writerIndex - headStart
        let length = buffer.writerIndex - start - 4 + call.raw.body.readableBytes
        buffer.setInteger(UInt32(length), at: start, endianness: .little)
        buffer.setInteger(UInt32(headLength), at: headStart - 4, endianness: .little)
    }

    static func writeDescribe(id: UInt32, to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(
            UInt32(12), id, Kind.describe.rawValue, UInt8(0), UInt16(0), UInt32(0), endianness: .little)
    }

    /// The client's head with the path below the endpoint, without credentials, and with the request's name.
    private static func writeHead(_ call: ScoringCall, to buffer: inout ByteBuffer) {
        let head = call.raw.head
        call.raw.headBytes.withUnsafeReadableBytes { bytes in
            buffer.writeBytes(bytes[0..<head.targetStart])
            if call.pathStart >= head.path.upperBound { buffer.writeInteger(Letter.slash) }
            if let line = head.authorizationLine {
                buffer.writeBytes(bytes[call.pathStart..<line.lowerBound])
                buffer.writeBytes(bytes[line.upperBound...])
            } else {
                buffer.writeBytes(bytes[call.pathStart...])
            }
        }
        guard head.values.requestID == nil else { return }
        buffer.writeStaticString("x-ms-request-id: ")
        call.requestID.write(to: &buffer)
        buffer.writeStaticString("\r\n")
    }
}
