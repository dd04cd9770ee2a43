import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources

extension BlobFace {
    func putBlob(_ request: BlobRequest, _ grant: Grant, _ body: RequestBody) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        guard let kindName = request.header("x-ms-blob-type") else {
            throw ServiceError(
                .invalidArgument, "Put Blob needs the header x-ms-blob-type: BlockBlob or AppendBlob.",
                target: "x-ms-blob-type", cause: "MissingRequiredHeader")
        }
        guard let kind = BlobKind(rawValue: kindName) else {
            throw ServiceError(
                .invalidArgument, "x-ms-blob-type is \"\(kindName.prefix(40))\" and should be BlockBlob or AppendBlob.",
                target: "x-ms-blob-type", cause: "InvalidHeaderValue")
        }
        var settings = request.settings
        settings.type = settings.type ?? declaredType(request)
        settings.md5 = settings.md5 ?? request.header("content-md5")
        let description = BlobDescription(kind: kind, settings: settings, metadata: try request.metadata())
        let conditions = try await self.conditions(request, grant, .putBlob, address)
        let writer = try await IncomingContent(request: request, body: body).write(to: address, in: store)
        let blob = try await DiskQueue.run { try writer.commit(description, conditions: conditions) }
        return created(blob)
    }

    /// Clients that say nothing of the type send the one for "unknown"; the file's extension knows better.
    private func declaredType(_ request: BlobRequest) -> String? {
        let type = request.header("content-type")
        return type == "application/octet-stream" ? nil : type
    }

    func created(_ blob: BlobProperties) -> Response {
        var headers = BlobHeaders.version(blob)
        headers.set("Content-MD5", blob.settings.md5)
        headers.set("x-ms-request-server-encrypted", "false")
        return Response(status: .created, headers: headers)
    }

    /// The request's conditions, narrowed to new blobs where the signature says create and not write.
    func conditions(
        _ request: BlobRequest, _ grant: Grant, _ operation: BlobOperation, _ address: BlobAddress
    ) async throws -> BlobConditions {
        guard grant.allowsOnlyNew(operation) else { return request.conditions }
        let exists = try await DiskQueue.run { [store] in
            do {
                _ = try store.properties(of: address)
                return true
            } catch let error as ServiceError where BlobFault(error) == .blobNotFound {
                return false
            }
        }
        guard !exists else {
            throw ServiceError(
                .forbidden,
                "The blob \(address.name) exists, and the signature allows to create (c), not to write (w).",
                target: address.name.text, cause: "UnauthorizedBlobOverwrite")
        }
        return .mustNotExist
    }

    func appendBlock(_ request: BlobRequest, _ grant: Grant, _ body: RequestBody) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let position = try request.number("x-ms-blob-condition-appendpos")
        let limit = try request.number("x-ms-blob-condition-maxsize")
        let writer = try await IncomingContent(request: request, body: body).write(to: address, in: store)
        let (blob, offset) = try await DiskQueue.run {
            try writer.commitAppending(conditions: request.conditions, position: position, limit: limit)
        }
        var headers = BlobHeaders.version(blob)
        headers.set("x-ms-blob-append-offset", String(offset))
        headers.set("x-ms-blob-committed-block-count", String(blob.appendedBlocks))
        headers.set("Content-MD5", request.header("content-md5"))
        return Response(status: .created, headers: headers)
    }

    func setBlobMetadata(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let metadata = try request.metadata()
        let blob = try await DiskQueue.run { [store] in
            try store.setMetadata(metadata, of: address, conditions: request.conditions)
        }
        return Response(status: .ok, headers: BlobHeaders.version(blob))
    }

    func setBlobProperties(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let blob = try await DiskQueue.run { [store] in
            try store.setSettings(request.settings, of: address, conditions: request.conditions)
        }
        return Response(status: .ok, headers: BlobHeaders.version(blob))
    }

    func deleteBlob(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        try await DiskQueue.run { [store] in try store.delete(address, conditions: request.conditions) }
        return Response(status: .accepted)
    }
}
