public import LazuliResources

/// Tells who a bearer token speaks for.
public protocol TokenVerifier: Sendable {
    /// - Throws: `unauthenticated` with a sentence that says whether the token is malformed, forged or expired.
    func caller(ofToken token: String) async throws -> Caller
}

/// Tells who a client id and its secret speak for, for clients that know no tokens.
public protocol SecretVerifier: Sendable {
    /// - Throws: `unauthenticated` when the two do not belong together.
    func caller(ofClient clientID: String, secret: String) async throws -> Caller
}

/// Decides whether a caller may do something.
public protocol Authorizer: Sendable {
    /// - Parameters:
    ///   - action: an action name such as `Microsoft.MachineLearningServices/workspaces/jobs/write`.
    ///   - scope: the ARM id of the workspace, resource group or subscription that is acted on.
    /// - Throws: `forbidden`, naming the missing action.
    func require(_ action: String, of caller: Caller, at scope: String) async throws
}

/// Makes tokens for the programs the server itself starts.
public protocol TokenIssuer: Sendable {
    /// A signed token for a principal.
    func token(for caller: Caller, audience: String, lifetimeSeconds: Int) async throws -> String
}
