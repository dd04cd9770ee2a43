import Foundation
import LazuliResources

/// One container of the blob face, and how to be let in.
public struct BlobContainer: Sendable, Equatable {
    /// `https://host:port/container`, without user information and without a slash at the end.
    public let url: String
    /// A shared access signature without its question mark; nil means the caller's bearer token.
    public let signature: String?

    public init(url: String, signature: String?) {
        self.url = url
        self.signature = signature
    }

    /// Reads a signed address as a pending upload gives it.
    ///
    /// The host stands after an `@`: the storage suffix of this cloud carries the account name as user information.
    public init(signed address: String) throws {
        guard let components = URLComponents(string: address), let host = components.host else {
            throw ServiceError(.malformedBody, "The server gave an upload address that is no URL: \(address)")
        }
        let port = components.port.map { ":\($0)" } ?? ""
        let path =
            components.percentEncodedPath.hasSuffix("/")
            ? String(components.percentEncodedPath.dropLast()) : components.percentEncodedPath
        url = "\(components.scheme ?? "https")://\(host)\(port)\(path)"
        signature = components.percentEncodedQuery
    }
}

/// One blob of a listing.
public struct BlobItem: Sendable, Equatable {
    /// The name within the container, slashes included.
    public let name: String
    public let size: Int64
}

/// What a HEAD of a blob tells.
public struct BlobProperties: Sendable, Equatable {
    public let size: Int64
    /// User metadata by lower-cased name.
    public let metadata: [String: String]
}
