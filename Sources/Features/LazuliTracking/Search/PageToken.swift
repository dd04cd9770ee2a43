import Foundation
import LazuliResources

/// Where the next page of a search begins, as clients hand it back: base64 of `{"offset": N}`.
enum PageToken {
    static func text(offset: Int) -> String { Data("{\"offset\": \(offset)}".utf8).base64EncodedString() }

    /// - Returns: 0 for no token.
    static func offset(of token: String?) throws -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let bytes = Data(base64Encoded: token) else {
            throw TrackingFault.invalid("Invalid page token, could not base64-decode", target: "page_token")
        }
        guard let json = try? JSON(parsing: Array(bytes)), let offset = json["offset"].integer, offset >= 0 else {
            throw TrackingFault.invalid(
                "Invalid page token, decoded value=\(String(decoding: bytes, as: UTF8.self))", target: "page_token")
        }
        return offset
    }
}
