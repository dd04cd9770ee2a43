import Foundation
import LazuliResources

/// The name of a block within its blob: up to 64 bytes, base64 on the wire.
public struct BlockID: Hashable, Sendable {
    /// As the client wrote it.
    public let text: String
    /// A name that any file system takes.
    let fileName: String

    /// - Throws: `invalidArgument` unless this is base64 of 1 to 64 bytes.
    public init(_ text: String) throws {
        guard let bytes = Data(base64Encoded: text), (1...64).contains(bytes.count) else {
            throw BlobFault.invalidBlockID.error(
                "\"\(text.prefix(100))\" is no block id. Send base64 of 1 to 64 bytes.", target: "blockid")
        }
        self.text = text
        fileName = bytes.hexadecimal
    }

    init?(fileName: String) {
        var bytes = Data()
        var rest = fileName.utf8[...]
        while !rest.isEmpty {
            guard let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        try? self.init(bytes.base64EncodedString())
    }
}

/// An entry of a block list: which block, and where to look for it.
public struct BlockReference: Sendable, Equatable {
    public enum Place: String, Sendable {
        case committed = "Committed"
        case uncommitted = "Uncommitted"
        /// The uncommitted block if there is one, else the committed one.
        case latest = "Latest"
    }

    public let place: Place
    public let id: BlockID

    public init(_ place: Place, _ id: BlockID) {
        self.place = place
        self.id = id
    }
}
