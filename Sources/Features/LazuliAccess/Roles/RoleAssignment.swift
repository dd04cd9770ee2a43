/// One principal holds one role at one scope.
public struct RoleAssignment: Sendable {
    /// A GUID, chosen by the client that made it.
    public let id: String
    public let principalID: String
    public let role: Role
    public let scope: AccessScope
    /// Milliseconds since 1970.
    public let created: Int64
    /// The name of who made it.
    public let createdBy: String

    /// Whether another assignment grants the same thing.
    func grantsSame(as other: RoleAssignment) -> Bool {
        principalID == other.principalID && role.id == other.role.id && scope == other.scope
    }
}
