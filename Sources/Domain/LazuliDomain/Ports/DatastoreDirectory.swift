public import Foundation
public import LazuliResources

/// Where the bytes of a datastore lie: a folder of the state folder.
public struct DatastoreLocation: Sendable {
    public let account: String
    public let container: String
    public let folder: URL

    public init(account: String, container: String, folder: URL) {
        self.account = account
        self.container = container
        self.folder = folder
    }
}

/// The datastores of a workspace as other features see them.
public protocol DatastoreDirectory: Sendable {
    /// - Throws: `notFound`, with the nearest name there is.
    func location(ofDatastore name: String, in scope: WorkspaceScope) async throws -> DatastoreLocation

    /// The name of the datastore that uploads and outputs go to when none is named.
    func defaultDatastore(in scope: WorkspaceScope) async throws -> String

    /// The storage account that came with the workspace.
    func account(of scope: WorkspaceScope) async throws -> String

    /// The folder of a container of any account that this server holds; nil if there is no such container here.
    func folder(account: String, container: String) async throws -> URL?
}

/// The names of the datastores every workspace is made with.
public enum BuiltInDatastore {
    public static let blob = "workspaceblobstore"
    public static let artifacts = "workspaceartifactstore"
    public static let files = "workspacefilestore"
    public static let workingDirectory = "workspaceworkingdirectory"
}
