public import LazuliResources

/// Sign-in keys: the value of `IDENTITY_HEADER`, which the managed-identity endpoint turns into tokens.
///
/// A key is the principal's object id under this server's seal: nothing is stored, it stays the same over restarts,
/// and it is void once its principal is deleted. Jobs get their submitter's, so that `DefaultAzureCredential` works
/// inside them.
public struct IdentityHeaders: Sendable {
    private let seal: Seal
    private let directory: AccessDirectory

    init(seal: Seal, directory: AccessDirectory) {
        self.seal = seal
        self.directory = directory
    }

    public func issueHeader(for caller: Caller) -> String { seal.sealed(caller.objectID) }

    public func issueHeader(for principal: Principal) -> String { seal.sealed(principal.objectID) }

    /// The principal that a header value speaks for.
    /// - Throws: `unauthenticated` when the value is missing, forged, or of a deleted principal.
    public func principal(ofHeader value: String?) throws -> Principal {
        guard let value, !value.isEmpty else {
            throw ServiceError(
                .unauthenticated,
                "The header X-IDENTITY-HEADER is missing. Run `eval \"$(lazuli env)\"` in this shell and try again.")
        }
        guard let objectID = seal.opened(value) else {
            throw ServiceError(
                .unauthenticated,
                "IDENTITY_HEADER is not a sign-in key of this server. Run `eval \"$(lazuli env)\"` again: "
                    + "it may be from another state folder.")
        }
        guard let principal = directory.principal(objectID: objectID) else {
            throw ServiceError(
                .unauthenticated, "The principal of this sign-in key was deleted. Ask an owner for a new one.")
        }
        return principal
    }
}
