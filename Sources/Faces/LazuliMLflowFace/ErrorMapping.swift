import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// The one place where this face turns an error into MLflow's code, status and body.
///
/// Clients try again for minutes after a 500, so a request that can never succeed has a status below it, even where
/// MLflow's own server has 500 (`INVALID_STATE`).
enum ErrorMapping {
    private static let codes: [ServiceError.Code: (name: String, status: Int)] = [
        .invalidArgument: ("INVALID_PARAMETER_VALUE", 400),
        .malformedBody: ("INVALID_PARAMETER_VALUE", 400),
        .tooLarge: ("INVALID_PARAMETER_VALUE", 413),
        .unauthenticated: ("UNAUTHENTICATED", 401),
        .forbidden: ("PERMISSION_DENIED", 403),
        .notFound: ("RESOURCE_DOES_NOT_EXIST", 404),
        .conflict: ("RESOURCE_CONFLICT", 409),
        .immutable: ("RESOURCE_CONFLICT", 409),
        .preconditionFailed: ("ABORTED", 409),
        .methodNotAllowed: ("BAD_REQUEST", 405),
        .notImplemented: ("NOT_IMPLEMENTED", 501),
        .insufficientStorage: ("RESOURCE_EXHAUSTED", 507),
        TrackingFault.alreadyExists: ("RESOURCE_ALREADY_EXISTS", 400),
        TrackingFault.invalidState: ("INVALID_STATE", 400),
        TrackingFault.badRequest: ("BAD_REQUEST", 400),
        TrackingFault.unprocessable: ("INVALID_PARAMETER_VALUE", 422),
        TrackingFault.endpointNotFound: ("ENDPOINT_NOT_FOUND", 404),
    ]

    static func response(for error: any Error) -> Response {
        let known = error as? ServiceError
        let (name, status) = known.flatMap { codes[$0.code] } ?? ("INTERNAL_ERROR", 500)
        let message =
            known?.message
            ?? "The server met a fault of its own. Its log, in the state folder, has the details; please report them."
        let body = JSONText.object {
            $0.field("error_code", name)
            $0.field("message", message)
        }
        return MLflowReply.json(body).response(status: status)
    }
}
