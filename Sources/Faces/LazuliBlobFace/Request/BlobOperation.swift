import HTTPTypes
import LazuliResources

/// The operations of the Blob service that are built. Raw values are their published names.
enum BlobOperation: String, CaseIterable, Sendable {
    case listContainers = "List Containers"
    case getServiceProperties = "Get Blob Service Properties"
    case getAccountInformation = "Get Account Information"
    case createContainer = "Create Container"
    case deleteContainer = "Delete Container"
    case getContainerProperties = "Get Container Properties"
    case getContainerMetadata = "Get Container Metadata"
    case listBlobs = "List Blobs"
    case getBlob = "Get Blob"
    case getBlobProperties = "Get Blob Properties"
    case getBlobMetadata = "Get Blob Metadata"
    case putBlob = "Put Blob"
    case copyBlob = "Copy Blob"
    case putBlock = "Put Block"
    case putBlockList = "Put Block List"
    case getBlockList = "Get Block List"
    case appendBlock = "Append Block"
    case setBlobMetadata = "Set Blob Metadata"
    case setBlobProperties = "Set Blob Properties"
    case deleteBlob = "Delete Blob"

    /// - Throws: `notImplemented`, naming what was asked.
    init(_ request: BlobRequest) throws {
        let found =
            if request.blob != nil {
                Self.onBlob(request)
            } else if request.container != nil {
                Self.onContainer(request)
            } else {
                Self.onAccount(request)
            }
        guard let found else { throw Self.unknown(request) }
        self = found
    }

    private static func onAccount(_ request: BlobRequest) -> BlobOperation? {
        switch (request.method, request.item("restype"), request.item("comp")) {
        case (.get, nil, "list"): .listContainers
        case (.get, "service", "properties"): .getServiceProperties
        case (.get, "account", "properties"), (.head, "account", "properties"): .getAccountInformation
        default: nil
        }
    }

    private static func onContainer(_ request: BlobRequest) -> BlobOperation? {
        switch (request.method, request.item("restype"), request.item("comp")) {
        case (.put, "container", nil): .createContainer
        case (.delete, "container", nil): .deleteContainer
        case (.get, "container", nil), (.head, "container", nil): .getContainerProperties
        case (.get, "container", "metadata"), (.head, "container", "metadata"): .getContainerMetadata
        case (.get, "container", "list"): .listBlobs
        case (.get, "account", "properties"), (.head, "account", "properties"): .getAccountInformation
        default: nil
        }
    }

    private static func onBlob(_ request: BlobRequest) -> BlobOperation? {
        if request.item("snapshot") != nil || request.item("versionid") != nil { return nil }
        let fromURL = request.header("x-ms-copy-source") != nil
        switch (request.method, request.item("comp")) {
        case (.get, nil): return .getBlob
        case (.head, nil): return .getBlobProperties
        case (.get, "metadata"), (.head, "metadata"): return .getBlobMetadata
        case (.put, nil): return put(request, fromURL: fromURL)
        case (.put, "block") where !fromURL: return .putBlock
        case (.put, "blocklist"): return .putBlockList
        case (.get, "blocklist"): return .getBlockList
        case (.put, "appendblock") where !fromURL: return .appendBlock
        case (.put, "metadata"): return .setBlobMetadata
        case (.put, "properties"): return .setBlobProperties
        case (.delete, nil): return .deleteBlob
        case (.get, "properties"), (.head, "properties"):
            return request.item("restype") == "account" ? .getAccountInformation : nil
        default: return nil
        }
    }

    private static func put(_ request: BlobRequest, fromURL: Bool) -> BlobOperation? {
        let kind = request.header("x-ms-blob-type")
        if fromURL { return kind == nil ? .copyBlob : nil }
        return kind == "PageBlob" ? nil : .putBlob
    }

    private static func unknown(_ request: BlobRequest) -> ServiceError {
        let names = ["restype", "comp", "snapshot", "versionid"]
        let items = names.compactMap { name in request.item(name).map { "\(name)=\($0.prefix(40))" } }
        let headers = ["x-ms-blob-type", "x-ms-copy-source"].filter { request.header($0) != nil }
        let subject = request.blob != nil ? "a blob" : request.container != nil ? "a container" : "the account"
        let asked = ([request.method.rawValue] + items + headers).joined(separator: " ")
        return ServiceError(
            .notImplemented, "The operation \(asked) on \(subject) is not offered by this Blob service.", target: asked)
    }
}

/// What a caller must be allowed to do.
struct Requirement: Sendable {
    /// The level of an account signature: `s`ervice, `c`ontainer or `o`bject.
    let level: Character
    /// Any one of these letters of a signature is enough; none is needed if this is empty.
    let permissions: Set<Character>
    /// The action that a bearer token's owner must hold.
    let action: String
}

extension BlobOperation {
    var requirement: Requirement {
        switch self {
        case .listContainers: container("s", "l", "read")
        case .getServiceProperties: container("s", "r", "read")
        case .getAccountInformation: container("s", "", "read")
        case .createContainer: container("c", "cw", "write")
        case .deleteContainer: container("c", "d", "delete")
        case .getContainerProperties, .getContainerMetadata: container("c", "rl", "read")
        case .listBlobs: Requirement(level: "c", permissions: ["l"], action: Self.containers + "/blobs/read")
        case .getBlob, .getBlobProperties, .getBlobMetadata, .getBlockList: blob("r", "read")
        case .putBlob, .copyBlob, .putBlock, .putBlockList: blob("wc", "write")
        case .appendBlock: blob("aw", "write")
        case .setBlobMetadata, .setBlobProperties: blob("w", "write")
        case .deleteBlob: blob("d", "delete")
        }
    }

    private static let containers = "Microsoft.Storage/storageAccounts/blobServices/containers"

    private func container(_ level: Character, _ letters: String, _ verb: String) -> Requirement {
        Requirement(level: level, permissions: Set(letters), action: Self.containers + "/" + verb)
    }

    private func blob(_ letters: String, _ verb: String) -> Requirement {
        Requirement(level: "o", permissions: Set(letters), action: Self.containers + "/blobs/" + verb)
    }
}
