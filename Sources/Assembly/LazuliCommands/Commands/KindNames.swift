import ArgumentParser
import LazuliResources

/// The parser wants a type for every command: each kind is a type without values that points at its row.
protocol KindName {
    associatedtype Names: NameOptions
    associatedtype Flags: DocumentFlags
    static var kind: ResourceKind { get }
}

/// The flags that name one resource.
protocol NameOptions: ParsableArguments {
    var names: ResourceVerbs.Names { get }
}

struct PlainNames: NameOptions {
    @Option(name: .shortAndLong, help: "The name.") var name: String?
    var names: ResourceVerbs.Names { .init(name: name) }
}

struct VersionedNames: NameOptions {
    @Option(name: .shortAndLong, help: "The name.") var name: String?
    @Option(name: .shortAndLong, help: "The version.") var version: String?
    @Option(name: .shortAndLong, help: "A label, such as latest.") var label: String?
    @Option(name: .customLong("registry-name"), help: .hidden) var registry: String?
    var names: ResourceVerbs.Names { .init(name: name, version: version, label: label) }

    func validate() throws {
        if version != nil && label != nil { throw ValidationError("Give --version or --label, not both.") }
        if registry != nil {
            throw ValidationError("Registries are not there yet; leave out --registry-name to use the workspace.")
        }
    }
}

struct ChildNames: NameOptions {
    @Option(name: .shortAndLong, help: "The name.") var name: String?
    @Option(name: [.customShort("e"), .customLong("endpoint-name"), .customLong("endpoint")], help: "The endpoint.")
    var endpoint: String?
    /// The server runs on machines of yours already: what is asked of a local deployment is asked of it.
    @Flag(help: .hidden) var local = false
    var names: ResourceVerbs.Names { .init(name: name, parent: endpoint) }
}

/// Names of online endpoints; `--local` means the server's own, as it does for deployments.
struct EndpointNames: NameOptions {
    @Option(name: .shortAndLong, help: "The name.") var name: String?
    @Flag(help: .hidden) var local = false
    var names: ResourceVerbs.Names { .init(name: name) }
}

/// Flags of `create` that stand for keys of the file, and what is done after.
protocol DocumentFlags: ParsableArguments {
    /// Key paths of the file and their values.
    var settings: [(String, JSON)] { get }
    func finish(_ made: JSON, _ session: Session) async throws -> JSON
}

extension DocumentFlags {
    func finish(_ made: JSON, _ session: Session) async throws -> JSON { made }

    /// The flags that were given.
    static func given(_ pairs: [(String, String?)]) -> [(String, JSON)] {
        pairs.compactMap { key, value in value.map { (key, .string($0)) } }
    }

    /// `a=b c=d` of `--tags`.
    static func tags(_ texts: [String]) -> [(String, JSON)] {
        guard !texts.isEmpty else { return [] }
        let pairs = texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], JSON.string(parts.count > 1 ? parts[1] : ""))
        }
        return [("tags", .object(JSONObject(pairs)))]
    }
}

struct NoFlags: DocumentFlags {
    var settings: [(String, JSON)] { [] }
}

struct DataFlags: DocumentFlags {
    @Option(name: .customLong("type"), help: "uri_file, uri_folder or mltable.") var kindOfData: String?
    @Option(help: "A local path or a URI.") var path: String?
    @Option(help: "A sentence about it.") var description: String?
    @Option(help: "The datastore that local data goes to.") var datastore: String?
    @Flag(name: .customLong("skip-validation"), help: .hidden) var skipValidation = false
    var settings: [(String, JSON)] {
        Self.given([("type", kindOfData), ("path", path), ("description", description), ("datastore", datastore)])
    }
}

struct ModelFlags: DocumentFlags {
    @Option(name: .customLong("type"), help: "custom_model, mlflow_model or triton_model.") var kindOfModel: String?
    @Option(help: "A local path or a URI.") var path: String?
    @Option(help: "A sentence about it.") var description: String?
    @Option(help: "The datastore that local files go to.") var datastore: String?
    @Option(help: "Development, Production or Archived.") var stage: String?
    @Option(parsing: .upToNextOption, help: "Tags: a=b c=d.") var tags: [String] = []
    var settings: [(String, JSON)] {
        Self.given([
            ("type", kindOfModel), ("path", path), ("description", description), ("datastore", datastore),
            ("stage", stage),
        ])
            + Self.tags(tags)
    }
}

struct EnvironmentFlags: DocumentFlags {
    @Option(help: "A container image's name.") var image: String?
    @Option(name: .customLong("conda-file"), help: "A conda file.") var condaFile: String?
    @Option(name: .customLong("build-context"), help: "A folder with a Dockerfile.") var buildContext: String?
    @Option(name: .customLong("dockerfile-path"), help: "The Dockerfile within that folder.") var dockerfile: String?
    @Option(name: .customLong("os-type"), help: "linux or windows.") var osType: String?
    @Option(help: "A sentence about it.") var description: String?
    @Option(help: .hidden) var datastore: String?
    @Option(parsing: .upToNextOption, help: "Tags: a=b c=d.") var tags: [String] = []
    var settings: [(String, JSON)] {
        Self.given([
            ("image", image), ("conda_file", condaFile), ("build.path", buildContext),
            ("build.dockerfile_path", dockerfile),
            ("os_type", osType), ("description", description),
        ]) + Self.tags(tags)
    }
}

struct ComputeFlags: DocumentFlags {
    @Option(name: [.customShort("t"), .customLong("type")], help: "AmlCompute, ComputeInstance or Kubernetes.")
    var kindOfCompute: String?
    @Option(help: "A VM size, as lazuli compute list-sizes shows them.") var size: String?
    @Option(name: .customLong("min-instances"), help: "Nodes kept when idle.") var minInstances: Int?
    @Option(name: .customLong("max-instances"), help: "Nodes at most.") var maxInstances: Int?
    @Option(name: .customLong("idle-time-before-scale-down"), help: "Seconds.") var idleTime: Int?
    @Option(help: "dedicated or low_priority.") var tier: String?
    @Option(help: "A sentence about it.") var description: String?
    @Option(name: .shortAndLong, help: "The location.") var location: String?
    @Option(name: .customLong("resource-id"), help: "The resource to attach.") var resource: String?
    @Option(parsing: .upToNextOption, help: "Tags: a=b c=d.") var tags: [String] = []
    var settings: [(String, JSON)] {
        Self.given([
            ("type", kindOfCompute), ("size", size), ("tier", tier), ("description", description),
            ("location", location), ("resource_id", resource),
        ])
            + [
                ("min_instances", minInstances), ("max_instances", maxInstances),
                ("idle_time_before_scale_down", idleTime),
            ]
            .compactMap { key, value in value.map { (key, JSON($0)) } } + Self.tags(tags)
    }
}

struct WorkspaceFlags: DocumentFlags {
    @Option(name: .shortAndLong, help: "The location.") var location: String?
    @Option(name: .customLong("display-name"), help: "The name for people.") var displayName: String?
    @Option(help: "A sentence about it.") var description: String?
    @Option(help: .hidden) var kind: String?
    @Option(parsing: .upToNextOption, help: "Tags: a=b c=d.") var tags: [String] = []
    var settings: [(String, JSON)] {
        Self.given([
            ("location", location), ("display_name", displayName), ("description", description), ("kind", kind),
        ]) + Self.tags(tags)
    }
}

struct EndpointFlags: DocumentFlags {
    @Option(name: .customLong("auth-mode"), help: "key, aml_token or aad_token.") var authMode: String?
    var settings: [(String, JSON)] { Self.given([("auth_mode", authMode)]) }
}

struct OnlineDeploymentFlags: DocumentFlags {
    @Flag(name: .customLong("all-traffic"), help: "Send all traffic here once it is made.") var allTraffic = false
    @Flag(name: .customLong("skip-script-validation"), help: .hidden) var skipScript = false
    @Flag(name: .customLong("package-model"), help: .hidden) var packageModel = false
    @Flag(name: .customLong("local-enable-gpu"), help: .hidden) var localGPU = false
    @Flag(name: .customLong("vscode-debug"), help: .hidden) var debugger = false
    var settings: [(String, JSON)] { [] }

    func finish(_ made: JSON, _ session: Session) async throws -> JSON {
        if allTraffic, let name = made["name"].string, let endpoint = made["endpoint_name"].string {
            try await EndpointVerbs(session: session).setTraffic(name, of: endpoint, wait: true)
        }
        return made
    }
}

struct BatchDeploymentFlags: DocumentFlags {
    @Flag(name: .customLong("set-default"), help: "Make it the endpoint's default.") var setDefault = false
    @Flag(name: .customLong("skip-script-validation"), help: .hidden) var skipScript = false
    var settings: [(String, JSON)] { [] }

    func finish(_ made: JSON, _ session: Session) async throws -> JSON {
        if setDefault, let name = made["name"].string, let endpoint = made["endpoint_name"].string {
            try await EndpointVerbs(session: session).setDefault(name, of: endpoint)
        }
        return made
    }
}

enum WorkspaceKind: KindName {
    typealias Names = PlainNames; typealias Flags = WorkspaceFlags; static let kind = ResourceKind.workspace
}
enum DatastoreKind: KindName {
    typealias Names = PlainNames; typealias Flags = NoFlags; static let kind = ResourceKind.datastore
}
enum DataKind: KindName {
    typealias Names = VersionedNames; typealias Flags = DataFlags; static let kind = ResourceKind.data
}
enum EnvironmentKind: KindName {
    typealias Names = VersionedNames; typealias Flags = EnvironmentFlags; static let kind = ResourceKind.environment
}
enum ModelKind: KindName {
    typealias Names = VersionedNames; typealias Flags = ModelFlags; static let kind = ResourceKind.model
}
enum ComponentKind: KindName {
    typealias Names = VersionedNames; typealias Flags = NoFlags; static let kind = ResourceKind.component
}
enum ComputeKind: KindName {
    typealias Names = PlainNames; typealias Flags = ComputeFlags; static let kind = ResourceKind.compute
}
enum JobKind: KindName { typealias Names = PlainNames; typealias Flags = NoFlags; static let kind = ResourceKind.job }
enum ScheduleKind: KindName {
    typealias Names = PlainNames; typealias Flags = NoFlags; static let kind = ResourceKind.schedule
}
enum OnlineEndpointKind: KindName {
    typealias Names = EndpointNames; typealias Flags = EndpointFlags; static let kind = ResourceKind.onlineEndpoint
}
enum OnlineDeploymentKind: KindName {
    typealias Names = ChildNames; typealias Flags = OnlineDeploymentFlags;
    static let kind = ResourceKind.onlineDeployment
}
enum BatchEndpointKind: KindName {
    typealias Names = PlainNames; typealias Flags = NoFlags; static let kind = ResourceKind.batchEndpoint
}
enum BatchDeploymentKind: KindName {
    typealias Names = ChildNames; typealias Flags = BatchDeploymentFlags; static let kind = ResourceKind.batchDeployment
}
enum ConnectionKind: KindName {
    typealias Names = PlainNames; typealias Flags = NoFlags; static let kind = ResourceKind.connection
}
