import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources
import NIOCore

/// Takes a request's body to the disk, piece by piece: no more than one batch is in memory, and the sender waits while
/// the disk does.
struct IncomingContent {
    /// How much is gathered before it is written, in bytes.
    static let batch = 512 << 10

    let request: BlobRequest
    let body: RequestBody

    /// - Throws: `invalidArgument` if the body is cut short or does not have the MD5 that the request declares.
    func write(to address: BlobAddress, in store: BlobStore) async throws -> BlobWriter {
        let expected = try declaredMD5()
        let writer = try await DiskQueue.run { try store.writer(for: address, hashing: expected == nil ? [] : [.md5]) }
        var gathered: [ByteBuffer] = []
        var size = 0
        for try await buffer in body {
            gathered.append(buffer)
            size += buffer.readableBytes
            guard size >= Self.batch else { continue }
            try await write(gathered, to: writer)
            (gathered, size) = ([], 0)
        }
        try await write(gathered, to: writer)
        try checkLength(writer.size)
        if let expected { try writer.requireMD5(expected) }
        return writer
    }

    private func write(_ buffers: [ByteBuffer], to writer: BlobWriter) async throws {
        guard !buffers.isEmpty else { return }
        try await DiskQueue.run {
            for buffer in buffers { try buffer.withUnsafeReadableBytes { try writer.append($0) } }
        }
    }

    private func checkLength(_ size: Int64) throws {
        guard let declared = try request.number("content-length"), declared != size else { return }
        throw ServiceError(
            .invalidArgument, "The body has \(size) bytes and Content-Length says \(declared). Send it again.",
            cause: "IncompleteBody")
    }

    private func declaredMD5() throws -> [UInt8]? {
        guard let text = request.header("content-md5") else { return nil }
        guard let bytes = Data(base64Encoded: text), bytes.count == 16 else {
            throw ServiceError(
                .invalidArgument, "Content-MD5 is \"\(text.prefix(80))\" and should be base64 of 16 bytes.",
                target: "Content-MD5", cause: "InvalidMd5")
        }
        return Array(bytes)
    }
}
