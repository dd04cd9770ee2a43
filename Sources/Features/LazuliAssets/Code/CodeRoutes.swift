import LazuliDomain
import LazuliPersistence
import LazuliResources

extension AssetsFeature {
    /// Code is looked up by its content's hash over the whole workspace, whatever name the client made up for it.
    var codeRoutes: [Route] {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in Self.filled(body) }
        behaviour.fingerprint = { $0["properties"]["properties"]["hash_sha256"].string }
        let documents = documents(AssetKinds.codes, behaviour)
        let kind = AssetKinds.codes
        let versions = kind.collectionPath + "/{name}/versions"
        let list = Route("GET", versions, "Codes_ListVersions", action: kind.action("read")) { call in
            guard let hash = call.query["hash"] else { return try await documents.listVersions(call) }
            let scope = try call.workspaceScope().key
            let found = try await documents.database.read {
                try DocumentTable.fetch(fingerprint: hash, kind: kind.tableName, scope: scope, $0)
            }
            guard let found else { return .json(200, ["value": []]) }
            return .json(200, ["value": .array([try await documents.resource(found, call)])])
        }
        let others = documents.routes().filter { $0.operationID != list.operationID }
        return others + [list, pendingUpload(kind)]
    }
}
