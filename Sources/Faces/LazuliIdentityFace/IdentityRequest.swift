import Foundation
import LazuliResources

/// A request of this face, read; nothing decided yet.
package struct IdentityRequest: Sendable {
    package var method: String
    package var path: String
    /// The `Host` that was called.
    package var host: String
    /// By lower-cased name.
    package var query: [String: String]
    /// By lower-cased name.
    package var headers: [String: String]
    /// The fields of a form body.
    package var form: [String: String]

    package init(
        _ method: String, _ path: String, host: String = "", query: [String: String] = [:],
        headers: [String: String] = [:],
        form: [String: String] = [:]
    ) {
        self.method = method
        self.path = path
        self.host = host
        self.query = query
        self.headers = headers
        self.form = form
    }

    /// The form, with client id and secret from a Basic header where it lacks them (RFC 6749 section 2.3.1).
    var formWithClient: [String: String] {
        guard let basic = headers["authorization"].flatMap(BasicCredentials.init(header:)) else { return form }
        let client = [
            "client_id": FormText.decoded(basic.name), "client_secret": FormText.decoded(basic.password),
        ]
        return client.merging(form) { $1 }
    }
}

/// An answer of this face, before it is bytes on a socket.
package struct IdentityAnswer: Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    /// Tokens must not be kept by caches on the way.
    package var isSecret: Bool

    static func json(_ status: Int, _ body: JSON, isSecret: Bool = false) -> IdentityAnswer {
        IdentityAnswer(
            status: status, contentType: "application/json; charset=utf-8", body: body.bytes, isSecret: isSecret)
    }

    static func page(_ status: Int, _ html: String) -> IdentityAnswer {
        IdentityAnswer(
            status: status, contentType: "text/html; charset=utf-8", body: Array(html.utf8), isSecret: true)
    }
}

/// `application/x-www-form-urlencoded` text.
package enum FormText {
    /// The fields by name; of a repeated field the first. Text that does not decode is kept as it stands.
    package static func fields(_ text: String) -> [String: String] {
        let pairs = text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    static func decoded(_ text: String) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
