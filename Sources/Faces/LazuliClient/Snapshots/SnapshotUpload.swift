import Foundation
public import LazuliResources

/// Sends local files to a workspace: data and models below their content's hash, code as a code version.
public struct SnapshotUpload: Sendable {
    private let arm: ARMClient
    private let scope: WorkspaceScope
    private let watch: @Sendable (UploadEvent) -> Void

    /// - Parameter watch: told what is sent, for people who wait.
    public init(arm: ARMClient, scope: WorkspaceScope, watch: @escaping @Sendable (UploadEvent) -> Void = { _ in }) {
        self.arm = arm
        self.scope = scope
        self.watch = watch
    }

    /// The datastore path of a file or folder, uploaded unless its content is there already.
    public func data(_ path: String, datastore: String? = nil) async throws -> DatastoreURI {
        let rules = IgnoreRules(folder: path)
        let snapshot = try Snapshot(of: path, ignoring: rules)
        let folder = "LocalUpload/" + (try ContentHash.ofAsset(snapshot.root, ignoring: rules))
        let store = datastore ?? DatastoreAccess.defaultName
        let blobs = try await DatastoreAccess(arm: arm, scope: scope).open(store)
        try await send(snapshot, below: folder, to: blobs, named: UUID().uuidString.lowercased())
        let ending = snapshot.isFolder ? "/" : ""
        return DatastoreURI(datastore: store, path: "\(folder)/\(snapshot.rootName)\(ending)")
    }

    /// The id of the code version that holds this folder, made unless the workspace has that content already.
    public func code(_ path: String) async throws -> String {
        let snapshot = try Snapshot.ofCode(path)
        let hash = try ContentHash.ofCode(snapshot)
        let name = UUID().uuidString.lowercased()
        let versions = "\(scope.id)/codes/\(name)/versions"
        let known = try await arm.list(
            versions, query: [("hash", hash), ("hashVersion", String(ContentHash.codeVersion))], limit: 1)
        if let id = known.first?["id"].string { return id }
        let pending = try await arm.post(
            versions + "/1/startPendingUpload", ["pendingUploadType": "TemporaryBlobReference"])
        let reference = pending["blobReferenceForConsumption"]
        guard let signed = reference["credential"]["sasUri"].string, let blob = reference["blobUri"].string else {
            throw ServiceError(.malformedBody, "The server's pending upload names no container to write to.")
        }
        let blobs = DatastoreAccess(arm: arm, scope: scope).client(try BlobContainer(signed: signed))
        try await send(snapshot, below: "", to: blobs, named: name)
        let properties: JSON = ["hash_sha256": .string(hash), "hash_version": JSON(ContentHash.codeVersion)]
        let created = try await arm.change(
            "PUT", versions + "/1",
            body: [
                "properties": [
                    "codeUri": .string("\(blob)/\(snapshot.rootName)"), "isAnonymous": true, "properties": properties,
                ]
            ])
        return created["id"].string ?? versions + "/1"
    }

    private func send(_ snapshot: Snapshot, below folder: String, to blobs: BlobClient, named name: String) async throws
    {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let base = snapshot.isFolder ? prefix + snapshot.rootName + "/" : prefix
        guard let indicator = Self.indicator(snapshot) else { return }
        if let there = try await blobs.properties(of: base + indicator.name),
            there.metadata["upload_status"] == "completed"
        {
            return
        }
        watch(.begins(snapshot))
        try await withThrowingTaskGroup(of: Void.self) { group in
            var started = 0
            for file in snapshot.files {
                if started >= 8 { try await group.next() }
                started += 1
                group.addTask {
                    try await blobs.upload(file: file.path, to: base + file.name) { watch(.sent(bytes: $0)) }
                }
            }
            try await group.waitForAll()
        }
        // The mark comes last: an upload that broke off is found without it and done again.
        try await blobs.setMetadata(
            [("upload_status", "completed"), ("name", name), ("version", "1")], of: base + indicator.name)
        watch(.ends)
    }

    /// The file whose metadata says that all are there: the first one by its full path, as the stock client has it.
    private static func indicator(_ snapshot: Snapshot) -> Snapshot.File? {
        snapshot.files.min { $0.path.unicodeScalars.lexicographicallyPrecedes($1.path.unicodeScalars) }
    }
}

/// What an upload does at the moment.
public enum UploadEvent: Sendable {
    case begins(Snapshot)
    case sent(bytes: Int64)
    case ends
}
