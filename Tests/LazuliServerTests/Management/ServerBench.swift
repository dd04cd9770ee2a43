import Foundation
import LazuliARMFace
import LazuliAccess
import LazuliConformance
import LazuliResources
import Logging

@testable import LazuliServer

/// The whole server in this process, on a state folder of its own: nothing listens, calls go straight to its routes.
struct ServerBench {
    let server: WorkspaceServer

    static func with(_ body: (ServerBench) async throws -> Void) async throws {
        try await withTemporaryFolder { home in
            var settings = ServerSettings(home: home)
            (settings.port, settings.blobPort, settings.httpPort) = (0, 0, 0)
            // Nothing runs here that could bring replicas up.
            settings.deploymentPatience = 0
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await body(ServerBench(server: try await WorkspaceServer(settings: settings, logger: logger)))
        }
    }

    /// Registers a model `m` that can be deployed without a script.
    func registerServableModel() async throws {
        let folder = server.ground.folder.home.appending(path: "served")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("flavors:\n  python_function:\n    loader_module: m\n".utf8).write(
            to: folder.appending(path: "MLmodel"))
        try Data("mlflow-skinny\n".utf8).write(to: folder.appending(path: "requirements.txt"))
        _ = try await send(
            "Models_CreateOrUpdateVersion", ["name": "m", "version": "1"],
            body: ["properties": ["modelType": "mlflow_model", "modelUri": .string(folder.path)]])
    }

    var routes: [Route] { server.routes.routes }
    var scope: WorkspaceScope { server.ground.settings.first.scope }

    func call(_ route: Route, _ places: [String: String] = [:], body: JSON = .null) -> Call {
        var parameters = [
            "subscription": scope.subscription, "resourceGroup": scope.resourceGroup, "workspace": scope.workspace,
        ]
        for segment in route.path.split(separator: "/") where segment.hasPrefix("{") {
            let place = String(segment.dropFirst().dropLast())
            parameters[place] = places[place] ?? parameters[place] ?? "x1x"
        }
        return Call(
            method: route.method, parameters: parameters, body: body,
            caller: Caller(objectID: server.ground.access.owner.objectID, name: "ada"), baseURL: "https://localhost:1")
    }

    /// Sends a call to the operation of that name.
    func send(_ operation: String, _ places: [String: String], body: JSON = .null) async throws -> JSON {
        guard let route = routes.first(where: { $0.operationID == operation }) else {
            throw ServiceError(.internalError, "There is no operation \(operation).")
        }
        return switch try await route.handle(call(route, places, body: body)).body {
        case .none: .null
        case .json(let json): json
        case .text(let bytes): try JSON(parsing: bytes)
        }
    }
}
