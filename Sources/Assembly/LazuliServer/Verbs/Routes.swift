public import ArgumentParser
import Foundation
import LazuliARMFace
import LazuliMLflowFace
import LazuliResources
import Logging

/// `lazuli routes`: the table of calls as data, from which the coverage page is made.
public struct Routes: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "List every call that the management API and MLflow's API know.", shouldDisplay: false)

    public init() {}

    public func run() async throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "lazuli-routes-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        var settings = ServerSettings(home: home)
        (settings.port, settings.blobPort, settings.httpPort) = (0, 0, 0)
        let server = try await WorkspaceServer(settings: settings, logger: Logger(label: "lazuli.routes"))
        let rows = server.routes.routes.map { route -> JSON in
            [
                "method": .string(route.method), "path": .string(route.path), "operationId": .string(route.operationID),
                "action": JSON(route.action), "coverage": .string(route.coverage.rawValue),
            ]
        }
        print(JSON.array(rows + MLflowFace.calls).prettyText)
    }
}
