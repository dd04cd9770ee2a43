public import LazuliResources

/// Opens datastores: asks where their container is and for a key to it.
public struct DatastoreAccess: Sendable {
    private let arm: ARMClient
    private let scope: WorkspaceScope

    /// Where uploads go when nobody says otherwise; the stock client knows it by this name too.
    public static let defaultName = "workspaceblobstore"

    public init(arm: ARMClient, scope: WorkspaceScope) {
        self.arm = arm
        self.scope = scope
    }

    /// A client for the container of this datastore.
    public func open(_ datastore: String) async throws -> BlobClient {
        let path = "\(scope.id)/datastores/\(PercentEncoding.segment(datastore))"
        let properties = try await arm.get(path)["properties"]
        guard let container = properties["containerName"].string, let account = properties["accountName"].string else {
            let type = properties["datastoreType"].string ?? "unknown"
            throw ServiceError(
                .invalidArgument,
                "The datastore \(datastore) is of type \(type); only blob datastores can be read "
                    + "and written from here.")
        }
        let url = try await storageAddress(account: account) + "/" + PercentEncoding.segment(container)
        let signature = try await signature(path, properties["credentials"]["credentialsType"].string)
        return client(BlobContainer(url: url, signature: signature))
    }

    /// A client for a container whose signed address is known.
    public func client(_ container: BlobContainer) -> BlobClient {
        BlobClient(container: container, transport: arm.transport, tokens: arm.tokens)
    }

    private func signature(_ path: String, _ credentialsType: String?) async throws -> String? {
        guard credentialsType != "None" else { return nil }
        let secrets = try await arm.post(
            path + "/listSecrets", ["expirableSecret": true, "expireAfterHours": 1])
        // An account key would have to sign each request; the caller's own token opens the same door.
        return secrets["sasToken"].string
    }

    /// `https://host:port` of the blob face, from the document that describes this cloud.
    private func storageAddress(account: String) async throws -> String {
        let answer = try await arm.transport.send(
            Request("GET", arm.profile.api + "/metadata/endpoints?api-version=2019-05-01", timeout: 30))
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: "reading the cloud's description") }
        let body = try answer.json()
        let suffix = (body.array?.first ?? body)["suffixes"]["storage"].string ?? ""
        guard let at = suffix.firstIndex(of: "@") else { return "https://\(account).blob.\(suffix)" }
        return "https://" + suffix[suffix.index(after: at)...]
    }
}
