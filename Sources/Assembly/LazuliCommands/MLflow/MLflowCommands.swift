import ArgumentParser
import Foundation
import LazuliClient
import LazuliMLflowStores
import LazuliResources

/// `mlflow …`
struct MLflowGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlflow", abstract: "Move experiments, runs and models between MLflow stores.",
        subcommands: [MLflowImport.self, MLflowExport.self, MLflowCollection.self])
}

/// `mlflow import`
struct MLflowImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring in what another MLflow store holds, ids and all.",
        discussion: """
            lazuli mlflow import ./mlruns
            lazuli mlflow import sqlite:///mlflow.db --artifacts ./mlartifacts
            lazuli mlflow import http://127.0.0.1:5000

            Run it again to continue: what is there already stays as it is.
            """)
    @Argument(help: "An mlruns folder, an SQLite file, or the address of an MLflow server.") var source: String
    @Option(
        name: .customLong("experiment"),
        help: "Only the experiment of this name; may be repeated. Of the registry, only versions from its runs.")
    var experiments: [String] = []
    @Option(help: "The folder of artifacts that are not where the store says, or that its server served.")
    var artifacts: String?
    @Flag(name: .customLong("no-artifacts"), help: "Leave the files out; a later import can bring them.")
    var withoutArtifacts = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await Reported.run {
            let faults = global.faultLog()
            let location = try SourceLocation(source)
            let report = try await global.withSession { session in
                try await Self.withTransport { transport in
                    let source = try location.source(
                        artifacts: artifacts.map {
                            LocalPath.absolute($0, from: FileManager.default.currentDirectoryPath)
                        },
                        faults: faults, transport: transport)
                    return try await Transfer(
                        source: source, target: WorkspaceTarget(server: MLflowServer(session)),
                        experiments: experiments, copiesFiles: !withoutArtifacts, screen: global.screen,
                        faults: faults
                    ).run()
                }
            }
            try global.finish(report, faults)
        }
    }

    /// Lends connections to other servers and closes them afterwards.
    static func withTransport<Result>(
        _ work: ((String) throws -> Transport) async throws -> Result
    ) async throws -> Result {
        var opened: [Transport] = []
        do {
            let result = try await work { address in
                let transport = try Transport(profile: MLflowServer.profile(of: address))
                opened.append(transport)
                return transport
            }
            for transport in opened { await transport.close() }
            return result
        } catch {
            for transport in opened { await transport.close() }
            throw error
        }
    }
}

/// `mlflow export`
struct MLflowExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what this workspace holds into another MLflow store.",
        discussion: """
            lazuli mlflow export ./mlruns
            lazuli mlflow export http://127.0.0.1:7800 --experiment churn

            An mlruns folder and another Lazuli server keep all ids. Run it again to continue: what is there already
            stays as it is.
            """)
    @Argument(help: "An mlruns folder, made if it is not there, or the address of a server.") var target: String
    @Option(
        name: .customLong("experiment"),
        help: "Only the experiment of this name; may be repeated. Of the registry, only versions from its runs.")
    var experiments: [String] = []
    @Flag(name: .customLong("no-artifacts"), help: "Leave the files out; a later export can bring them.")
    var withoutArtifacts = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await Reported.run {
            let faults = global.faultLog()
            let location = try SourceLocation(target)
            let report = try await global.withSession { session in
                try await MLflowImport.withTransport { transport in
                    try await Transfer(
                        source: ServerSource(server: MLflowServer(session), faults: faults),
                        target: try await location.target(faults: faults, transport: transport),
                        experiments: experiments, copiesFiles: !withoutArtifacts, screen: global.screen,
                        faults: faults
                    ).run()
                }
            }
            try global.finish(report, faults)
        }
    }
}

extension GlobalOptions {
    /// Tells each fault at once.
    func faultLog() -> FaultLog {
        let screen = screen
        return FaultLog { text in
            screen.clearLine()
            screen.write("ERROR: \(text)\n")
        }
    }

    /// Writes the numbers of a transfer; with faults among them the exit code is 1.
    func finish(_ report: TransferReport, _ faults: FaultLog) throws {
        if report.filesElsewhere > 0 {
            screen.notice(
                "The files of \(report.filesElsewhere) runs and models stay in the storage they are in; clients read "
                    + "them there.")
        }
        try write(report.json(errors: faults.count))
        guard faults.count > 0 else { return }
        screen.write(
            "\(faults.count) things could not be moved; they are named above. Run the command again after mending them.\n"
        )
        throw ExitCode(ErrorReport.failure)
    }
}
