import HTTPTypes
package import LazuliResources

/// The one place where this face turns an error into a status and an ARM error body.
package enum ErrorMapping {
    private static let statuses: [ServiceError.Code: Int] = [
        .invalidArgument: 400, .malformedBody: 400, .unauthenticated: 401, .forbidden: 403, .notFound: 404,
        .methodNotAllowed: 405, .conflict: 409, .immutable: 409, .preconditionFailed: 412, .tooLarge: 413,
        .notImplemented: 501, .insufficientStorage: 507,
    ]

    package static func reply(for error: any Error) -> Reply {
        let known = error as? ServiceError ?? unexpected(error)
        return .json(statuses[known.code] ?? 500, ["error": body(known)])
    }

    /// The stock client calls a missing resource by ARM's own code; people read the message.
    private static func body(_ error: ServiceError) -> JSON {
        .object(dropping: [
            ("code", .string(error.code.rawValue)), ("message", .string(error.message)),
            ("target", error.target.map(JSON.string)),
            ("details", error.details.isEmpty ? nil : .array(error.details.map(body))),
        ])
    }

    private static func unexpected(_ error: any Error) -> ServiceError {
        ServiceError(
            .internalError,
            "The server met a fault of its own. Its log, in the state folder, has the details; please report them.",
            cause: String(describing: error))
    }
}
