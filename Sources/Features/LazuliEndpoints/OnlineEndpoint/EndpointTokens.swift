import Crypto
import Foundation

/// Makes and checks an endpoint's own tokens (`aml_token`): an expiry time under the endpoint's seal. Nothing is stored
/// of a token; a new secret voids them all.
package struct EndpointTokens: Sendable {
    private let secret: SymmetricKey
    private let endpoint: String

    /// Seconds that a token is good for, and after which a client should fetch another: Azure's own figures.
    package static let lifetime = 12 * 3600
    package static let refreshAfter = 6 * 3600

    package init(secret: String, endpoint: String) {
        self.secret = SymmetricKey(data: Data(secret.utf8))
        self.endpoint = endpoint
    }

    /// - Parameter expiry: seconds since 1970.
    package func token(expiry: Int) -> String {
        "\(expiry).\(Data(code(expiry)).base64EncodedString())"
    }

    /// Whether the token is ours, and when it ends; nil for any other text.
    package func expiry(of token: String) -> Int? {
        let parts = token.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let expiry = Int(parts[0]), let code = Data(base64Encoded: String(parts[1])),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message(expiry), using: secret)
        else { return nil }
        return expiry
    }

    private func code(_ expiry: Int) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: message(expiry), using: secret)
    }

    private func message(_ expiry: Int) -> Data { Data("\(endpoint.lowercased())|\(expiry)".utf8) }
}
