import Foundation
import LazuliAccess
import LazuliArtifacts
import LazuliAssets
import LazuliAutoML
import LazuliClient
import LazuliDomain
import LazuliEnvironments
import LazuliIdentityFace
import LazuliJobs
import LazuliProcesses
import LazuliResources
import Synchronization

/// What jobs get from the rest of the server: environments, variables, links.
struct JobWiring: Sendable {
    let ground: ServerGround
    let datastores: any DatastoreDirectory
    let accounts: any StorageAccounts
    let environments: JobEnvironments

    /// The seconds for which a job's token and log links are good.
    private static let lifetime = 7 * 24 * 3600

    func jobSettings() -> JobSettings {
        let environments = environments
        return JobSettings(
            jobsFolder: ground.folder.jobs, executable: OwnProgram.path,
            serverlessNodes: ground.settings.serverlessNodes,
            mirrors: ground.settings.mirrors,
            environment: { try await environments.ready($0, onLine: $1) },
            serverVariables: { try await variables($0, $1) },
            artifactLink: { try await link($0, BuiltInDatastore.artifacts, $1, permissions: "r") })
    }

    /// The libraries that train, and the reader of Parquet files: each with its file in its wheel.
    private static let trainingLibraries: [(NativeWheel, String)] = [
        (.lightgbm, "/lightgbm/lib/lib_lightgbm.so"), (.xgboost, "/xgboost/lib/libxgboost.so"),
        (.duckdb, "/duckdb_cli/duckdb"),
    ]

    func autoMLSettings() -> AutoMLSettings {
        let store = NativeLibraryStore(home: ground.folder.home)
        return AutoMLSettings(
            executable: OwnProgram.path,
            libraries: { readsParquet in
                var files: [String: String] = [:], missing: [String] = []
                for (wheel, file) in Self.trainingLibraries where wheel != .duckdb || readsParquet {
                    do {
                        files[wheel.rawValue] = try await store.folder(of: wheel) + file
                    } catch {
                        missing.append((error as? ServiceError)?.message ?? "\(error)")
                    }
                }
                return (files, missing)
            })
    }

    /// Inside a job stock clients find this server, and are its submitter, with nothing configured.
    private func variables(_ scope: WorkspaceScope, _ submitter: Caller) async throws -> [String: String] {
        let addresses = ground.addresses, access = ground.access
        let token = try await access.tokens.token(
            for: submitter, audience: addresses.api, lifetimeSeconds: Self.lifetime)
        let found = ServerVariables(api: addresses.api, bundle: ground.certificates.bundlePath).list
        var variables = Dictionary(found.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        variables["NO_PROXY"] = ServerVariables.directHosts.joined(separator: ",")
        variables["IDENTITY_ENDPOINT"] = "\(addresses.api)/msi/token"
        variables["IDENTITY_HEADER"] = access.identityHeaders.issueHeader(for: submitter)
        variables["MLFLOW_TRACKING_URI"] = "\(addresses.http)/mlflow/v2.0\(scope.id)"
        variables["MLFLOW_TRACKING_TOKEN"] = token
        variables["AZUREML_SERVICE_ENDPOINT"] = addresses.api
        return variables
    }

    /// A link to a file of a datastore that needs no token.
    /// - Parameter suffix: what follows `{account}.blob.` where a client looks for an account in the host's name.
    func link(
        _ scope: WorkspaceScope, _ datastore: String, _ path: String, permissions: String, suffix: String? = nil
    ) async throws -> String {
        let store = try await datastores.location(ofDatastore: datastore, in: scope)
        guard let key = try await accounts.key(ofAccount: store.account) else {
            throw ServiceError(.internalError, "The storage account \(store.account) has no key.")
        }
        let token = try SharedAccessSignature.issue(
            account: store.account, key: key, container: store.container, blob: path, permissions: permissions,
            expiry: ground.clock.date.addingTimeInterval(Double(Self.lifetime)))
        let encoded = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        let host = suffix.map { "https://\(store.account).blob.\($0)" } ?? ground.addresses.blob
        return "\(host)/\(store.container)/\(encoded)?\(token)"
    }
}

/// Environments as jobs and deployments ask for them: an environment version in, a ready environment out.
final class JobEnvironments: Sendable {
    private let builder: EnvironmentBuilder
    /// Reading a conda file takes longer than finding its environment: each text is read once.
    private let known = Mutex<[String: EnvironmentSpecification]>([:])

    init(home: URL) { builder = EnvironmentBuilder(home: home) }

    func ready(
        _ asset: ResolvedAsset, onLine: @escaping @Sendable (String) -> Void
    ) async throws -> ReadyEnvironment {
        let specification = try specification(of: asset)
        let found: PythonEnvironment
        if let cached = builder.cached(for: specification) {
            found = cached
        } else {
            found = try await builder.environment(for: specification, onLine: onLine)
        }
        return ReadyEnvironment(
            binFolder: found.bin, variables: ["VIRTUAL_ENV": found.folder],
            notices: specification.notices + found.notices.filter { !specification.notices.contains($0) },
            privateInstalls: { found.privateInstallVariables(folder: $0) })
    }

    private func specification(of asset: ResolvedAsset) throws -> EnvironmentSpecification {
        let properties = asset.properties
        let request = EnvironmentRequest(
            name: asset.name, image: properties["image"].string, condaFile: properties["condaFile"].string,
            buildContext: properties["build"]["contextUri"].string)
        let key = [request.image, request.condaFile, request.buildContext].map { $0 ?? "" }.joined(separator: "\u{1}")
        if let specification = known.withLock({ $0[key] }) { return specification }
        let specification = try request.specification()
        known.withLock { $0[key] = specification }
        return specification
    }
}

/// The curated environments as assets of a workspace.
enum CuratedAssets {
    static let source = CuratedEnvironmentSource(
        entries: CuratedEnvironments.all.map { .init(name: $0.name, version: $0.version, properties: properties($0)) },
        alias: alias)

    private static func properties(_ environment: CuratedEnvironment) -> JSON {
        [
            "description": .string(environment.description), "tags": JSON(environment.tags),
            "properties": ["curated": "true"], "condaFile": .string(environment.condaFile), "osType": "Linux",
            "isAnonymous": false, "isArchived": false,
        ]
    }

    /// Names of others' registries and of Azure ML's past lead to what is kept; users' own names are left alone.
    @Sendable
    private static func alias(_ name: String, registry: String?) -> (name: String, notice: String)? {
        guard registry != nil || name.lowercased().hasPrefix("azureml-"), let found = CuratedEnvironments.find(name)
        else { return nil }
        let notice = found.notice ?? "\(name) of registry \(registry ?? "azureml") is \(found.environment.name) here."
        return (found.environment.name, notice)
    }
}
