import LazuliDomain
package import LazuliPersistence
import LazuliResources

/// Datastores: names for places where data lies. Source: `Datastores` of the published specification.
package enum DatastoreFeature {
    package static let kind = DocumentKind(
        "Datastores", singular: "datastore", at: "datastores", properties: properties)

    private static let common: [Field] =
        SharedSchemas.resource + [
            .optional("credentials", credentials), .optional("isDefault", .boolean),
            .optional("subscriptionId", .string), .optional("resourceGroup", .string), .optional("endpoint", .string),
            .optional("protocol", .string), .optional("serviceDataAccessAuthIdentity", .string),
            .optional("intellectualProperty", .any),
        ]

    private static let properties: Schema = .tagged(
        by: "datastoreType",
        [
            "AzureBlob": .object(common + [.required("accountName", .string), .required("containerName", .string)]),
            "AzureFile": .object(common + [.required("accountName", .string), .required("fileShareName", .string)]),
            "AzureDataLakeGen2": .object(
                common + [.required("accountName", .string), .required("filesystem", .string)]),
            "AzureDataLakeGen1": .object(common + [.required("storeName", .string)]),
            "OneLake": .object(
                common + [.required("oneLakeWorkspaceName", .string), .required("artifact", .any)]),
        ])

    private static let credentials: Schema = .tagged(
        by: "credentialsType",
        [
            "AccountKey": .object([.optional("secrets", secret("AccountKey", "key"))]),
            "Sas": .object([.optional("secrets", secret("Sas", "sasToken"))]),
            "ServicePrincipal": .object(
                [.optional("secrets", secret("ServicePrincipal", "clientSecret"))]
                    + .strings("authorityUrl", "clientId", "resourceUrl", "tenantId")),
            "Certificate": .object(
                [.optional("secrets", secret("Certificate", "certificate"))]
                    + .strings("authorityUrl", "clientId", "resourceUrl", "tenantId", "thumbprint")),
            "None": .object([.optional("secrets", .any)]),
        ])

    private static func secret(_ type: String, _ member: String) -> Schema {
        .object([.optional("secretsType", .oneOf([type])), .required(member, .string)])
    }
}

/// The part of a datastore's properties that says where its bytes lie.
struct DatastorePlace {
    let account: String
    let container: String

    /// - Throws: `notImplemented` for stores that hold no containers here.
    init(_ properties: JSON) throws {
        let member: String
        switch properties["datastoreType"].string {
        case "AzureBlob": member = "containerName"
        case "AzureFile": member = "fileShareName"
        case "AzureDataLakeGen2": member = "filesystem"
        default:
            throw ServiceError(
                .notImplemented,
                "Datastores of type \(properties["datastoreType"].string ?? "?") can be described but not read here. "
                    + "Use AzureBlob, AzureFile or AzureDataLakeGen2.")
        }
        account = properties["accountName"].string ?? ""
        container = properties[member].string ?? ""
    }
}
