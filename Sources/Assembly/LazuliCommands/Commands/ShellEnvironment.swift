import Foundation
import LazuliClient
import LazuliResources

/// The variables that point the stock clients at a server (see Documentation for what each does).
struct ShellEnvironment {
    let variables: [(name: String, value: String)]

    /// The variables; where MLflow can only be reached with a token, one is asked for.
    static func of(_ profile: Profile, _ scope: WorkspaceScope) async throws -> ShellEnvironment {
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
        profile: Profile, scope: WorkspaceScope, token: String? = nil,
        inherited: [String: String] = ProcessInfo.processInfo.environment
    ) {
        var list: [(String, String)] = [
            ("ARM_CLOUD_METADATA_URL", profile.api + "/metadata/endpoints?api-version=2019-05-01"),
            ("AZUREML_CURRENT_CLOUD", "Lazuli"),
            ("AZURE_AUTHORITY_HOST", profile.api + "/adfs"),
            ("REGISTRY_DISCOVERY_ENDPOINT_URL", profile.api + "/"),
            ("AZUREML_RUN_POLLING_INTERVAL_MIN", "1"), ("AZUREML_RUN_POLLING_INTERVAL_MAX", "2"),
            ("MLFLOW_TRACKING_URI", (profile.http ?? profile.api) + "/mlflow/v2.0" + scope.id),
        ]
        if let token { list.append(("MLFLOW_TRACKING_TOKEN", token)) }
        switch profile.credential {
        case .identityHeader(let header):
            list += [("IDENTITY_ENDPOINT", profile.identityEndpoint), ("IDENTITY_HEADER", header)]
        case .clientSecret(let tenant, let client, let secret):
            list += [("AZURE_TENANT_ID", tenant), ("AZURE_CLIENT_ID", client), ("AZURE_CLIENT_SECRET", secret)]
        }
        if let bundle = profile.certificateAuthority {
            list += [("REQUESTS_CA_BUNDLE", bundle), ("SSL_CERT_FILE", bundle)]
        }
        if ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].contains(where: { inherited[$0] != nil }) {
            let before = inherited["NO_PROXY"] ?? inherited["no_proxy"] ?? ""
            let own = ["localhost", "127.0.0.1"].filter { !before.split(separator: ",").map(String.init).contains($0) }
            list.append(("NO_PROXY", ([before] + own).filter { !$0.isEmpty }.joined(separator: ",")))
        }
        variables = list.map { (name: $0.0, value: $0.1) }
    }

    enum Shell: String, CaseIterable { case bash, zsh, sh, fish, powershell }

    /// Lines for a shell to evaluate.
    func text(for shell: Shell) -> String {
        variables.map { name, value in
            switch shell {
            case .bash, .zsh, .sh: "export \(name)='\(value.replacing("'", with: "'\\''"))'"
            case .fish: "set -gx \(name) '\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
            case .powershell: "$env:\(name) = '\(value.replacing("'", with: "''"))'"
            }
        }.joined(separator: "\n") + "\n"
    }

    var json: JSON { .object(JSONObject(variables.map { ($0.name, JSON.string($0.value)) })) }
}
