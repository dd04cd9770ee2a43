import LazuliDomain
import LazuliPersistence
import LazuliResources

extension AssetsFeature {
    var environmentRoutes: [Route] {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in
            let properties = body["properties"]
            guard ["image", "condaFile", "build"].contains(where: { !properties[$0].isNull }) else {
                throw ServiceError(
                    .invalidArgument, "An environment needs an image, a conda file or a build context.",
                    target: "$.properties")
            }
            return Self.filled(body)
        }
        let documents = documents(AssetKinds.environments, behaviour)
        let service = service
        return documents.routes([.list, .put, .patch, .delete])
            + documents.routes([.get]).map { route in
                Self.withAliases(route, service, documents)
            }
    }

    /// Reading an old curated name shows the environment that is kept in its place.
    private static func withAliases(_ route: Route, _ service: AssetService, _ documents: DocumentService) -> Route {
        Route(route.method, route.path, route.operationID, action: route.action) { call in
            do {
                return try await route.handle(call)
            } catch let missing as ServiceError where missing.code == .notFound {
                let name = try call.parameter("name"), version = call.parameters["version"] ?? "1"
                let reference = try AssetReference("\(name):\(version)", kind: .environments)
                guard let kept = service.curated.kept(reference) else { throw missing }
                var redirected = call
                redirected.parameters["name"] = kept.name
                if call.parameters["version"] != nil { redirected.parameters["version"] = "latest" }
                return try await route.handle(redirected)
            }
        }
    }
}
