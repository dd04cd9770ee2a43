import Foundation
import LazuliResources
import NIOCore

/// Told how many bytes more have gone over the wire.
public typealias TransferReport = @Sendable (_ bytes: Int64) -> Void

extension BlobClient {
    /// Bytes of one block, as the stock client cuts them.
    static let blockSize = 4 << 20
    /// Requests of one blob under way at a time.
    static let lanes = 4

    /// Uploads a file: in one request if it fits in a block, else in blocks, some at a time, in constant memory.
    public func upload(file path: String, to name: String, report: @escaping TransferReport = { _ in }) async throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ServiceError(.notFound, "The file \(path) cannot be read.")
        }
        defer { try? file.close() }
        let first = try Self.block(of: file)
        guard first.count == Self.blockSize else {
            try await put(first, at: name)
            return report(Int64(first.count))
        }
        try await uploadBlocks(of: file, first: first, to: name, report)
    }

    private func uploadBlocks(
        of file: FileHandle, first: [UInt8], to name: String, _ report: @escaping TransferReport
    ) async throws {
        var ids: [String] = []
        var block = first
        try await withThrowingTaskGroup(of: Void.self) { group in
            while !block.isEmpty {
                if ids.count >= Self.lanes { try await group.next() }
                let id = Data(String(format: "%08d", ids.count).utf8).base64EncodedString()
                ids.append(id)
                group.addTask { [block] in
                    try await putBlock(block, id: id, of: name)
                    report(Int64(block.count))
                }
                block = try Self.block(of: file)
            }
            try await group.waitForAll()
        }
        try await putBlockList(ids, of: name)
    }

    private static func block(of file: FileHandle) throws -> [UInt8] {
        Array(try file.read(upToCount: blockSize) ?? Data())
    }

    /// Downloads a blob into a file that is made new; its folders are made too. Large blobs come in ranges, some at a time.
    public func download(_ item: BlobItem, to path: String, report: @escaping TransferReport = { _ in }) async throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ServiceError(.invalidArgument, "The file \(path) cannot be written.") }
        defer { try? file.close() }
        if item.size <= Int64(Self.blockSize) * 2 {
            try await copy(item, into: file, report)
        } else {
            try await copyRanges(of: item, into: file, report)
        }
    }

    private func copy(_ item: BlobItem, into file: FileHandle, _ report: TransferReport) async throws {
        let answer = try await transport.stream(try await request("GET", item.name)) { piece in
            try file.write(contentsOf: Data(piece.readableBytesView))
            report(Int64(piece.readableBytes))
        }
        guard answer.isSuccess else { throw Self.error(in: answer, while: "reading \(item.name)") }
    }

    private func copyRanges(of item: BlobItem, into file: FileHandle, _ report: @escaping TransferReport) async throws {
        let descriptor = file.fileDescriptor
        let length = Int64(Self.blockSize)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var started = 0
            for start in stride(from: Int64(0), to: item.size, by: Int64.Stride(length)) {
                if started >= Self.lanes { try await group.next() }
                started += 1
                group.addTask {
                    let bytes = try await read(start..<min(start + length, item.size), of: item.name)
                    try Self.write(bytes, at: start, descriptor)
                    report(Int64(bytes.count))
                }
            }
            try await group.waitForAll()
        }
    }

    private static func write(_ bytes: [UInt8], at offset: Int64, _ descriptor: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { whole in
                let rest = UnsafeRawBufferPointer(rebasing: whole[done...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            }
            guard count > 0 else {
                throw ServiceError(.insufficientStorage, "Writing failed: \(String(cString: strerror(errno))).")
            }
            done += count
        }
    }
}
