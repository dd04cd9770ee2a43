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
        "expires=\(expiry)&signature=\(hex(code(upload, part, expiry)))"
    }

    /// - Throws: `forbidden` for a signature that is wrong or has expired.
    func check(_ signature: String, upload: String, part: Int, expiry: Int64, now: Int64) throws {
        let given = Self.bytes(signature) ?? []
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

    private func hex(_ code: HMAC<SHA256>.MAC) -> String {
        code.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        let pairs = stride(from: 0, to: digits.count, by: 2).map {
            String(decoding: digits[$0..<$0 + 2], as: UTF8.self)
        }
        let bytes = pairs.compactMap { UInt8($0, radix: 16) }
        return bytes.count == pairs.count ? bytes : nil
    }
}
