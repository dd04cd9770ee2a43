import LazuliDomain
import LazuliEndpoints
import LazuliResources
import NIOCore

/// Decides who may score.
final class ScoringAuthority {
    enum Judgement {
        case granted
        case refused(ScoringAnswer)
        /// Roles must be asked, which takes longer than the loop may wait.
        case undecided(Question)
    }

    struct Question: Sendable { let token: String }

    private let tokens: any TokenVerifier
    private let authorizer: any Authorizer
    /// Tokens that were granted, and until when (milliseconds since 1970), by endpoint and token.
    private var granted: [String: Int64] = [:]
    private static let mostGranted = 1_024
    /// Roles may change: a grant is believed for this long (milliseconds).
    private static let belief: Int64 = 30_000
    private static let action = "\(WorkspaceScope.provider)/workspaces/onlineEndpoints/score/action"

    init(tokens: any TokenVerifier, authorizer: any Authorizer) {
        self.tokens = tokens
        self.authorizer = authorizer
    }

    /// - Parameter now: milliseconds since 1970.
    func judge(_ raw: RawRequest, _ endpoint: ServedEndpoint, at now: Int64) -> Judgement {
        guard let token = Self.bearer(raw) else { return .refused(Self.refusal(endpoint, "carries no")) }
        switch endpoint.access {
        case .keys(let keys):
            let isKnown = raw.headBytes.withUnsafeReadableBytes { bytes in
                let given = UnsafeRawBufferPointer(rebasing: bytes[token])
                return keys.contains { Self.isEqual($0, given) }
            }
            return isKnown ? .granted : .refused(Self.refusal(endpoint, "carries a wrong"))
        case .tokens(let issuer):
            let text = raw.text(token) ?? ""
            if let until = granted[endpoint.name + "\n" + text], now < until { return .granted }
            guard let expiry = issuer.expiry(of: text) else {
                return .refused(Self.refusal(endpoint, "carries a wrong"))
            }
            guard Int64(expiry) * 1000 > now else { return .refused(Self.refusal(endpoint, "carries an expired")) }
            remember(endpoint.name + "\n" + text, until: min(Int64(expiry) * 1000, now + Self.belief))
            return .granted
        case .directory:
            let text = raw.text(token) ?? ""
            if let until = granted[endpoint.name + "\n" + text], now < until { return .granted }
            return .undecided(Question(token: text))
        }
    }

    /// Asks for the caller's role.
    /// - Parameter done: gets the refusal, or nil when the call is granted; on the loop.
    func ask(
        _ question: Question, _ endpoint: ServedEndpoint, on loop: any EventLoop,
        done: @escaping (ScoringAnswer?) -> Void
    ) {
        let tokens = tokens, authorizer = authorizer, scope = endpoint.scope.id
        let bound = NIOLoopBound((self, done), eventLoop: loop)
        loop.makeFutureWithTask {
            let caller = try await tokens.caller(ofToken: question.token)
            try await authorizer.require(Self.action, of: caller, at: scope)
        }.whenComplete { result in
            let (authority, done) = bound.value
            switch result {
            case .success:
                authority.remember(endpoint.name + "\n" + question.token, until: Self.now + Self.belief)
                done(nil)
            case .failure(let error): done(Self.answer(error))
            }
        }
    }

    private static var now: Int64 { WallClock.system.now() }

    private func remember(_ key: String, until: Int64) {
        if granted.count >= Self.mostGranted { granted = [:] }
        granted[key] = until
    }

    // MARK: - Reading credentials

    private static func bearer(_ raw: RawRequest) -> Range<Int>? {
        guard let range = raw.head.values.authorization, range.count > 7 else { return nil }
        let isBearer = raw.headBytes.withUnsafeReadableBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound..<(range.lowerBound + 7)]).isNamed("bearer ")
        }
        return isBearer ? (range.lowerBound + 7)..<range.upperBound : nil
    }

    /// In a time that does not depend on where the two differ.
    private static func isEqual(_ key: String, _ given: UnsafeRawBufferPointer) -> Bool {
        let key = key.utf8
        guard key.count == given.count else { return false }
        return zip(key, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: - Refusing

    private static func refusal(_ endpoint: ServedEndpoint, _ fault: String) -> ScoringAnswer {
        let (what, how) =
            switch endpoint.access {
            case .keys: ("key", "lazuli online-endpoint get-credentials -n \(endpoint.name)")
            case .tokens: ("token", "lazuli online-endpoint get-credentials -n \(endpoint.name)")
            case .directory: ("access token", "a token of your sign-in for the audience https://ml.azure.com")
            }
        return .failure(
            401, "AuthenticationFailed",
            "The request \(fault) \(what). Send the header `Authorization: Bearer <\(what)>`; get it by `\(how)`.",
            headers: [("WWW-Authenticate", "Bearer")])
    }

    private static func answer(_ error: any Error) -> ScoringAnswer {
        guard let error = error as? ServiceError else {
            return .failure(500, "InternalError", "The caller could not be checked.")
        }
        return error.code == .forbidden
            ? .failure(403, error.code.rawValue, error.message)
            : .failure(401, "AuthenticationFailed", error.message, headers: [("WWW-Authenticate", "Bearer")])
    }
}
