import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliDomain
import LazuliMLflowFace
import LazuliPersistence
import LazuliResources
import LazuliTracking

/// Lets everything through, or nothing that writes.
struct TestAuthorizer: Authorizer {
    var readsOnly = false

    func require(_ action: String, of caller: Caller, at scope: String) async throws {
        guard readsOnly, action.hasSuffix("/write") else { return }
        throw ServiceError(.forbidden, "\(caller.name) lacks the action \(action).", target: action)
    }
}

/// The face over a store of its own; both go when the test lets go of it.
final class FaceBench: Sendable {
    let folder: URL
    let database: StateDatabase
    let face: MLflowFace
    static let scope = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "ws")

    var artifacts: URL { folder.appending(path: "account/artifacts") }

    init(readsOnly: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "mlflow-face-\(UUID().uuidString)")
        let artifacts = folder.appending(path: "account/artifacts")
        try FileManager.default.createDirectory(at: artifacts, withIntermediateDirectories: true)
        database = try StateDatabase(
            path: folder.appending(path: "state.sqlite").path,
            migrations: [DocumentTable.migration] + TrackingFeature.migrations)
        face = MLflowFace(
            store: TrackingStore(database: database), authorizer: TestAuthorizer(readsOnly: readsOnly),
            artifactRoot: { _ in artifacts })
    }

    deinit {
        try? database.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs calls against the face as a listener would make them.
    func test(_ body: @escaping @Sendable (FaceClient) async throws -> Void) async throws {
        let face = face
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            guard let (rest, scope) = MLflowFace.match(request.uri.path) else { return Response(status: .notFound) }
            return await face.respond(
                to: request, path: rest, scope: scope ?? Self.scope, caller: Caller(objectID: "1", name: "ann"))
        }
        let application = Application(responder: responder)
        try await application.test(.router) { client in try await body(FaceClient(client: client)) }
    }
}

/// Calls of MLflow's API in short.
struct FaceClient {
    let client: any TestClientProtocol

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, headers: HTTPFields = [:],
        prefix: String = "/api/2.0/mlflow/"
    ) async throws -> (status: Int, body: JSON) {
        var headers = headers
        if body != nil { headers[.contentType] = "application/json" }
        let buffer = body.map { ByteBuffer(bytes: $0.bytes) }
        return try await client.execute(uri: prefix + path, method: method, headers: headers, body: buffer) {
            response in
            (response.status.code, (try? JSON(parsing: Array(response.body.readableBytesView))) ?? .null)
        }
    }

    func raw(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await client.execute(uri: uri, method: method, headers: headers, body: body.map(ByteBuffer.init(string:))) {
            $0
        }
    }

    func newRun() async throws -> String {
        let reply = try await call(.post, "runs/create", ["experiment_id": "0", "start_time": 1, "user_id": "ann"])
        return reply.body["run"]["info"]["run_id"].string ?? ""
    }
}
