import Foundation
import HTTPTypes
import LazuliArtifacts
import LazuliDomain
import LazuliResources

/// Finds out who asks, for which account, and whether they may.
///
/// All accounts share one host name, so the account comes from the credential: a shared key names it, the server's own
/// signatures carry it, and for the rest the accounts that have the container are tried.
struct AccessControl: Sendable {
    /// The header by which a bearer of a token names the account, where its container does not tell.
    static let accountHeader = "x-ms-lazuli-account"
    /// How far a client's clock may be off, in seconds, before its signed requests are refused.
    static let clockTolerance: TimeInterval = 15 * 60

    let store: BlobStore
    let accounts: any StorageAccounts
    let tokens: any TokenVerifier
    let authorizer: any Authorizer
    let clock: WallClock
    let secure: Bool

    /// - Throws: `unauthenticated` for a missing or wrong credential; `forbidden` for one that does not allow this.
    func grant(_ request: BlobRequest, _ operation: BlobOperation) async throws -> Grant {
        let grant = try await authenticate(request)
        try await authorize(grant, operation.requirement)
        return grant
    }

    private func authenticate(_ request: BlobRequest) async throws -> Grant {
        if let header = request.header("authorization") {
            let parts = header.split(separator: " ", maxSplits: 1)
            switch (parts.first?.lowercased(), parts.count) {
            case ("sharedkey", 2): return try await sharedKey(String(parts[1]), request)
            case ("bearer", 2): return try await bearer(String(parts[1]), request)
            default:
                throw refused("The Authorization header is neither SharedKey nor Bearer.", "InvalidAuthenticationInfo")
            }
        }
        if let signature = try SharedAccessSignature(query: request.queryByName) {
            return try await sharedAccess(signature, request)
        }
        throw refused(
            "The request carries no credential. Send a shared key, a shared access signature or a bearer token.",
            "NoAuthenticationInformation")
    }

    private func refused(_ message: String, _ cause: String) -> ServiceError {
        ServiceError(.unauthenticated, message, cause: cause)
    }

    private func authorize(_ grant: Grant, _ requirement: Requirement) async throws {
        switch grant.right {
        case .key: return
        case .signature(let signature): try check(signature, requirement)
        case .caller(let caller):
            guard let scope = try await accounts.owner(ofAccount: grant.account) else {
                throw refused("There is no storage account named \(grant.account).", "InvalidAuthenticationInfo")
            }
            try await authorizer.require(requirement.action, of: caller, at: scope)
        }
    }

    private func check(_ signature: SharedAccessSignature, _ requirement: Requirement) throws {
        func forbidden(_ reason: String, _ cause: String) -> ServiceError {
            ServiceError(.forbidden, "The shared access signature does not allow this: \(reason).", cause: cause)
        }
        if case .account(let levels) = signature.scope, !levels.contains(requirement.level) {
            throw forbidden("its srt lacks \(requirement.level)", "AuthorizationResourceTypeMismatch")
        }
        if case .account = signature.scope {
        } else if requirement.level == "s", !requirement.permissions.isEmpty {
            throw forbidden("it is for less than the account", "AuthorizationResourceTypeMismatch")
        }
        guard requirement.permissions.isEmpty || !requirement.permissions.isDisjoint(with: signature.permissions) else {
            let letters = requirement.permissions.sorted().map(String.init).joined(separator: " or ")
            throw forbidden("its sp lacks \(letters)", "AuthorizationPermissionMismatch")
        }
    }
}

extension AccessControl {
    private func sharedKey(_ credential: String, _ request: BlobRequest) async throws -> Grant {
        let parts = credential.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw refused("The Authorization header should read SharedKey account:signature.", "AuthenticationFailed")
        }
        try checkDate(request)
        let signature = SharedKeySignature(
            account: parts[0], method: request.method.rawValue, path: request.path, query: request.query,
            headers: request.headersByName)
        guard let key = try await accounts.key(ofAccount: parts[0]), signature.isValid(parts[1], key: key) else {
            throw refused(
                "The signature of the request is not that of account \(parts[0].prefix(24)). Check name and key.",
                "AuthenticationFailed")
        }
        return Grant(account: parts[0], right: .key)
    }

    private func checkDate(_ request: BlobRequest) throws {
        guard let text = request.header("x-ms-date") ?? request.header("date"), let date = HTTPDate.date(text) else {
            throw refused("A signed request must carry its time in x-ms-date.", "AuthenticationFailed")
        }
        guard abs(date.timeIntervalSince(now)) <= Self.clockTolerance else {
            throw refused(
                "The request was signed at \(text) and the server's time is \(HTTPDate.text(now)). Set the clock.",
                "AuthenticationFailed")
        }
    }

    private var now: Date { Date(timeIntervalSince1970: Double(clock.now()) / 1000) }

    private func sharedAccess(_ signature: SharedAccessSignature, _ request: BlobRequest) async throws -> Grant {
        for account in try await candidates(request) {
            guard let key = try await accounts.key(ofAccount: account),
                signature.isSigned(with: key, account: account, container: request.container, blob: request.blob)
            else { continue }
            try signature.requireValid(at: now, secure: secure, client: request.clientAddress)
            return Grant(account: account, right: .signature(signature))
        }
        throw refused(
            "The shared access signature fits no account's key for this container and blob. Ask for a new one.",
            "AuthenticationFailed")
    }

    private func bearer(_ token: String, _ request: BlobRequest) async throws -> Grant {
        let caller = try await tokens.caller(ofToken: token)
        let found = try await candidates(request)
        guard let account = found.first else {
            throw refused("There is no storage account yet.", "InvalidAuthenticationInfo")
        }
        guard found.count == 1 else {
            let subject = request.container.map { "Container \($0) may be in" } ?? "The request may be for"
            throw ServiceError(
                .invalidArgument,
                "\(subject) the accounts \(found.joined(separator: ", ")). Name one in \(Self.accountHeader).",
                target: Self.accountHeader, cause: "InvalidHeaderValue")
        }
        return Grant(account: account, right: .caller(caller))
    }

    /// The accounts that the request may be for: the one that it names, else those that have its container, else all.
    private func candidates(_ request: BlobRequest) async throws -> [String] {
        let named = request.item(SharedAccessSignature.accountItem) ?? request.header(Self.accountHeader)
        if let named { return [named] }
        let all = try await accounts.accounts()
        if let account = request.hostAccount, all.contains(account) { return [account] }
        guard let container = request.container else { return all }
        let owners = try await DiskQueue.run {
            all.filter { account in
                (try? ContainerAddress(account: account, container: container)).map(store.containerExists) ?? false
            }
        }
        return owners.isEmpty ? all : owners
    }
}
