public import LazuliResources

/// The ways in which the store refuses. A fault travels as the `cause` of a `ServiceError`, so that every face can
/// map the general code and the blob face the exact one.
///
/// Raw values are the error codes of the Blob service ("Blob service error codes").
public enum BlobFault: String, Sendable, CaseIterable {
    case containerNotFound = "ContainerNotFound"
    case blobNotFound = "BlobNotFound"
    case blobAlreadyExists = "BlobAlreadyExists"
    case conditionNotMet = "ConditionNotMet"
    /// A blob stands where the name needs a folder, or a folder where it needs a blob.
    case pathOccupied = "ResourceTypeMismatch"
    case invalidName = "InvalidResourceName"
    case invalidBlockID = "InvalidQueryParameterValue"
    case invalidBlockList = "InvalidBlockList"
    case invalidBlobType = "InvalidBlobType"
    case appendPositionNotMet = "AppendPositionConditionNotMet"
    case digestMismatch = "Md5Mismatch"
    case diskFull = "InsufficientStorage"

    var code: ServiceError.Code {
        switch self {
        case .containerNotFound, .blobNotFound: .notFound
        case .blobAlreadyExists, .pathOccupied, .invalidBlobType: .conflict
        case .conditionNotMet, .appendPositionNotMet: .preconditionFailed
        case .invalidName, .invalidBlockID, .invalidBlockList, .digestMismatch: .invalidArgument
        case .diskFull: .insufficientStorage
        }
    }

    public func error(_ message: String, target: String? = nil) -> ServiceError {
        ServiceError(code, message, target: target, cause: rawValue)
    }

    /// The fault behind an error of this module, if it is one.
    public init?(_ error: ServiceError) {
        guard let cause = error.cause, let fault = BlobFault(rawValue: cause) else { return nil }
        self = fault
    }

    static func noContainer(_ address: ContainerAddress) -> ServiceError {
        containerNotFound.error(
            "Account \(address.account) has no container named \(address.container). Create it first.",
            target: address.container)
    }

    static func noBlob(_ address: BlobAddress) -> ServiceError {
        blobNotFound.error(
            "Container \(address.container.container) has no blob named \(address.name).", target: address.name.text)
    }
}
