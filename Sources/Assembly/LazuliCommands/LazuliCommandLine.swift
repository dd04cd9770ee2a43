public import ArgumentParser
import Foundation
import LazuliResources
import Synchronization

/// The client's commands, and how the program runs any command.
public enum LazuliCommandLine {
    /// The groups named for a kind of resource.
    static let kindGroups: [any ParsableCommand.Type] = [
        WorkspaceGroup.self, DatastoreGroup.self, DataGroup.self, EnvironmentGroup.self, ModelGroup.self,
        ComponentGroup.self,
        ComputeGroup.self, JobGroup.self, ScheduleGroup.self, OnlineEndpointGroup.self, OnlineDeploymentGroup.self,
        BatchEndpointGroup.self, BatchDeploymentGroup.self, ConnectionGroup.self,
    ]

    /// Everything that belongs below the program's root command.
    public static let groups: [any ParsableCommand.Type] =
        [EnvCommand.self, RunCommand.self, ConfigureCommand.self, CompletionCommand.self] + kindGroups
        + [RoleGroup.self, PrincipalGroup.self, MLflowGroup.self, CloudAliasGroup.self]

    /// The root of the running program.
    static let root = Mutex<(any ParsableCommand.Type)?>(nil)

    /// Reads the command line, runs the command it names, and ends the process: 0 well, 1 failed, 2 wrong usage, 3 not found.
    public static func main(_ root: any ParsableCommand.Type, arguments: [String]? = nil) async -> Never {
        Self.root.withLock { $0 = root }
        do {
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(0)
        } catch {
            end(with: error, root)
        }
    }

    private static func end(with error: any Error, _ root: any ParsableCommand.Type) -> Never {
        let code = root.exitCode(for: Reported.exit(error))
        let message = error is ServiceError || error is JMESPathError ? "" : root.fullMessage(for: error)
        if code == .success {
            if !message.isEmpty { print(message) }
            exit(0)
        }
        if !message.isEmpty { try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8)) }
        exit(code == .validationFailure ? ErrorReport.usage : code.rawValue)
    }
}
