import Foundation
import LazuliResources

/// Finds the server: the environment first, then the state folder of a server on this machine, then `remote.json`.
public struct ProfileDiscovery: Sendable {
    /// The state folder of a local server.
    public let home: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - home: the state folder; nil means `LAZULI_HOME`, or `~/.lazuli`.
    ///   - environment: the variables to read; nil means those of this process.
    public init(home: String? = nil, environment: [String: String]? = nil) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        self.environment = environment
        let chosen = home ?? environment["LAZULI_HOME"] ?? "~/.lazuli"
        self.home = Self.expandingTilde(chosen, environment)
    }

    static func expandingTilde(_ path: String, _ environment: [String: String]) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return (environment["HOME"] ?? NSHomeDirectory()) + path.dropFirst()
    }

    /// - Throws: `ServiceError` with the command that helps, when no server is known or a file cannot be read.
    public func profile() throws -> Profile {
        if let url = environment["LAZULI_URL"], !url.isEmpty { return try fromEnvironment(url) }
        if let server = try document("server.json") { return try local(server) }
        if let remote = try document("remote.json") { return try self.remote(remote) }
        throw ServiceError(
            .notFound, "No Lazuli server is running for \(home). Start one with: lazuli up",
            cause: "neither LAZULI_URL, \(home)/server.json nor \(home)/remote.json is there")
    }

    private func fromEnvironment(_ url: String) throws -> Profile {
        guard let credential = environmentCredential() else {
            throw ServiceError(
                .unauthenticated,
                "LAZULI_URL is set to \(url), but no credential. Set AZURE_CLIENT_ID, AZURE_TENANT_ID and "
                    + "AZURE_CLIENT_SECRET; an owner of the workspace makes them with: lazuli principal create")
        }
        return Profile(
            api: url, certificateAuthority: environment["LAZULI_CA"] ?? environment["REQUESTS_CA_BUNDLE"],
            credential: credential, tenant: environment["AZURE_TENANT_ID"] ?? "common", scope: environmentScope(),
            identityEndpoint: environment["IDENTITY_ENDPOINT"],
            remedy: "Check LAZULI_URL (\(url)) and that the server listens there: lazuli up --listen ADDRESS")
    }

    private func local(_ server: JSON) throws -> Profile {
        guard let api = server["api"].string else { throw unreadable("server.json", "has no \"api\"") }
        let header = try document("client.json")?["identityHeader"].string
        guard let credential = servicePrincipal() ?? header.map(Profile.Credential.identityHeader) else {
            throw ServiceError(
                .unauthenticated,
                "\(home)/client.json cannot be read, and AZURE_CLIENT_ID, AZURE_TENANT_ID and "
                    + "AZURE_CLIENT_SECRET are not set. Run the command as the user who started the server.")
        }
        return Profile(
            api: api, http: server["http"].string, proxy: server["proxy"].string,
            certificateAuthority: server["ca"].string, credential: credential,
            tenant: server["tenant"].string ?? "common", scope: scope(in: server),
            remedy: "Start it with: lazuli up" + (home.hasSuffix("/.lazuli") ? "" : " --home \(home)"))
    }

    private func remote(_ remote: JSON) throws -> Profile {
        guard let api = remote["api"].string else { throw unreadable("remote.json", "has no \"api\"") }
        let tenant = remote["tenant"].string ?? environment["AZURE_TENANT_ID"] ?? "common"
        var credential = servicePrincipal()
        if credential == nil, let client = remote["clientId"].string, let secret = remote["clientSecret"].string {
            credential = .clientSecret(tenant: tenant, client: client, secret: secret)
        }
        guard let credential else { throw unreadable("remote.json", "has no \"clientId\" and \"clientSecret\"") }
        return Profile(
            api: api, certificateAuthority: remote["ca"].string ?? environment["LAZULI_CA"], credential: credential,
            tenant: tenant, scope: scope(in: remote),
            remedy: "Check \"api\" in \(home)/remote.json and that the server listens there.")
    }

    private func environmentCredential() -> Profile.Credential? {
        servicePrincipal() ?? environment["IDENTITY_HEADER"].map(Profile.Credential.identityHeader)
    }

    private func servicePrincipal() -> Profile.Credential? {
        guard let client = environment["AZURE_CLIENT_ID"], let secret = environment["AZURE_CLIENT_SECRET"],
            let tenant = environment["AZURE_TENANT_ID"]
        else { return nil }
        return .clientSecret(tenant: tenant, client: client, secret: secret)
    }

    /// Inside a job the workspace is named by the variables every job has.
    private func environmentScope() -> WorkspaceScope {
        WorkspaceScope(
            subscription: environment["AZUREML_ARM_SUBSCRIPTION"] ?? "",
            resourceGroup: environment["AZUREML_ARM_RESOURCEGROUP"] ?? "",
            workspace: environment["AZUREML_ARM_WORKSPACE_NAME"] ?? "")
    }

    private func scope(in document: JSON) -> WorkspaceScope {
        WorkspaceScope(
            subscription: document["subscription"].string ?? "", resourceGroup: document["resourceGroup"].string ?? "",
            workspace: document["workspace"].string ?? "")
    }

    private func document(_ name: String) throws -> JSON? {
        let path = home + "/" + name
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSON(parsing: data)
        } catch {
            throw unreadable(name, "line \(error.line): \(error.reason)")
        }
    }

    private func unreadable(_ name: String, _ reason: String) -> ServiceError {
        ServiceError(
            .invalidArgument, "\(home)/\(name) is not what it should be (\(reason)). Start the server again: lazuli up")
    }
}
