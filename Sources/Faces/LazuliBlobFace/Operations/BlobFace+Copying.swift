import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources

extension BlobFace {
    /// Copies within this service. The source's own signature opens it, or else the request's credential, within the
    /// same account.
    func copyBlob(_ request: BlobRequest, _ grant: Grant, _ access: AccessControl) async throws -> Response {
        let target = try request.blobAddress(grant.account)
        let source = try await self.source(request, grant, access)
        let metadata = try request.metadata()
        let conditions = try await self.conditions(request, grant, .copyBlob, target)
        let blob = try await DiskQueue.run { [store] in
            try store.copy(source, to: target, metadata: metadata.isEmpty ? nil : metadata, conditions: conditions)
        }
        var headers = BlobHeaders.version(blob)
        headers.set("x-ms-copy-id", UUID().uuidString.lowercased())
        headers.set("x-ms-copy-status", "success")
        return Response(status: .accepted, headers: headers)
    }

    private func source(_ request: BlobRequest, _ grant: Grant, _ access: AccessControl) async throws -> BlobAddress {
        let (target, host) = try Self.parts(of: request.header("x-ms-copy-source") ?? "")
        let plain = try BlobRequest(
            method: .get, target: target, headers: HTTPFields(), host: host, clientAddress: request.clientAddress)
        if plain.item("sig") != nil {
            let right = try await access.grant(plain, .getBlob)
            return try plain.blobAddress(right.account)
        }
        if let account = plain.hostAccount, account != grant.account {
            throw Self.unverified("it is in the account \(account); add a shared access signature to its URL")
        }
        guard case .signature = grant.right else {
            if case .caller = grant.right {
                let asked = try BlobRequest(
                    method: .get, target: target, headers: request.headers, host: request.host, clientAddress: nil)
                return try asked.blobAddress(try await access.grant(asked, .getBlob).account)
            }
            return try plain.blobAddress(grant.account)
        }
        let query = request.query.filter { $0.name != "comp" && $0.name != "restype" }
        let signed = BlobRequest(plain, query: query)
        do {
            return try signed.blobAddress(try await access.grant(signed, .getBlob).account)
        } catch {
            throw Self.unverified("the signature of the request does not cover it; add one to its URL")
        }
    }

    /// The request target and the host of a URL. The account can stand before an `@`, where the stock client has it.
    private static func parts(of url: String) throws -> (target: String, host: String) {
        guard let scheme = url.range(of: "://"), let slash = url[scheme.upperBound...].firstIndex(of: "/") else {
            throw ServiceError(
                .invalidArgument, "x-ms-copy-source is no URL of a blob.", target: "x-ms-copy-source",
                cause: "InvalidHeaderValue")
        }
        let authority = url[scheme.upperBound..<slash]
        return (String(url[slash...]), String(authority.prefix { $0 != "@" }))
    }

    private static func unverified(_ reason: String) -> ServiceError {
        ServiceError(
            .forbidden, "The source of the copy cannot be read: \(reason).", target: "x-ms-copy-source",
            cause: "CannotVerifyCopySource")
    }
}
