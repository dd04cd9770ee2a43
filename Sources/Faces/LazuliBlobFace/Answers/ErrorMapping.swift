import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources

/// The one place where this face turns an error into a status and an XML error body.
enum ErrorMapping {
    /// Statuses of the Blob service's own error codes, where they differ from those of the general code.
    private static let statusesByCause: [String: HTTPResponse.Status] = [
        "InvalidRange": .rangeNotSatisfiable, "AuthenticationFailed": .forbidden,
    ]

    private static let general: [ServiceError.Code: (status: HTTPResponse.Status, code: String)] = [
        .invalidArgument: (.badRequest, "InvalidInput"), .malformedBody: (.badRequest, "InvalidXmlDocument"),
        .unauthenticated: (.unauthorized, "InvalidAuthenticationInfo"),
        .forbidden: (.forbidden, "AuthorizationPermissionMismatch"), .notFound: (.notFound, "ResourceNotFound"),
        .methodNotAllowed: (.methodNotAllowed, "UnsupportedHttpVerb"), .conflict: (.conflict, "ResourceAlreadyExists"),
        .preconditionFailed: (.preconditionFailed, "ConditionNotMet"),
        .tooLarge: (.contentTooLarge, "RequestBodyTooLarge"), .notImplemented: (.notImplemented, "NotImplemented"),
        .insufficientStorage: (HTTPResponse.Status(code: 507), "InsufficientStorage"),
    ]

    static func response(for error: any Error, toHead: Bool) -> Response {
        let known = error as? ServiceError ?? unexpected(error)
        let (status, code) = statusAndCode(of: known)
        var headers = HTTPFields()
        headers.set("x-ms-error-code", code)
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"lazuli\"" }
        if status == .rangeNotSatisfiable, let range = known.target { headers[.contentRange] = range }
        guard !toHead else { return Response(status: status, headers: headers) }
        headers[.contentType] = "application/xml"
        var xml = XMLText()
        xml.element("Error") {
            $0.element("Code", code)
            $0.element("Message", known.message)
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: xml.text)))
    }

    /// The cause of an error of this service is the Blob service's own code for it; other errors have a general one.
    private static func statusAndCode(of error: ServiceError) -> (HTTPResponse.Status, String) {
        guard let (status, code) = general[error.code] else { return (.internalServerError, "InternalError") }
        guard let cause = error.cause, isErrorCode(cause) else { return (status, code) }
        return (statusesByCause[cause] ?? status, cause)
    }

    private static func isErrorCode(_ text: String) -> Bool {
        BlobFault(rawValue: text) != nil || ownCodes.contains(text)
    }

    /// The codes that this face gives without the store.
    private static let ownCodes: Set<String> = [
        "AuthenticationFailed", "AuthorizationPermissionMismatch", "AuthorizationResourceTypeMismatch",
        "CannotVerifyCopySource", "ContainerAlreadyExists", "InvalidAuthenticationInfo", "InvalidHeaderValue",
        "InvalidMd5", "InvalidMetadata", "InvalidQueryParameterValue", "InvalidRange", "InvalidUri",
        "InvalidXmlDocument", "MissingRequiredHeader", "NoAuthenticationInformation", "UnauthorizedBlobOverwrite",
        "IncompleteBody",
    ]

    private static func unexpected(_ error: any Error) -> ServiceError {
        ServiceError(
            .internalError,
            "The server met a fault of its own. Its log, in the state folder, has the details; please report them.",
            cause: String(describing: error))
    }
}
