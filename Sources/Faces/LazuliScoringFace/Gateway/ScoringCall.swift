import LazuliResources
import NIOCore

/// One request on its way through the gateway. Lives on the gateway's event loop.
final class ScoringCall {
    let raw: RawRequest
    /// What the host gets: the head's bytes from here on belong to the path below the endpoint.
    let pathStart: Int
    let requestID: RequestID
    /// When the last byte was in.
    let received: NIODeadline
    /// Since when it waits for a replica: from the start, or since one that had taken it in was lost.
    var waitsSince: NIODeadline
    /// When a replica got it.
    var sent: NIODeadline?
    /// How often a replica that had taken it in was lost before it began.
    var retries = 0
    let isMirrored: Bool
    /// Where the answer goes; nil for a copy made for a mirror.
    private weak var client: ClientConnection?

    /// Who has taken a request in answers it, whatever happens to replicas, this often.
    static let mostRetries = 3

    init(
        _ raw: RawRequest, pathStart: Int, requestID: RequestID, received: NIODeadline, client: ClientConnection?,
        isMirrored: Bool = false
    ) {
        self.raw = raw
        self.pathStart = pathStart
        self.requestID = requestID
        self.received = received
        waitsSince = received
        self.client = client
        self.isMirrored = isMirrored
    }

    /// The same request for another deployment, whose answer nobody waits for.
    func mirrored(at now: NIODeadline) -> ScoringCall {
        ScoringCall(raw, pathStart: pathStart, requestID: requestID, received: now, client: nil, isMirrored: true)
    }

    func answer(_ answer: ScoringAnswer) { client?.send(answer) }

    /// Whether somebody still wants the answer.
    var isWanted: Bool { isMirrored || client != nil }
}

/// Names a request in headers and logs: the client's own name for it, else one that is unique for the server.
enum RequestID {
    case own(UInt64)
    case given(String)

    /// Unique from one start of the server to the next.
    private static let prefix: String = {
        let bytes = (0..<10).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
        let parts = [(0, 8), (8, 12), (12, 16), (16, 20)].map { range in
            String(bytes.dropFirst(range.0).prefix(range.1 - range.0))
        }
        return parts.joined(separator: "-") + "-"
    }()
    private static let prefixBytes = Array(prefix.utf8)

    /// The eight hexadecimal digits of a number, as the bytes of another: all at once, without a table.
    private static func digits(_ number: UInt32) -> UInt64 {
        var spread = UInt64(number)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte that holds ten or more, where a letter follows the digits.
        let letters = ((spread &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    /// The form of a GUID.
    var text: String {
        switch self {
        case .given(let text): return text
        case .own:
            var buffer = ByteBuffer()
            write(to: &buffer)
            return String(buffer: buffer)
        }
    }

    func write(to buffer: inout ByteBuffer) {
        switch self {
        case .given(let text): buffer.writeString(text)
        case .own(let number):
            buffer.writeBytes(Self.prefixBytes)
            // Twelve digits by two numbers: the last eight, and the four before them.
            buffer.writeInteger(
                UInt32(truncatingIfNeeded: Self.digits(UInt32(truncatingIfNeeded: number >> 32) & 0xFFFF)))
            buffer.writeInteger(Self.digits(UInt32(truncatingIfNeeded: number)))
        }
    }
}
