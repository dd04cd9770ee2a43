public import LazuliResources

/// A refusal of the token endpoint (RFC 6749 section 5.2, RFC 8628 section 3.5).
public struct OAuthError: Error, Sendable, Equatable {
    public let error: String
    public let description: String
    /// The HTTP status.
    public let status: Int

    public var json: JSON { ["error": .string(error), "error_description": .string(description)] }

    static func invalidClient(_ sentence: String) -> OAuthError {
        OAuthError(error: "invalid_client", description: sentence, status: 401)
    }

    static func invalidRequest(_ sentence: String) -> OAuthError {
        OAuthError(error: "invalid_request", description: sentence, status: 400)
    }

    static func invalidGrant(_ sentence: String) -> OAuthError {
        OAuthError(error: "invalid_grant", description: sentence, status: 400)
    }

    static func unsupportedGrant(_ sentence: String) -> OAuthError {
        OAuthError(error: "unsupported_grant_type", description: sentence, status: 400)
    }
}
