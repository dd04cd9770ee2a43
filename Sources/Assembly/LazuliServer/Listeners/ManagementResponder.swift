import HTTPTypes
import Hummingbird
import LazuliARMFace
import LazuliDomain
import LazuliIdentityFace
import LazuliMLflowFace
import LazuliResources

/// The management listener's path of a request: identity → discovery → MLflow → management.
struct ManagementResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let identity: IdentityFace
    let mlflow: MLflowListener
    let management: ARMFace
    let baseURL: String

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        if let response = try await identity.respond(to: request, context: context) { return response }
        if let response = discovery(request) { return response }
        if let response = await mlflow.respond(to: request) { return response }
        return await management.respond(to: request, baseURL: baseURL)
    }

    /// What clients read before they have a token.
    private func discovery(_ request: Request) -> Response? {
        switch request.uri.path {
        case "/discovery", "/discovery/":
            return .json([
                "api": .string(baseURL), "catalog": .string(baseURL), "experimentation": .string(baseURL),
                "gallery": .string(baseURL), "history": .string(baseURL), "hyperdrive": .string(baseURL),
                "labeling": .string(baseURL), "modelmanagement": .string(baseURL), "pipelines": .string(baseURL),
                "studio": .string(baseURL),
            ])
        case "/": return .json(["name": "Lazuli", "documentation": "Run `lazuli --help`."])
        default: return nil
        }
    }
}

extension Response {
    static func json(_ body: JSON) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}
