import Hummingbird
import LazuliARMFace
import LazuliDomain
import LazuliMLflowFace
import LazuliResources

/// Settles who calls MLflow's API, and in which workspace.
struct MLflowListener: Sendable {
    let face: MLflowFace
    let tokens: any TokenVerifier
    let secrets: any SecretVerifier
    let workspaces: any WorkspaceDirectory
    let defaultScope: WorkspaceScope
    /// Who speaks when no credential is given; nil demands one.
    let anonymous: Caller?
    /// `http` or `https`.
    let scheme: String
    /// `azureml://HOST:PORT` where Azure's plugin calls, which it does by TLS alone; nil elsewhere.
    let azureAddress: String?

    /// Answers a request, or nil when its path is not MLflow's.
    func respond(to request: Request) async -> Response? {
        guard let (rest, named) = MLflowFace.match(request.uri.path) else { return nil }
        do {
            let caller = MLflowFace.isSigned(rest) ? Self.signed : try await caller(of: request)
            let scope = try await workspaces.find(named ?? defaultScope)
            return await face.respond(
                to: request, path: rest, scope: scope, caller: caller, scheme: scheme,
                azureBase: azureBase(of: request, scope))
        } catch {
            return MLflowFace.response(for: error)
        }
    }

    private func azureBase(of request: Request, _ scope: WorkspaceScope) -> String? {
        guard let azureAddress, request.headers[.userAgent]?.contains("azureml-mlflow/") == true else { return nil }
        return azureAddress + scope.id
    }

    /// Who writes to an address that the server signed: whoever was given it.
    private static let signed = Caller(objectID: "", name: "the holder of a signed address")

    private func caller(of request: Request) async throws -> Caller {
        guard let header = request.headers[.authorization] else {
            if let anonymous { return anonymous }
            throw ServiceError(
                .unauthenticated,
                "MLflow needs a token here: set MLFLOW_TRACKING_TOKEN, or run `eval \"$(lazuli env)\"`.")
        }
        // MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, from clients that cannot fetch tokens.
        if let basic = BasicCredentials(header: header) {
            return try await secrets.caller(ofClient: basic.name, secret: basic.password)
        }
        return try await BearerToken.caller(of: request, tokens)
    }
}

/// The plain listener: MLflow's API for the default workspace and all others, and a health check.
struct PlainResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let mlflow: MLflowListener

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        if let response = await mlflow.respond(to: request) { return response }
        if request.uri.path == "/" {
            return .json(["name": "Lazuli", "mlflow": "/api/2.0/mlflow", "health": "/health"])
        }
        return Response(status: .notFound)
    }
}
