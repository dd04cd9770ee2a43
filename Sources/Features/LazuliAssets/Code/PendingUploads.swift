import Foundation
package import LazuliArtifacts
package import LazuliDomain
package import LazuliResources

/// Hands out a fresh container and a signed link to it, for clients to upload an asset's files into.
///
/// The link names scheme, host and one segment alone: clients join their paths to it and drop the last segment.
package struct PendingUploads: Sendable {
    private let blobs: BlobStore
    private let datastores: any DatastoreDirectory
    private let accounts: any StorageAccounts
    private let clock: WallClock
    /// The part of blob addresses after `{account}.blob.`.
    private let storageSuffix: @Sendable () -> String

    package init(
        blobs: BlobStore, datastores: any DatastoreDirectory, accounts: any StorageAccounts, clock: WallClock,
        storageSuffix: @escaping @Sendable () -> String
    ) {
        self.blobs = blobs
        self.datastores = datastores
        self.accounts = accounts
        self.clock = clock
        self.storageSuffix = storageSuffix
    }

    /// The hours a link to upload by stays good.
    private static let hours = 24.0

    func start(_ call: Call) async throws -> Reply {
        let account = try await datastores.account(of: try call.workspaceScope())
        guard let key = try await accounts.key(ofAccount: account) else {
            throw ServiceError(.internalError, "The workspace's storage account \(account) has no key.")
        }
        let upload = UUID().uuidString.lowercased()
        let container = "upload-\(upload)"
        _ = try blobs.createContainer(ContainerAddress(account: account, container: container))
        let token = try SharedAccessSignature.issue(
            account: account, key: key, container: container,
            expiry: clock.date.addingTimeInterval(Self.hours * 3600))
        let address = "https://\(account).blob.\(storageSuffix())/\(container)"
        return .json(
            200,
            [
                "pendingUploadId": .string(upload),
                "pendingUploadType": call.body["pendingUploadType"].isNull
                    ? "TemporaryBlobReference" : call.body["pendingUploadType"],
                "blobReferenceForConsumption": [
                    "blobUri": .string(address), "storageAccountArmId": "",
                    "credential": ["credentialType": "SAS", "sasUri": .string("\(address)?\(token)")],
                ],
            ])
    }
}
