import LazuliArtifacts
package import LazuliDomain
package import LazuliPersistence
package import LazuliResources

/// Data, models, environments, components and code: named, versioned, never changed.
package struct AssetsFeature: Sendable {
    let database: StateDatabase
    let clock: WallClock
    let service: AssetService
    let locator: DataLocator
    let uploads: PendingUploads

    package init(
        database: StateDatabase, clock: WallClock, service: AssetService, locator: DataLocator, uploads: PendingUploads
    ) {
        self.database = database
        self.clock = clock
        self.service = service
        self.locator = locator
        self.uploads = uploads
    }

    package var routes: [Route] {
        documents(AssetKinds.data, dataBehaviour).routes()
            + documents(AssetKinds.models, modelBehaviour).routes()
            + environmentRoutes + componentRoutes + codeRoutes
            + [AssetKinds.data, AssetKinds.models].map(pendingUpload)
    }

    func documents(_ kind: DocumentKind, _ behaviour: DocumentBehaviour) -> DocumentService {
        DocumentService(kind, database: database, clock: clock, behaviour: behaviour)
    }

    /// Every asset shows its tags and free properties as objects, also when none were given.
    static func filled(_ body: JSON) -> JSON {
        var body = body
        for member in ["tags", "properties"] where body["properties"][member].isNull {
            body["properties"][member] = .emptyObject
        }
        for member in ["isArchived", "isAnonymous"] where body["properties"][member].isNull {
            body["properties"][member] = false
        }
        return body
    }

    private var dataBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        let locator = locator
        behaviour.prepare = { body, call in
            var body = Self.filled(body)
            let given = body["properties"]["dataUri"].string ?? ""
            body["properties"]["dataUri"] = .string(try await locator.address(of: given, in: try call.workspaceScope()))
            return body
        }
        behaviour.containerProperties = { [("dataType", $0["dataType"])] }
        return behaviour
    }

    func pendingUpload(_ kind: DocumentKind) -> Route {
        let path = kind.collectionPath + "/{name}/versions/{version}/startPendingUpload"
        let uploads = uploads
        return Route("POST", path, "\(kind.plural)_StartPendingUpload", action: kind.action("write")) { call in
            try await uploads.start(call)
        }
    }
}
