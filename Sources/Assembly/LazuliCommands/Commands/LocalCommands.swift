import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources
import Synchronization

extension ShellEnvironment.Shell: ExpressibleByArgument {}

/// `env`
struct EnvCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print the variables that point the stock clients at this server.",
        discussion: "In bash or zsh: eval \"$(lazuli env)\"")
    @Option(help: "The shell to write for.") var shell: ShellEnvironment.Shell = .bash
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var way: ProxyOption
    @Flag(
        name: .customLong("write-config"),
        help: "Write the config.json that MLClient.from_config() reads (default: ./config.json).")
    var writeConfig = false
    @Argument(help: "Where to write the config.json.") var configPath: String?
    @OptionGroup var global: GlobalOptions

    func run() async throws { try await Reported.run(tell) }

    private func tell() async throws {
        let profile = try ProfileDiscovery(home: global.home).profile()
        let scope = global.scope(profile, try Defaults.read(home: global.home))
        if writeConfig { return try write(scope) }
        let environment = try await ShellEnvironment.of(profile, scope, throughProxy: way.proxy)
        if json || global.query != nil { return try global.write(environment.json) }
        global.out(environment.text(for: shell))
    }

    private func write(_ scope: WorkspaceScope) throws {
        let config: JSON = [
            "subscription_id": .string(scope.subscription), "resource_group": .string(scope.resourceGroup),
            "workspace_name": .string(scope.workspace),
        ]
        let path = LocalPath.absolute(configPath ?? "config.json", from: FileManager.default.currentDirectoryPath)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data((config.prettyText + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        global.screen.notice("Wrote \(path).")
    }
}

/// How programs are led to the server.
struct ProxyOption: ParsableArguments {
    @Flag(help: "For programs with the cloud's addresses written into them: lead those through a proxy to this server.")
    var proxy = false
}

/// `run -- command…`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run one command under the variables of lazuli env.",
        discussion: "lazuli run -- python train.py")
    @OptionGroup var way: ProxyOption
    @OptionGroup var global: GlobalOptions
    @Argument(parsing: .postTerminator, help: "The command, after --.") var command: [String] = []

    func run() async throws { try await Reported.run(replace) }

    /// This process becomes the command.
    private func replace() async throws {
        guard !command.isEmpty else {
            throw ServiceError(ErrorReport.usageCode, "Say what to run: lazuli run -- python train.py")
        }
        let profile = try ProfileDiscovery(home: global.home).profile()
        let scope = global.scope(profile, try Defaults.read(home: global.home))
        let environment = try await ShellEnvironment.of(profile, scope, throughProxy: way.proxy)
        for name in environment.absent { unsetenv(name) }
        for (name, value) in environment.variables { setenv(name, value, 1) }
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        execvp(command[0], arguments)
        throw ServiceError(.notFound, "\(command[0]) cannot be run: \(String(cString: strerror(errno))).")
    }
}

/// `configure`
struct ConfigureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure", abstract: "Keep names that later commands need not repeat.",
        discussion: "lazuli configure --defaults group=my-group workspace=my-workspace")
    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: ArgumentHelp("group=, workspace= or subscription=; an empty value forgets.", valueName: "name=value"))
    var defaults: [String] = []
    @Flag(name: [.customShort("l"), .customLong("list-defaults")], help: "Show what is kept.") var list = false
    @OptionGroup var global: GlobalOptions

    private static let known = ["group", "workspace", "subscription"]

    func run() throws { try Reported.run(keep) }

    private func keep() throws {
        var kept = try Defaults.read(home: global.home)
        if list || defaults.isEmpty {
            return try global.write(.array(kept.members.pairs.map { ["name": .string($0.key), "value": $0.value] }))
        }
        for text in defaults {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ServiceError(ErrorReport.usageCode, "\(text): write it as name=value.")
            }
            // Defaults of other `az` groups do no harm and mean nothing here.
            guard Self.known.contains(parts[0]) else {
                global.screen.notice(
                    "\(parts[0]) is not used by lazuli." + NearestName.hint(parts[0], among: Self.known))
                continue
            }
            kept.members[parts[0]] = JSON(parts[1].isEmpty ? nil : parts[1]).known
        }
        try kept.write(home: global.home)
    }
}

/// `completion`
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for a shell.",
        discussion: "In bash: source <(lazuli completion bash)")
    @Argument(help: "bash, zsh or fish.") var shell: String = "bash"

    func run() throws { try Reported.run(tell) }

    private func tell() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw ServiceError(
                ErrorReport.usageCode, "There is no completion for \(shell); it is one of bash, zsh, fish.")
        }
        let known: (any ParsableCommand.Type)? = LazuliCommandLine.root.withLock { $0 }
        let root: any ParsableCommand.Type = known ?? CompletionRoot.self
        print(root.completionScript(for: shell))
    }
}

/// The tree of commands as this module knows it, for completion outside of the program.
struct CompletionRoot: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "lazuli", subcommands: LazuliCommandLine.groups)
    }
}
