import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The storage that comes with a workspace: an account, a container a built-in datastore, and the datastores' records.
struct WorkspaceStorage {
    let guid: String

    /// Storage account names are 3 to 24 lower-case letters and digits.
    var account: String { "lazuli" + guid.replacing("-", with: "").prefix(12) }

    private struct BuiltIn {
        let name: String
        let container: String
        let type: String
    }

    private var builtIn: [BuiltIn] {
        [
            BuiltIn(name: BuiltInDatastore.blob, container: "azureml-blobstore-\(guid)", type: "AzureBlob"),
            BuiltIn(name: BuiltInDatastore.artifacts, container: "azureml", type: "AzureBlob"),
            BuiltIn(name: BuiltInDatastore.files, container: "azureml-filestore-\(guid)", type: "AzureFile"),
            BuiltIn(name: BuiltInDatastore.workingDirectory, container: "code-\(guid.prefix(8))", type: "AzureFile"),
        ]
    }

    var containers: [String] { builtIn.map(\.container) }

    func datastores(in scope: WorkspaceScope, by: String, at: Int64) -> [DocumentTable.Draft] {
        builtIn.map { store in
            let place = store.type == "AzureBlob" ? "containerName" : "fileShareName"
            let properties: JSON = [
                "datastoreType": .string(store.type), "accountName": .string(account), place: .string(store.container),
                "protocol": "https", "isDefault": .bool(store.name == BuiltInDatastore.blob), "tags": .emptyObject,
                "properties": .emptyObject, "credentials": ["credentialsType": "AccountKey"],
            ]
            return DocumentTable.Draft(
                key: DocumentKey(kind: DatastoreFeature.kind.tableName, scope: scope.key, name: store.name),
                body: ["properties": properties], by: by, at: at)
        }
    }
}
