import Foundation
import LazuliClient
import LazuliResources

/// The variables that point the stock clients at a server (see Documentation for what each does).
struct ShellEnvironment {
    let variables: [(name: String, value: String)]
    /// Variables that must not be set.
    let absent: [String]

    /// The variables; where MLflow can only be reached with a token, one is asked for.
    /// - Parameter throughProxy: programs are to find the server under the cloud's own addresses.
    static func of(
        _ profile: Profile, _ scope: WorkspaceScope, throughProxy: Bool = false
    ) async throws -> ShellEnvironment {
        if throughProxy {
            guard let proxy = profile.proxy else {
                throw ServiceError(
                    .notFound,
                    "The server tells no proxy: it listens on its own machine alone. Use `lazuli env` without --proxy.")
            }
            return ShellEnvironment(profile: profile, scope: scope, proxy: proxy)
        }
        guard profile.http == nil else { return ShellEnvironment(profile: profile, scope: scope) }
        let connection = try Connection(profile: profile)
        do {
            let token = try await connection.tokens.token()
            await connection.close()
            return ShellEnvironment(profile: profile, scope: scope, token: token)
        } catch {
            await connection.close()
            throw error
        }
    }

    init(
        profile: Profile, scope: WorkspaceScope, token: String? = nil, proxy: String? = nil,
        inherited: [String: String] = ProcessInfo.processInfo.environment
    ) {
        let bundle = profile.certificateAuthority
        absent = proxy == nil ? [] : ServerVariables.cloudNames
        var list =
            (proxy.map { ServerVariables(proxy: $0, bundle: bundle) }
            ?? ServerVariables(api: profile.api, bundle: bundle)).list
        list += [
            ("MLFLOW_TRACKING_URI", (profile.http ?? profile.api) + "/mlflow/v2.0" + scope.id),
            // The three arguments of MLClient, for scripts that read them from the environment.
            ("AZURE_SUBSCRIPTION_ID", scope.subscription), ("LAZULI_RESOURCE_GROUP", scope.resourceGroup),
            ("LAZULI_WORKSPACE", scope.workspace),
        ]
        if let token { list.append(("MLFLOW_TRACKING_TOKEN", token)) }
        switch profile.credential {
        case .identityHeader(let header):
            list += [("IDENTITY_ENDPOINT", profile.identityEndpoint), ("IDENTITY_HEADER", header)]
        case .clientSecret(let tenant, let client, let secret):
            list += [("AZURE_TENANT_ID", tenant), ("AZURE_CLIENT_ID", client), ("AZURE_CLIENT_SECRET", secret)]
        }
        let proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]
        if proxy != nil || proxyNames.contains(where: { inherited[$0] != nil }) {
            let before = inherited["NO_PROXY"] ?? inherited["no_proxy"] ?? ""
            let own = ServerVariables.directHosts.filter { !before.split(separator: ",").map(String.init).contains($0) }
            let direct = ([before] + own).filter { !$0.isEmpty }.joined(separator: ",")
            list += (proxy == nil ? ["NO_PROXY"] : ["NO_PROXY", "no_proxy"]).map { ($0, direct) }
        }
        variables = list
    }

    enum Shell: String, CaseIterable { case bash, zsh, sh, fish, powershell }

    /// Lines for a shell to evaluate.
    func text(for shell: Shell) -> String {
        let lines = absent.map { name in
            switch shell {
            case .bash, .zsh, .sh: "unset \(name)"
            case .fish: "set -e \(name)"
            case .powershell: "Remove-Item Env:\(name) -ErrorAction SilentlyContinue"
            }
        }
        let exports = variables.map { name, value in
            switch shell {
            case .bash, .zsh, .sh: "export \(name)='\(value.replacing("'", with: "'\\''"))'"
            case .fish: "set -gx \(name) '\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
            case .powershell: "$env:\(name) = '\(value.replacing("'", with: "''"))'"
            }
        }
        return (lines + exports).joined(separator: "\n") + "\n"
    }

    var json: JSON { .object(JSONObject(variables.map { ($0.name, JSON.string($0.value)) })) }
}
