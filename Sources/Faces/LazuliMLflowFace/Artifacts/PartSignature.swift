import Crypto
import Foundation
import LazuliResources

/// Signs the addresses of an upload's parts, so that they can be written without a token, for a while.
struct PartSignature: Sendable {
    /// Seconds.
    static let lifetime: Int64 = 3600
    private let key = SymmetricKey(size: .bits256)

    /// `expires=…&signature=…`.
    /// - Parameter expiry: seconds since 1970.
    func query(upload: String, part: Int, expiry: Int64) -> String {
        "expires=\(expiry)&signature=\(code(upload, part, expiry).hexadecimal)"
    }

    /// - Throws: `forbidden` for a signature that is wrong or has expired.
    func check(_ signature: String, upload: String, part: Int, expiry: Int64, now: Int64) throws {
        let given = Hexadecimal.bytes(signature) ?? []
        let isValid = HMAC<SHA256>.isValidAuthenticationCode(
            given, authenticating: Self.text(upload, part, expiry), using: key)
        guard isValid else {
            throw ServiceError(.forbidden, "The address of this part is not one that the server gave.")
        }
        guard now < expiry else {
            throw ServiceError(.forbidden, "The address of this part has expired. Begin the upload again.")
        }
    }

    private func code(_ upload: String, _ part: Int, _ expiry: Int64) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Self.text(upload, part, expiry), using: key)
    }

    private static func text(_ upload: String, _ part: Int, _ expiry: Int64) -> Data {
        Data("\(upload)/\(part)/\(expiry)".utf8)
    }
}
