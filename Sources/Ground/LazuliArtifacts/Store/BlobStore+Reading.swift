import Foundation
import LazuliResources

extension BlobStore {
    /// What is known of a blob.
    /// - Throws: `notFound`, naming the container or the blob.
    public func properties(of address: BlobAddress) throws -> BlobProperties {
        let container = try folder(of: address.container)
        guard let (status, record) = try current(address, in: container) else { throw BlobFault.noBlob(address) }
        return BlobProperties(of: address.name, status, record)
    }

    /// Opens a blob; later changes of the name do not touch what the reader sees, unless a program writes the file in
    /// its place.
    /// - Throws: `notFound`, naming the container or the blob.
    public func open(_ address: BlobAddress) throws -> BlobReader {
        let container = try folder(of: address.container)
        let segments = address.name.segments
        guard let name = segments.last, let parent = try container.folder(at: segments.dropLast()),
            let file = try parent.file(name)
        else { throw BlobFault.noBlob(address) }
        let status = try file.status()
        let record = sidecar(of: address).record(fitting: status)
        return BlobReader(file: file, properties: BlobProperties(of: address.name, status, record), record: record)
    }

    /// The file that stands at a name now, and the record that fits it; nil if there is none.
    func current(_ address: BlobAddress, in container: Folder) throws -> (status: FileStatus, record: BlobRecord?)? {
        let segments = address.name.segments
        guard let name = segments.last, let parent = try container.folder(at: segments.dropLast()),
            let status = parent.status(of: name), status.kind == .file
        else { return nil }
        return (status, sidecar(of: address).record(fitting: status))
    }
}

/// An open blob.
public final class BlobReader: Sendable {
    public let properties: BlobProperties
    let file: OpenFile
    let record: BlobRecord?

    init(file: OpenFile, properties: BlobProperties, record: BlobRecord?) {
        self.file = file
        self.properties = properties
        self.record = record
    }

    /// Reads from an offset until the buffer is full or the blob ends.
    /// - Returns: the bytes read; fewer than the buffer takes only at the end.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try file.read(at: offset, into: buffer)
    }
}
