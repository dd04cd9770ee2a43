import Foundation
import HTTPTypes
public import Hummingbird
public import LazuliArtifacts
public import LazuliDomain
public import LazuliResources
public import Logging

/// The Blob service on a listener of its own: the stock storage clients speak to it unchanged.
///
/// The path of a request, top to bottom: read → operation → credential → permission → store → answer.
public struct BlobFace: HTTPResponder {
    public typealias Context = BlobRequestContext

    /// The service version that answers carry when the request names none.
    static let defaultVersion = "2026-10-06"

    let store: BlobStore
    private let access: AccessControl
    private let logger: Logger

    /// - Parameter secure: whether the listener speaks TLS, which some signatures demand.
    public init(
        store: BlobStore, accounts: any StorageAccounts, tokens: any TokenVerifier, authorizer: any Authorizer,
        logger: Logger, clock: WallClock = .system, secure: Bool = true
    ) {
        self.store = store
        self.logger = logger
        access = AccessControl(
            store: store, accounts: accounts, tokens: tokens, authorizer: authorizer, clock: clock, secure: secure)
    }

    /// Answers a request; every failure becomes an XML error of the Blob service.
    public func respond(to request: Request, context: BlobRequestContext) async -> Response {
        var response: Response
        do {
            response = try await answer(request, context)
        } catch {
            response = ErrorMapping.response(for: error, toHead: request.method == .head)
            if response.status.code >= 500, response.status != .notImplemented {
                logger.error(
                    "blob request failed",
                    metadata: [
                        "method": "\(request.method)", "path": "\(request.uri.path)",
                        "error": "\(String(reflecting: error))",
                    ])
            }
        }
        response.headers.set("x-ms-request-id", UUID().uuidString.lowercased())
        for (name, other) in [("x-ms-version", Self.defaultVersion), ("x-ms-client-request-id", nil)] {
            response.headers.set(name, HTTPField.Name(name).flatMap { request.headers[$0] } ?? other)
        }
        if response.headers[.date] == nil { response.headers[.date] = HTTPDate.text(Date()) }
        return response
    }

    private func answer(_ raw: Request, _ context: BlobRequestContext) async throws -> Response {
        let request = try BlobRequest(raw, clientAddress: context.clientAddress)
        let operation: BlobOperation
        do {
            operation = try BlobOperation(request)
        } catch {
            // Strangers learn nothing of what is offered.
            _ = try await access.grant(request, .getAccountInformation)
            throw error
        }
        let grant = try await access.grant(request, operation)
        return try await perform(operation, request, grant, raw.body)
    }

    private func perform(
        _ operation: BlobOperation, _ request: BlobRequest, _ grant: Grant, _ body: RequestBody
    ) async throws -> Response {
        switch operation {
        case .listContainers: try await listContainers(request, grant)
        case .getServiceProperties: serviceProperties()
        case .getAccountInformation: accountInformation()
        case .createContainer: try await createContainer(request, grant)
        case .deleteContainer: try await deleteContainer(request, grant)
        case .getContainerProperties, .getContainerMetadata: try await containerProperties(request, grant)
        case .listBlobs: try await listBlobs(request, grant)
        case .getBlob: try await getBlob(request, grant)
        case .getBlobProperties: try await blobProperties(request, grant)
        case .getBlobMetadata: try await blobMetadata(request, grant)
        case .putBlob: try await putBlob(request, grant, body)
        case .copyBlob: try await copyBlob(request, grant, access)
        case .putBlock: try await putBlock(request, grant, body)
        case .putBlockList: try await putBlockList(request, grant, body)
        case .getBlockList: try await blockList(request, grant)
        case .appendBlock: try await appendBlock(request, grant, body)
        case .setBlobMetadata: try await setBlobMetadata(request, grant)
        case .setBlobProperties: try await setBlobProperties(request, grant)
        case .deleteBlob: try await deleteBlob(request, grant)
        }
    }

    func xml(_ document: XMLText, headers: HTTPFields = HTTPFields()) -> Response {
        var headers = headers
        headers.set("Content-Type", "application/xml")
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: document.text)))
    }
}
