import ArgumentParser
import Foundation
import LazuliClient
import LazuliResources

/// `online-endpoint get-credentials`
struct EndpointCredentials: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-credentials", abstract: "Show the keys, or a token.")
    @OptionGroup var options: EndpointNames
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await EndpointVerbs(session: session).credentials(try required(options.name, "online endpoint"))
    }
}

/// `online-endpoint regenerate-keys`
struct EndpointRegenerateKeys: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "regenerate-keys", abstract: "Make a new key; the old one ends.")
    @OptionGroup var options: EndpointNames
    @Option(name: .customLong("key-type"), help: "primary or secondary.") var keyType = "primary"
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await EndpointVerbs(session: session).regenerateKeys(
            try required(options.name, "online endpoint"), keyType: keyType.capitalized)
    }
}

/// `online-endpoint invoke`
struct OnlineInvoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "invoke", abstract: "Send a request file to a model.")
    @OptionGroup var options: EndpointNames
    @Option(name: [.customShort("r"), .customShort("f"), .customLong("request-file")], help: "A JSON file.")
    var requestFile: String
    @Option(
        name: [.customShort("d"), .customLong("deployment-name"), .customLong("deployment")],
        help: "Ask this deployment.")
    var deployment: String?
    @OptionGroup var global: GlobalOptions

    mutating func run() async throws {
        let command = self
        try await Reported.run {
            let name = try required(command.options.name, "online endpoint")
            let text = try await command.global.withSession {
                try await EndpointVerbs(session: $0)
                    .invokeOnline(name, deployment: command.deployment, requestFile: command.requestFile)
            }
            try command.global.write(.string(text))
        }
    }
}

/// `online-endpoint update`, which also splits traffic
struct OnlineEndpointUpdate: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Change an online endpoint.")
    @Option(name: .shortAndLong, help: "A YAML file with the keys to change.") var file: String?
    @OptionGroup var options: EndpointNames
    @Option(name: [.customShort("r"), .long], help: "Shares of the traffic: \"blue=90 green=10\".") var traffic: String?
    @Option(name: [.customShort("m"), .customLong("mirror-traffic")], help: "A share that is copied: \"green=10\".")
    var mirror: String?
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        var changes: [Assignment] = []
        if let traffic { changes.append(try Assignment("traffic=" + (try Self.shares(traffic)).text)) }
        if let mirror { changes.append(try Assignment("mirror_traffic=" + (try Self.shares(mirror)).text)) }
        changes += try edit.changes()
        let document = try file.map { try YAMLDocument.read($0) }
        guard document != nil || !changes.isEmpty else {
            throw ServiceError(
                ErrorReport.usageCode, "Say what to change: --traffic \"blue=100\", --set key=value, or --file.")
        }
        return try await ResourceVerbs(session: session, kind: .onlineEndpoint)
            .update(options.names, document: document, changes: changes, wait: !change.noWait)
    }

    /// `blue=90 green=10`, commas allowed.
    static func shares(_ text: String) throws -> JSON {
        var members = JSONObject()
        for part in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, let percent = Int(pair[1]), (0...100).contains(percent) else {
                throw ServiceError(ErrorReport.usageCode, "\"\(part)\" is no share of the traffic; write blue=90.")
            }
            members[pair[0]] = JSON(percent)
        }
        return .object(members)
    }
}

/// `online-deployment get-logs`
struct DeploymentLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-logs", abstract: "Show the last lines a deployment wrote.")
    @OptionGroup var options: ChildNames
    @Option(name: .shortAndLong, help: "So many lines.") var lines = 50
    @Option(name: .shortAndLong, help: "inference-server or storage-initializer.") var container: String?
    @OptionGroup var global: GlobalOptions

    mutating func run() async throws {
        let command = self
        try await Reported.run {
            let name = try required(command.options.name, "online deployment")
            let endpoint = try required(command.options.endpoint, "endpoint", flag: "--endpoint-name")
            let text = try await command.global.withSession {
                try await EndpointVerbs(session: $0)
                    .logs(name, endpoint: endpoint, lines: command.lines, container: command.container)
            }
            command.global.out(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
        }
    }
}

/// `batch-endpoint invoke`
struct BatchInvoke: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "invoke", abstract: "Start a batch job over data.")
    @OptionGroup var options: PlainNames
    @Option(name: [.customShort("d"), .customLong("deployment-name")], help: "Use this deployment.") var deployment:
        String?
    @Option(help: "A local path, a URI or azureml:name:version.") var input: String?
    @Option(name: .customLong("input-type"), help: "uri_folder or uri_file.") var inputType = "uri_folder"
    @Option(name: .shortAndLong, help: "A YAML file with inputs and outputs.") var file: String?
    @OptionGroup var edit: EditOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let name = try required(options.name, "batch endpoint")
        let fields = Fields([JobPorts.inputs, JobPorts.outputs])
        var settings: [(String, JSON)] = []
        if let input {
            let key = inputType.lowercased().contains("file") ? "UriFile" : "UriFolder"
            settings = [("inputs.\(key).path", .string(input)), ("inputs.\(key).type", .string(inputType))]
        }
        let document = try DocumentSource(file: file, settings: settings, changes: edit.changes()).document()
        let checked = try ShapeChecker.check(document, fields)
        let wire = fields.encode(try await fields.resolve(checked, with: WorkspaceAssets(session: session)))
        return try await EndpointVerbs(session: session).invokeBatch(
            name, deployment: deployment, inputs: Self.pascal(wire["inputs"]), outputs: Self.pascal(wire["outputs"]))
    }

    /// The invoke call writes types as `UriFolder`.
    private static func pascal(_ ports: JSON) -> JSON {
        .object(
            JSONObject(
                (ports.object?.pairs ?? []).map { name, port in
                    var copy = port
                    for key in ["jobInputType", "jobOutputType"] {
                        guard let type = port[key].string else { continue }
                        copy[key] = .string(
                            type.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
                    }
                    return (name, copy)
                }))
    }
}

/// `batch-endpoint list-jobs` and `batch-deployment list-jobs`
struct BatchJobs<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list-jobs", abstract: "List the jobs of a \(Kind.kind.noun).")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { ResourceKind.job.columns }

    func answer(_ session: Session) async throws -> JSON {
        let names = options.names
        let name = try required(names.name, Kind.kind.noun)
        let path = session.path(Kind.kind, name: name, parent: names.parent)
        let jobs = try await session.arm.list(
            "/mferp/managementfrontend\(path)/jobs", query: [("api-version", "2020-09-01-dataplanepreview")])
        return .array(jobs.map(ResourceKind.job.show))
    }
}

/// A flag that must be given.
func required(_ value: String?, _ noun: String, flag: String = "--name") throws -> String {
    guard let value else {
        throw ServiceError(ErrorReport.usageCode, "\(flag) is missing: say which \(noun) is meant.")
    }
    return value
}
