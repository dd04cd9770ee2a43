import Crypto
import Foundation
import LazuliResources

/// Where everything of the store lies on the disk.
///
/// ```
/// <root>/<account>/<container>/<blob path>      the blobs, plain files
/// <root>/<account>/.metadata/<container>/…      what a file cannot say of itself
/// <root>/<account>/.blocks/<container>/…        blocks that no list has committed yet
/// <root>/<account>/.uploads/                    files that are being written
/// ```
///
/// No container name begins with a dot, so no blob name reaches the last three.
struct StoreLayout: Sendable {
    static let metadataFolder = ".metadata"
    static let blocksFolder = ".blocks"
    static let uploadsFolder = ".uploads"

    let root: URL

    func account(_ name: String) -> URL { root.appending(path: name, directoryHint: .isDirectory) }

    func uploads(_ account: String) -> URL {
        self.account(account).appending(path: Self.uploadsFolder, directoryHint: .isDirectory)
    }

    func container(_ address: ContainerAddress) -> URL {
        account(address.account).appending(path: address.container, directoryHint: .isDirectory)
    }

    func sidecars(_ address: ContainerAddress) -> URL {
        account(address.account).appending(
            path: "\(Self.metadataFolder)/\(address.container)", directoryHint: .isDirectory)
    }

    /// Named by the digest of the blob's name: a name of 255 bytes, or one that is also a folder elsewhere, fits.
    func sidecar(_ address: BlobAddress) -> URL {
        let digest = Self.digest(of: address.name)
        return sidecars(address.container).appending(path: "\(digest.prefix(2))/\(digest.dropFirst(2)).json")
    }

    func blocks(_ address: ContainerAddress) -> URL {
        account(address.account).appending(
            path: "\(Self.blocksFolder)/\(address.container)", directoryHint: .isDirectory)
    }

    func blocks(_ address: BlobAddress) -> URL {
        blocks(address.container).appending(path: Self.digest(of: address.name), directoryHint: .isDirectory)
    }

    private static func digest(of name: BlobName) -> String {
        SHA256.hash(data: Data(name.text.utf8)).hexadecimal
    }
}
