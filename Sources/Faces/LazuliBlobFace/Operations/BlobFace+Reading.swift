import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources
import NIOCore

extension BlobFace {
    /// How much of a blob is read ahead of the network, in bytes.
    static let readChunk: Int64 = 512 << 10
    /// The longest range of which a digest may be asked, in bytes; the Blob service's own limit.
    static let longestDigestedRange: Int64 = 4 << 20

    func getBlob(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let reader = try await DiskQueue.run { [store] in try store.open(address) }
        let blob = reader.properties
        if try request.conditions.checkRead(of: blob, at: address) == .notModified { return notModified(blob) }
        let asked = request.header("x-ms-range") ?? request.header("range")
        let range = try ByteRange.parse(asked, of: blob.size)
        var headers = BlobHeaders.content(blob, signed: signedItems(request, grant))
        if let range {
            headers.set("Content-Range", "bytes \(range.offset)-\(range.offset + range.length - 1)/\(blob.size)")
            headers.set("x-ms-blob-content-md5", blob.settings.md5)
            try await addDigest(to: &headers, of: range, reader, request)
        } else {
            headers.set("Content-MD5", blob.settings.md5)
        }
        let sent = range ?? ByteRange(offset: 0, length: blob.size)
        return Response(status: range == nil ? .ok : .partialContent, headers: headers, body: body(reader, sent))
    }

    func blobProperties(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let blob = try await DiskQueue.run { [store] in try store.properties(of: address) }
        if try request.conditions.checkRead(of: blob, at: address) == .notModified { return notModified(blob) }
        var headers = BlobHeaders.content(blob, signed: signedItems(request, grant))
        headers.set("Content-MD5", blob.settings.md5)
        headers.set("Content-Length", String(blob.size))
        return Response(status: .ok, headers: headers)
    }

    func blobMetadata(_ request: BlobRequest, _ grant: Grant) async throws -> Response {
        let address = try request.blobAddress(grant.account)
        let blob = try await DiskQueue.run { [store] in try store.properties(of: address) }
        var headers = BlobHeaders.version(blob)
        BlobHeaders.metadata(blob, in: &headers)
        return Response(status: .ok, headers: headers)
    }

    private func notModified(_ blob: BlobProperties) -> Response {
        var headers = BlobHeaders.version(blob)
        headers.set("x-ms-error-code", "ConditionNotMet")
        return Response(status: .notModified, headers: headers)
    }

    /// A signature may replace headers of the answer; other credentials may not.
    private func signedItems(_ request: BlobRequest, _ grant: Grant) -> [String: String] {
        if case .signature = grant.right { request.queryByName } else { [:] }
    }

    private func addDigest(
        to headers: inout HTTPFields, of range: ByteRange, _ reader: BlobReader, _ request: BlobRequest
    ) async throws {
        guard request.header("x-ms-range-get-content-md5")?.lowercased() == "true" else { return }
        guard range.length <= Self.longestDigestedRange else {
            throw ServiceError(
                .invalidArgument, "An MD5 is given for ranges of up to 4 MiB. Ask for a shorter one.",
                target: "x-ms-range-get-content-md5", cause: "InvalidHeaderValue")
        }
        let content = try await Self.read(reader, range)
        headers.set("Content-MD5", content.withUnsafeReadableBytes(ContentMD5.text))
    }

    /// Reads the next chunk while the one before it is on its way; the client's pace bounds both.
    private func body(_ reader: BlobReader, _ range: ByteRange) -> ResponseBody {
        ResponseBody(contentLength: Int(range.length)) { writer in
            let end = range.offset + range.length
            func chunk(at offset: Int64) -> ByteRange {
                ByteRange(offset: offset, length: min(Self.readChunk, end - offset))
            }
            var part = chunk(at: range.offset)
            var content = try await Self.read(reader, part)
            while part.length > 0 {
                let next = chunk(at: part.offset + part.length)
                async let following = Self.read(reader, next)
                try await writer.write(content)
                content = try await following
                part = next
            }
            try await writer.finish(nil)
        }
    }

    /// - Throws: if the blob has become shorter than it was when it was opened.
    private static func read(_ reader: BlobReader, _ range: ByteRange) async throws -> ByteBuffer {
        guard range.length > 0 else { return ByteBuffer() }
        return try await DiskQueue.run {
            var buffer = ByteBufferAllocator().buffer(capacity: Int(range.length))
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(range.length)) { bytes in
                try reader.read(
                    at: range.offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(range.length)]))
            }
            guard count == Int(range.length) else {
                throw ServiceError(.internalError, "The blob was cut short while it was read.")
            }
            return buffer
        }
    }
}
