import LazuliResources
import NIOCore

@testable import LazuliScoringFace

extension RequestHead {
    /// Of a head's lines, each ended by CRLF.
    init(text: String) throws { self = try Array(text.utf8).withUnsafeBytes { try RequestHead($0) } }
}

extension RawRequest {
    /// - Parameter text: a head's lines, each ended by CRLF.
    init(_ text: String, body: String = "") throws {
        self.init(
            head: try RequestHead(text: text), headBytes: ByteBuffer(string: text), body: ByteBuffer(string: body))
    }
}

extension ByteBuffer {
    var text: String { String(buffer: self) }
}

/// What a reader made of some bytes.
enum ReadStep: Equatable {
    case request(head: String, body: String)
    case goOn
    case refused(Int)
}

extension RequestReader {
    /// Everything that the bytes amount to, when they arrive in pieces of a length.
    static func steps(_ text: String, piece: Int = .max, largestBody: Int = 1 << 20) -> [ReadStep] {
        var reader = RequestReader(largestBody: largestBody), steps: [ReadStep] = []
        var rest = ByteBuffer(string: text)
        while var part = rest.readSlice(length: min(piece, rest.readableBytes)), part.readableBytes > 0 {
            reader.append(&part)
            reading: while true {
                switch reader.next() {
                case .needsMore: break reading
                case .sendContinue: steps.append(.goOn)
                case .request(let raw): steps.append(.request(head: raw.headBytes.text, body: raw.body.text))
                case .refused(let status, _): return steps + [.refused(status)]
                }
            }
        }
        return steps
    }
}
