/// The one error that features throw. Each face maps `code` to its own wire form in its `ErrorMapping.swift`.
///
/// `message` says what was wrong, where, and what to do next; it is shown to people as it stands.
public struct ServiceError: Error, Sendable, Equatable {
    /// An open set of codes; faces treat a code they do not know as `.internalError`.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The request is understood but its content is not acceptable.
        public static let invalidArgument = Code(rawValue: "ValidationError")
        /// The body is not the JSON, XML or form it should be.
        public static let malformedBody = Code(rawValue: "InvalidRequestContent")
        public static let unauthenticated = Code(rawValue: "AuthenticationFailed")
        /// The caller is known and lacks the action that `target` names.
        public static let forbidden = Code(rawValue: "AuthorizationFailed")
        public static let notFound = Code(rawValue: "ResourceNotFound")
        public static let conflict = Code(rawValue: "Conflict")
        /// A version that exists may not change its content.
        public static let immutable = Code(rawValue: "ImmutableVersion")
        public static let preconditionFailed = Code(rawValue: "PreconditionFailed")
        public static let tooLarge = Code(rawValue: "RequestEntityTooLarge")
        public static let methodNotAllowed = Code(rawValue: "MethodNotAllowed")
        /// Known to the contract and not built yet.
        public static let notImplemented = Code(rawValue: "NotImplemented")
        /// The disk of the state folder is full.
        public static let insufficientStorage = Code(rawValue: "InsufficientStorage")
        public static let internalError = Code(rawValue: "InternalError")
    }

    public var code: Code
    public var message: String
    /// What the message is about: a JSON path, a resource id, an action.
    public var target: String?
    public var details: [ServiceError]
    /// The technical cause, for logs and evidence; never a secret.
    public var cause: String?

    public init(
        _ code: Code, _ message: String, target: String? = nil, details: [ServiceError] = [], cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.cause = cause
    }
}

extension ServiceError: CustomStringConvertible {
    public var description: String {
        ([message] + details.map { "  - " + $0.message }).joined(separator: "\n")
    }
}

extension ServiceError {
    /// One error out of all the problems found in a body, or nil when there are none.
    public static func collecting(_ problems: [ServiceError], in subject: String) -> ServiceError? {
        guard let first = problems.first else { return nil }
        guard problems.count > 1 else {
            return ServiceError(first.code, first.message, target: first.target, details: [first])
        }
        let sentences = problems.map(\.message).joined(separator: " ")
        return ServiceError(
            .invalidArgument, "\(subject) has \(problems.count) problems. \(sentences)",
            target: first.target, details: problems)
    }
}
