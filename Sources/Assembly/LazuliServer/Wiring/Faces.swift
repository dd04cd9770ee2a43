import Hummingbird
import LazuliARMFace
import LazuliAccess
import LazuliBlobFace
import LazuliDomain
import LazuliIdentityFace
import LazuliMLflowFace
import LazuliResources
import LazuliTracking
import LazuliWorkspaces

/// The three listeners' responders over the features.
struct Faces: Sendable {
    let management: ManagementResponder
    let plain: PlainResponder
    let blob: BlobFace

    init(_ ground: ServerGround, _ features: Features, _ table: RouteTable) {
        let access = ground.access
        let mlflow = Self.mlflow(ground, features)
        func listener(anonymous: Caller?, scheme: String, azureAddress: String? = nil) -> MLflowListener {
            MLflowListener(
                face: mlflow, tokens: access.tokens, secrets: access.principals, workspaces: features.workspaces,
                defaultScope: ground.settings.first.scope, anonymous: anonymous, scheme: scheme,
                azureAddress: azureAddress)
        }
        management = ManagementResponder(
            identity: IdentityFace(settings: ground.identity, access: access),
            mlflow: listener(
                anonymous: nil, scheme: "https",
                azureAddress: "azureml" + ground.addresses.api.dropFirst("https".count)),
            management: ARMFace(
                table: table, tokens: access.tokens, authorizer: access.authorizer, workspaces: features.workspaces,
                logger: ground.logger),
            baseURL: ground.addresses.api)
        plain = PlainResponder(
            mlflow: listener(anonymous: ground.settings.requireToken ? nil : ground.owner, scheme: "http"))
        blob = BlobFace(
            store: ground.blobs, accounts: features.accounts, tokens: access.tokens, authorizer: access.authorizer,
            logger: ground.logger, clock: ground.clock)
    }

    private static func mlflow(_ ground: ServerGround, _ features: Features) -> MLflowFace {
        let datastores = features.datastores, locator = features.locator
        return MLflowFace(
            store: features.tracking, authorizer: ground.access.authorizer,
            artifactRoot: {
                try await datastores.location(ofDatastore: BuiltInDatastore.artifacts, in: $0).folder
            },
            modelFiles: { scope, address in
                guard case .here(let files) = try await locator.place(of: address, kind: .models, in: scope) else {
                    throw ServiceError(.notFound, "The model's files lie at \(address), which is not on this server.")
                }
                return files
            }, clock: ground.clock)
    }
}
