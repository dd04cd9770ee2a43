import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources

extension OutputFormat: ExpressibleByArgument {}

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How to write the answer.")
    var output: OutputFormat = .json
    @Option(help: ArgumentHelp("A JMESPath query over the answer.", valueName: "jmespath"))
    var query: String?
    @Option(name: [.customShort("g"), .customLong("resource-group")], help: "The resource group.")
    var resourceGroup: String?
    @Option(name: [.customShort("w"), .customLong("workspace-name")], help: "The workspace.")
    var workspace: String?
    @Option(name: .customLong("subscription"), help: "The subscription, a GUID.")
    var subscription: String?
    @Option(help: "The state folder of a server on this machine (default: LAZULI_HOME, or ~/.lazuli).")
    var home: String?
    @Flag(name: .customLong("only-show-errors"), help: "No progress and no notices.")
    var onlyShowErrors = false
    @Flag(help: .hidden) var debug = false
    @Flag(help: .hidden) var verbose = false
    @Flag(help: .hidden) var web = false
    @Flag(name: .customLong("acquire-policy-token"), help: .hidden) var policyToken = false
    @Option(name: .customLong("change-reference"), help: .hidden) var changeReference: String?

    var screen: Screen { Screen(isQuiet: onlyShowErrors) }

    /// The workspace meant: flags, then `lazuli configure`, then the server's own.
    func scope(_ profile: Profile, _ defaults: Defaults) -> WorkspaceScope {
        WorkspaceScope(
            subscription: subscription ?? defaults.subscription ?? profile.scope.subscription,
            resourceGroup: resourceGroup ?? defaults.group ?? profile.scope.resourceGroup,
            workspace: workspace ?? defaults.workspace ?? profile.scope.workspace)
    }

    /// Opens a connection, does the work, closes it, whatever happens.
    func withSession<Result>(_ work: (Session) async throws -> Result) async throws -> Result {
        let profile = try ProfileDiscovery(home: home).profile()
        let connection = try Connection(profile: profile)
        do {
            let session = Session(
                connection: connection, scope: scope(profile, try Defaults.read(home: home)), screen: screen)
            let result = try await work(session)
            await connection.close()
            return result
        } catch {
            screen.clearLine()
            await connection.close()
            throw error
        }
    }

    /// Writes an answer the way the flags ask.
    func write(_ value: JSON, columns: [ResourceKind.Column]? = nil) throws {
        guard let query else { return out(output.text(of: value, columns: columns)) }
        out(output.text(of: try JMESPath(query).search(value), columns: nil))
    }

    func out(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
}

/// Flags of verbs that change something.
struct ChangeOptions: ParsableArguments {
    @Flag(name: .customLong("no-wait"), help: "Do not wait for the end.")
    var noWait = false
    @Flag(name: [.customShort("y"), .customLong("yes")], help: "Do not ask.")
    var yes = false

    /// Asks on a terminal; scripts must say `--yes`.
    func confirm(_ question: String) throws {
        guard !yes else { return }
        guard isatty(FileHandle.standardInput.fileDescriptor) == 1 else {
            throw ServiceError(ErrorReport.usageCode, "\(question) Nobody can be asked here; add --yes.")
        }
        Screen(isQuiet: false).write(question + " (y/n): ")
        guard readLine()?.lowercased().hasPrefix("y") ?? false else {
            throw ServiceError(ServiceError.Code(rawValue: "Canceled"), "Nothing was changed.")
        }
    }
}

/// `--set`, `--add` and `--remove` of `update`.
struct EditOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .upToNextOption,
        help: ArgumentHelp("Change values: tags.owner=me instance_count=2.", valueName: "key=value"))
    var set: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Add to an object or a list: tags owner=me.", valueName: "key value"))
    var add: [String] = []
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Take away: tags.owner.", valueName: "key"))
    var remove: [String] = []
    @Flag(name: .customLong("force-string"), help: "Keep values of --set as texts.")
    var forceString = false

    func changes() throws -> [Assignment] {
        var texts = set
        if forceString { texts = try set.map(Self.quoted) }
        for member in add.dropFirst() { texts.append((add.first ?? "") + "." + member) }
        return try texts.map(Assignment.init) + remove.map { try Assignment($0 + "=null") }
    }

    private static func quoted(_ text: String) throws -> String {
        guard let equals = text.firstIndex(of: "=") else { return text }
        return text[...equals] + JSON.string(String(text[text.index(after: equals)...])).text
    }
}

/// A command that asks the server and writes one answer.
protocol SessionCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    var columns: [ResourceKind.Column]? { get }
    func answer(_ session: Session) async throws -> JSON
}

extension SessionCommand {
    var columns: [ResourceKind.Column]? { nil }

    mutating func run() async throws {
        let command = self
        try await Reported.run {
            // A query that cannot be read is told before anything is done.
            if let query = command.global.query { _ = try JMESPath(query) }
            let value = try await command.global.withSession { try await command.answer($0) }
            try command.global.write(value, columns: command.columns)
        }
    }
}
