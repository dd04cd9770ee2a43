import HTTPTypes
import Hummingbird

/// What a call answers.
enum MLflowReply {
    /// UTF-8 JSON text.
    case json([UInt8])
    case text(String)
    /// An answer of its own making, such as a file.
    case response(Response)

    static let empty = MLflowReply.json(Array("{}".utf8))

    static func object(_ body: (inout JSONText) -> Void) -> MLflowReply { .json(JSONText.object(body)) }

    func response(status: Int = 200) -> Response {
        switch self {
        case .json(let bytes): Self.response(status, "application/json", ByteBuffer(bytes: bytes))
        case .text(let text): Self.response(status, "text/plain; charset=utf-8", ByteBuffer(string: text))
        case .response(let response): response
        }
    }

    private static func response(_ status: Int, _ contentType: String, _ body: ByteBuffer) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: contentType], body: ResponseBody(byteBuffer: body))
    }
}
