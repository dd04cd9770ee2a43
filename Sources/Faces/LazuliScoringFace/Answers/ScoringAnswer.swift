import LazuliResources
import NIOCore

/// What the gateway sends back, before it is written as HTTP.
struct ScoringAnswer {
    var status: Int
    /// Whole header lines, each with its CRLF.
    var headers = ByteBuffer()
    var body = ByteBuffer()
    /// Whether the connection is of no use afterwards.
    var closes = false

    init(status: Int, headers: ByteBuffer = ByteBuffer(), body: ByteBuffer = ByteBuffer(), closes: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.closes = closes
    }

    static func json(_ body: JSON, status: Int = 200) -> ScoringAnswer {
        .text(body.text, type: "application/json", status: status)
    }

    static func text(_ text: String, type: String, status: Int = 200) -> ScoringAnswer {
        ScoringAnswer(
            status: status, headers: ByteBuffer(string: "Content-Type: \(type)\r\n"), body: ByteBuffer(string: text))
    }

    /// An error in the form that clients of the management API know.
    static func failure(
        _ status: Int, _ code: String, _ message: String, headers: [(String, String)] = [], closes: Bool = false
    ) -> ScoringAnswer {
        var answer = json(
            ["error": ["code": .string(code), "message": .string(message)]], status: status)
        for (name, value) in headers { answer.headers.writeString("\(name): \(value)\r\n") }
        answer.closes = closes
        return answer
    }
}

/// The reason phrases of status lines. Source: RFC 9110.
enum StatusLine {
    static func write(_ status: Int, to buffer: inout ByteBuffer) {
        if status == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeString("HTTP/1.1 \(status) \(phrases[status] ?? "Status")\r\n")
        }
    }

    private static let phrases = [
        201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
        304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 413: "Content Too Large", 415: "Unsupported Media Type",
        422: "Unprocessable Content", 424: "Failed Dependency", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}
