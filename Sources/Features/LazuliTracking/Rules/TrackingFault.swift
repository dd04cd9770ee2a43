public import LazuliResources

/// The refusals of the tracking store, worded as MLflow words them: clients and their tests read these texts.
public enum TrackingFault {
    /// Something exists already under this name.
    public static let alreadyExists = ServiceError.Code(rawValue: "RESOURCE_ALREADY_EXISTS")
    /// The thing is in a state that does not allow the change.
    public static let invalidState = ServiceError.Code(rawValue: "INVALID_STATE")
    public static let badRequest = ServiceError.Code(rawValue: "BAD_REQUEST")
    /// A body of the right form whose content cannot be taken.
    public static let unprocessable = ServiceError.Code(rawValue: "UNPROCESSABLE_CONTENT")
    public static let endpointNotFound = ServiceError.Code(rawValue: "ENDPOINT_NOT_FOUND")

    public static func invalid(_ message: String, target: String? = nil) -> ServiceError {
        ServiceError(.invalidArgument, message, target: target)
    }

    public static func invalidValue(_ path: String, _ value: String, because reason: String? = nil) -> ServiceError {
        let start = "Invalid value \(PythonText.json(value)) for parameter '\(path)' supplied"
        return invalid(reason.map { "\(start): \($0)" } ?? "\(start).", target: path)
    }

    public static func missing(_ path: String) -> ServiceError {
        invalid("Missing value for required parameter '\(path)'.", target: path)
    }

    public static func tooLong(_ name: String, limit: Int) -> ServiceError {
        invalid("'\(name)' exceeds the maximum length of \(limit) characters", target: name)
    }

    public static func notFound(_ message: String) -> ServiceError { ServiceError(.notFound, message) }

    static func noRun(_ runID: String) -> ServiceError { notFound("Run with id=\(runID) not found") }

    static func noExperiment(_ id: String) -> ServiceError { notFound("No Experiment with id=\(id) exists") }

    static func noLoggedModel(_ modelID: String) -> ServiceError {
        notFound("Logged model with ID '\(modelID)' not found.")
    }

    static func noTrace(_ traceID: String) -> ServiceError { notFound("Trace with ID '\(traceID)' not found.") }

    static func notActive(run runID: String) -> ServiceError {
        invalid("The run \(runID) must be in the 'active' state. Current state is deleted.")
    }

    static func notActive(experiment id: String) -> ServiceError {
        invalid("The experiment \(id) must be in the 'active' state. Current state is deleted.")
    }
}
