public import ArgumentParser
import Foundation
import LazuliProcesses
import LazuliResources
import Logging

/// `lazuli up`: runs the server in the foreground until it is told to stop.
public struct Up: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Start the server: workspace API, blob service, MLflow, job queue.",
        discussion:
            "Everything lives in one folder and listens on this machine alone. The first start makes a workspace.")

    @OptionGroup var home: HomeOption

    @Option(help: "The IPv4 address the TLS listeners bind to.")
    var listen = "127.0.0.1"

    @Option(help: "Port of the management API; 0 for any. Default 7701.")
    var port: Int?

    @Option(help: "Port of the blob service; 0 for any. Default 7702.")
    var blobPort: Int?

    @Option(help: "Port of the plain listener (MLflow); 0 for any. Default 7700.")
    var httpPort: Int?

    @Option(help: "Port of the scoring endpoints; 0 for any. Default 7703.")
    var scoringPort: Int?

    @Option(help: "A further name or address for the certificate; may be repeated.")
    var name: [String] = []

    @Flag(help: "Ask for a token on the plain listener too.")
    var requireToken = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .notice

    public init() {}

    public func run() async throws {
        HeapLimits.set()
        let folder = home.folder
        var logger = Logger(label: "lazuli") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        do {
            let server = try await WorkspaceServer(settings: try settings(folder), logger: logger)
            try await server.run { try server.announce() }
        } catch let error as ServiceError {
            FileHandle.standardError.write(Data("lazuli up: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }

    private func settings(_ folder: StateFolder) throws -> ServerSettings {
        var settings = ServerSettings(home: folder.home)
        try SettingsFile.apply(folder.settings, to: &settings)
        settings.host = listen
        settings.port = port ?? settings.port
        settings.blobPort = blobPort ?? settings.blobPort
        settings.httpPort = httpPort ?? settings.httpPort
        settings.scoringPort = scoringPort ?? settings.scoringPort
        settings.names += name
        if requireToken { settings.requireToken = true }
        return settings
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
