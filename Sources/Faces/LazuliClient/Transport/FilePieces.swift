import Foundation
import LazuliResources
import NIOCore

/// The bytes of a file, a piece at a time, so that a body of any size takes little memory.
struct FilePieces: AsyncSequence, Sendable {
    private static let piece = 1 << 20
    private let path: String
    /// In bytes, when the reading begins.
    let size: Int64

    init(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ServiceError(.notFound, "The file \(path) cannot be read.") }
        self.path = path
        size = Int64(status.st_size)
    }

    func makeAsyncIterator() -> Iterator { Iterator(file: FileHandle(forReadingAtPath: path), path: path) }

    struct Iterator: AsyncIteratorProtocol {
        let file: FileHandle?
        let path: String

        mutating func next() async throws -> ByteBuffer? {
            guard let file else { throw ServiceError(.notFound, "The file \(path) cannot be read.") }
            guard let data = try file.read(upToCount: FilePieces.piece), !data.isEmpty else { return nil }
            return ByteBuffer(bytes: data)
        }
    }
}
