/// What the blob service needs to know of storage accounts: their keys, and which of them hold a container.
public protocol StorageAccounts: Sendable {
    /// The account's shared key (raw bytes, not base64), or nil if there is no such account.
    func key(ofAccount account: String) async throws -> [UInt8]?

    /// The workspace id (ARM form) that owns the account, for role checks of bearer tokens; nil for an unknown account.
    func owner(ofAccount account: String) async throws -> String?

    /// The names of all accounts: a signature made by a client does not say which account's key it is from.
    func accounts() async throws -> [String]
}
