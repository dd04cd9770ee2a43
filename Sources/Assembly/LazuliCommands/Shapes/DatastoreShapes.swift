import LazuliResources

/// Datastores of all types and their credentials.
enum DatastoreShapes {
    static let datastore = Fields(
        [
            .local("name"), SharedRows.id, .optional("description", at: "properties.description"),
            SharedRows.tags.under("properties"), .optional("credentials", credentials, at: "properties.credentials"),
            .shown("is_default", at: "properties.isDefault"), SharedRows.creationContext,
        ],
        variants: Variants(
            "type", at: "properties.datastoreType",
            [
                ("azure_blob", "AzureBlob", (storage + [.required("container_name")]).under("properties")),
                ("azure_file", "AzureFile", (storage + [.required("file_share_name")]).under("properties")),
                (
                    "azure_data_lake_gen2", "AzureDataLakeGen2",
                    (storage + [.required("filesystem")]).under("properties")
                ),
                ("azure_data_lake_gen1", "AzureDataLakeGen1", [Row.required("store_name")].under("properties")),
                (
                    "one_lake", "OneLake",
                    [
                        Row.required("one_lake_workspace_name"), .optional("endpoint"), .optional("artifact", .any),
                    ].under("properties")
                ),
            ]))

    /// A datastore without credentials is read as the caller.
    @Sendable static func withCredentials(_ body: JSON) -> JSON {
        guard body["properties"]["credentials"].isNull else { return body }
        var copy = body
        copy["properties"]["credentials"] = ["credentialsType": "None"]
        return copy
    }

    private static let storage: [Row] = [.required("account_name"), .optional("endpoint"), .optional("protocol")]

    /// The file names the secret; the wire names the kind of credentials and puts the secret one level below.
    private static let credentials = Shape.coded(
        .object(
            Fields(
                .texts(
                    "account_key", "sas_token", "tenant_id", "client_id", "client_secret", "authority_url",
                    "resource_url",
                    "thumbprint", "certificate"))),
        Codec(encode: wire, decode: file))

    private static func wire(_ value: JSON) -> JSON {
        func with(_ type: String, _ secrets: [(String, JSON)], _ rest: [(String, JSON?)] = []) -> JSON {
            let secret = JSON.object(dropping: [("secretsType", .string(type))] + secrets.map { ($0.0, $0.1) })
            return .object(dropping: [("credentialsType", .string(type))] + rest + [("secrets", secret)])
        }
        let tenant: [(String, JSON?)] = ["tenantId", "clientId", "authorityUrl", "resourceUrl", "thumbprint"]
            .map { ($0, value[$0].known) }
        if let key = value["accountKey"].string { return with("AccountKey", [("key", .string(key))]) }
        if let token = value["sasToken"].string { return with("Sas", [("sasToken", .string(token))]) }
        if !value["clientSecret"].isNull {
            return with("ServicePrincipal", [("clientSecret", value["clientSecret"])], tenant)
        }
        if !value["thumbprint"].isNull { return with("Certificate", [("certificate", value["certificate"])], tenant) }
        return ["credentialsType": "None"]
    }

    /// Answers hold no secrets; what they hold of the rest is shown.
    private static func file(_ value: JSON) -> JSON {
        var members = value.object ?? JSONObject()
        members["credentialsType"] = nil
        members["secrets"] = nil
        return members.isEmpty ? .null : .object(members)
    }
}
