public import Foundation
import LazuliResources
import Synchronization

/// Accounts, containers and blobs as plain files: copy the folder and you have copied the data.
///
/// All calls block on the disk; callers on an event loop take them elsewhere. What a call has acknowledged is on the
/// disk; what it has not is invisible. Every failure is a `ServiceError` with a `BlobFault` as its cause, or an
/// `internalError` for a fault of the disk.
public struct BlobStore: Sendable {
    /// The folder of all accounts.
    public let root: URL
    let layout: StoreLayout
    let locks = BlobLocks()

    /// Opens the store in a folder, which need not exist yet, and removes what broken uploads have left there.
    public init(root: URL) {
        self.root = root
        layout = StoreLayout(root: root)
        removeAbandonedUploads()
    }

    /// Where a container's files are, whether it exists or not.
    public func url(of container: ContainerAddress) -> URL { layout.container(container) }

    /// The folder of a container by its names.
    /// - Throws: `invalidArgument` for impossible names.
    public func url(account: String, container: String) throws -> URL {
        url(of: try ContainerAddress(account: account, container: container))
    }

    /// The file of a blob, whether it exists or not. The path stays within its container as long as no symbolic link
    /// stands in it.
    public func location(of address: BlobAddress) -> URL {
        layout.container(address.container).appending(path: address.name.text, directoryHint: .notDirectory)
    }
}

extension BlobStore {
    /// Makes a container.
    /// - Returns: false if it existed already.
    @discardableResult
    public func createContainer(_ address: ContainerAddress) throws -> Bool {
        let account = try Folder.make(layout.account(address.account))
        if mkdirat(account.handle.descriptor, address.container, 0o755) == 0 {
            try account.handle.synchronize()
            return true
        }
        if errno == EEXIST { return false }
        throw FileFault.error("make a container", layout.container(address).path)
    }

    /// Deletes a container with all its blobs, their metadata and blocks.
    /// - Throws: `notFound` if there is no such container.
    public func deleteContainer(_ address: ContainerAddress) throws {
        let grave = try prepareUploads(address.account).appending(path: "deleted-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: grave, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: grave) }
        let target = grave.appending(path: "container").path
        guard rename(layout.container(address).path, target) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw BlobFault.noContainer(address) }
            throw FileFault.error("delete a container", layout.container(address).path)
        }
        try Folder.open(layout.account(address.account))?.handle.synchronize()
        rename(layout.sidecars(address).path, grave.appending(path: "metadata").path)
        rename(layout.blocks(address).path, grave.appending(path: "blocks").path)
    }

    public func containerExists(_ address: ContainerAddress) -> Bool {
        (try? Folder.open(layout.container(address))) != nil
    }

    /// What is known of a container.
    /// - Throws: `notFound` if there is no such container.
    public func properties(of address: ContainerAddress) throws -> ContainerProperties {
        ContainerProperties(address.container, try folder(of: address).handle.status())
    }

    /// The containers of an account in the order of their names; none for an account without any.
    public func listContainers(account: String) throws -> [ContainerProperties] {
        try ContainerAddress.checkAccount(account)
        guard let folder = try Folder.open(layout.account(account)) else { return [] }
        return try folder.entries()
            .filter { $0.isFolder && ContainerAddress.isContainerName($0.name) }
            .sorted { $0.name < $1.name }
            .compactMap { entry in folder.status(of: entry.name).map { ContainerProperties(entry.name, $0) } }
    }

    func folder(of address: ContainerAddress) throws -> Folder {
        guard let folder = try Folder.open(layout.container(address)) else { throw BlobFault.noContainer(address) }
        return folder
    }

    func sidecar(of address: BlobAddress) -> Sidecar {
        Sidecar(url: layout.sidecar(address), uploads: layout.uploads(address.container.account))
    }

    /// The folder in which an account's files are written before they take their place, made where it is missing.
    func prepareUploads(_ account: String) throws -> URL {
        let url = layout.uploads(account)
        _ = try Folder.make(url)
        return url
    }
}

/// What is known of a container without looking into it.
public struct ContainerProperties: Sendable, Equatable {
    public let name: String
    public let lastModified: Date
    /// With its quotes.
    public let etag: String

    init(_ name: String, _ status: FileStatus) {
        self.name = name
        lastModified = Date(timeIntervalSince1970: Double(status.modified) / 1e9)
        etag = "\"0x" + String(status.modified, radix: 16, uppercase: true) + "\""
    }
}
