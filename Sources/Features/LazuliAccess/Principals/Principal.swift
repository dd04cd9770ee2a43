/// Someone or something that can hold roles: a person, a program, or the identity of a resource.
public struct Principal: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A person, who signs in with a sign-in key or a device code.
        case user
        /// A program, which signs in with a client id and secret.
        case service
        /// The identity of a workspace or compute, which is handed its tokens.
        case managedIdentity
    }

    /// The GUID that role assignments and tokens (`oid`) name.
    public let objectID: String
    /// The GUID that a program signs in with (`appid` of its tokens).
    public let clientID: String
    public let displayName: String
    public let kind: Kind
    /// Milliseconds since 1970.
    public let created: Int64
    /// Whether this is the person who runs the server: made on first start, never deleted.
    public let isLocalUser: Bool

    public init(
        objectID: String, clientID: String, displayName: String, kind: Kind, created: Int64, isLocalUser: Bool = false
    ) {
        self.objectID = objectID
        self.clientID = clientID
        self.displayName = displayName
        self.kind = kind
        self.created = created
        self.isLocalUser = isLocalUser
    }
}
