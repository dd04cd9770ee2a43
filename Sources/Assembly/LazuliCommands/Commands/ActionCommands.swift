import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources

/// An action of one resource that takes no more than its name: `start`, `stop`, `listKeys`…
protocol KindAction {
    associatedtype Kind: KindName
    static var verb: String { get }
    /// The last segment of the call.
    static var action: String { get }
    static var abstract: String { get }
}

struct ActionCommand<Action: KindAction>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Action.verb, abstract: Action.abstract)
    }
    @OptionGroup var options: Action.Kind.Names
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        var names = options.names
        if case .workspaces = Action.Kind.kind.home { names.name = names.name ?? session.scope.workspace }
        return try await ResourceVerbs(session: session, kind: Action.Kind.kind).act(
            Action.action, names, wait: !change.noWait)
    }
}

enum ComputeStart: KindAction {
    typealias Kind = ComputeKind; static let verb = "start", action = "start", abstract = "Start a compute instance."
}
enum ComputeStop: KindAction {
    typealias Kind = ComputeKind; static let verb = "stop", action = "stop", abstract = "Stop a compute instance."
}
enum ComputeRestart: KindAction {
    typealias Kind = ComputeKind;
    static let verb = "restart", action = "restart", abstract = "Restart a compute instance."
}
enum ComputeNodes: KindAction {
    typealias Kind = ComputeKind;
    static let verb = "list-nodes", action = "listNodes", abstract = "List the nodes of a cluster."
}
enum ComputeSSO: KindAction {
    typealias Kind = ComputeKind;
    static let verb = "enable-sso", action = "enableSso", abstract = "Let people sign in once for all."
}
enum ScheduleTrigger: KindAction {
    typealias Kind = ScheduleKind;
    static let verb = "trigger", action = "trigger", abstract = "Start a schedule's job now."
}
enum WorkspaceKeys: KindAction {
    typealias Kind = WorkspaceKind;
    static let verb = "list-keys", action = "listKeys", abstract = "List the keys of a workspace's parts."
}
enum WorkspaceSyncKeys: KindAction {
    typealias Kind = WorkspaceKind;
    static let verb = "sync-keys", action = "resyncKeys", abstract = "Read the keys of a workspace's parts again."
}
enum WorkspaceDiagnose: KindAction {
    typealias Kind = WorkspaceKind;
    static let verb = "diagnose", action = "diagnose", abstract = "Look for what is wrong with a workspace."
}
enum WorkspaceNetwork: KindAction {
    typealias Kind = WorkspaceKind;
    static let verb = "provision-network", action = "provisionManagedNetwork",
        abstract = "Provision the managed network."
}

/// `compute detach`
struct ComputeDetach: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Take a compute off the workspace without deleting it.")
    @OptionGroup var options: PlainNames
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        guard let name = options.name else {
            throw ServiceError(ErrorReport.usageCode, "--name is missing: say which compute is meant.")
        }
        _ = try await session.arm.change(
            "DELETE", session.path(.compute, name: name), query: [("underlyingResourceAction", "Detach")],
            wait: !change.noWait)
        return .null
    }
}

/// `compute list-sizes`
struct ComputeSizes: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "list-sizes", abstract: "List the VM sizes.")
    @Option(name: .shortAndLong, help: .hidden) var location: String?
    @Option(name: .customLong("type"), help: .hidden) var kindOfCompute: String?
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? {
        [
            .init("Name", "name"), .init("CPUs", "v_cpus"), .init("Memory GB", "memory_gb"), .init("GPUs", "gpus"),
            .init("Family", "family"),
        ]
    }

    func answer(_ session: Session) async throws -> JSON {
        let path =
            "/subscriptions/\(session.scope.subscription)/providers/\(WorkspaceScope.provider)/locations/\(location ?? "local")/vmSizes"
        let sizes = try await session.arm.get(path)
        return .array((sizes["value"].array ?? sizes["amlCompute"].array ?? []).map(SharedRows.snakeCased))
    }
}

/// `compute list-usage`
struct ComputeUsage: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-usage", abstract: "List quotas and what is used of them.")
    @Option(name: .shortAndLong, help: .hidden) var location: String?
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let path =
            "/subscriptions/\(session.scope.subscription)/providers/\(WorkspaceScope.provider)/locations/\(location ?? "local")/usages"
        return .array(try await session.arm.list(path).map(SharedRows.snakeCased))
    }
}

/// `schedule enable` and `schedule disable`
struct ScheduleSwitch<Choice: ScheduleChoice>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Choice.verb, abstract: "\(Choice.verb.capitalized) a schedule.")
    }
    @OptionGroup var options: PlainNames
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let verbs = ResourceVerbs(session: session, kind: .schedule)
        var body = Overlay.withoutServerMembers(try await verbs.wire(options.names))
        body["properties"]["isEnabled"] = .bool(Choice.isEnabled)
        let made = try await session.arm.change(
            "PUT", session.path(.schedule, name: options.name), body: body, wait: !change.noWait)
        return ResourceKind.schedule.show(made)
    }
}

protocol ScheduleChoice {
    static var verb: String { get }
    static var isEnabled: Bool { get }
}

enum EnableSchedule: ScheduleChoice { static let verb = "enable", isEnabled = true }
enum DisableSchedule: ScheduleChoice { static let verb = "disable", isEnabled = false }

/// `schedule list`
struct ScheduleList: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List schedules.")
    @Option(name: [.customShort("r"), .customLong("max-results")], help: "At most so many.") var maxResults: Int?
    @Flag(name: .customLong("disabled-only"), help: "Only those that are off.") var disabledOnly = false
    @Flag(name: .customLong("include-disabled"), help: "Those that are off too.") var includeDisabled = false
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { ResourceKind.schedule.columns }

    func answer(_ session: Session) async throws -> JSON {
        let view = disabledOnly ? "DisabledOnly" : includeDisabled ? "All" : "EnabledOnly"
        return try await ResourceVerbs(session: session, kind: .schedule)
            .list(.init(), visibility: .active, limit: maxResults ?? .max, query: [("listViewType", view)])
    }
}

/// `model download`
struct ModelDownload: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Copy a model's files into a folder.")
    @OptionGroup var options: VersionedNames
    @Option(name: [.customShort("p"), .customLong("download-path")], help: "The folder.") var folder = "."
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let model = try await ResourceVerbs(session: session, kind: .model).wire(options.names)
        let name = options.name ?? "model", uri = model["properties"]["modelUri"].string ?? ""
        guard let place = DatastorePlace.of(modelURI: uri) else {
            throw ServiceError(
                .invalidArgument, "The model lies at \(uri); only models in a datastore or of a job can be downloaded.")
        }
        let count = try await JobDownload(session: session).copy(place, to: folder + "/" + name)
        guard count > 0 else { throw ServiceError(.notFound, "There are no files at \(uri).") }
        session.screen.notice("Downloaded \(count) \(count == 1 ? "file" : "files") to \(folder)/\(name).")
        return .null
    }
}

/// `compute attach`
struct ComputeAttach: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Take on a compute that exists elsewhere.")
    @Option(name: .shortAndLong, help: "A YAML file; - reads the standard input.") var file: String?
    @OptionGroup var options: PlainNames
    @OptionGroup var flags: ComputeFlags
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let document = try DocumentSource(file: file, settings: flags.settings, changes: []).document()
        return try await ResourceVerbs(session: session, kind: .compute).create(
            document, options.names, wait: !change.noWait)
    }
}
