import Foundation
public import LazuliResources

/// The program that resolves and installs packages. Source: docs.astral.sh/uv.
public struct UvTool: Sendable {
    /// The version this was written against and that a missing uv is to be installed as.
    public static let pinnedVersion = "0.13.8"

    let path: String
    let variables: [String: String]

    /// Looks at `LAZULI_UV`, `<home>/tools/uv/bin/uv` and PATH, in this order.
    public static func find(home: String, variables: [String: String]) throws(ServiceError) -> String {
        let isExecutable = FileManager.default.isExecutableFile(atPath:)
        if let named = variables["LAZULI_UV"], !named.isEmpty {
            if isExecutable(named) { return named }
            throw ServiceError(
                .invalidArgument, "LAZULI_UV names \"\(named)\", which is no program. Correct or unset it.")
        }
        let folders = ["\(home)/tools/uv/bin"] + (variables["PATH"] ?? "").split(separator: ":").map(String.init)
        if let folder = folders.first(where: { isExecutable("\($0)/uv") }) { return "\(folder)/uv" }
        throw ServiceError(
            .invalidArgument,
            "Environments are built by uv, and uv was not found. Install it with: pip install uv==\(pinnedVersion)")
    }

    init(path: String, cacheFolder: String, variables: [String: String]) {
        self.path = path
        var kept = variables.filter { UvTool.isPassedOn($0.key) }
        kept["UV_CACHE_DIR"] = variables["UV_CACHE_DIR"] ?? cacheFolder
        // Company proxies sign with roots that only the system knows.
        kept["UV_SYSTEM_CERTS"] = variables["UV_SYSTEM_CERTS"] ?? "1"
        kept["UV_PYTHON_DOWNLOADS"] = "never"
        kept["UV_NO_PROGRESS"] = "1"
        kept["NO_COLOR"] = "1"
        self.variables = kept
    }

    /// The way to the package index, and no secret of the server.
    private static func isPassedOn(_ name: String) -> Bool {
        let names: Set = ["PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME"]
        return names.contains(name) || name.hasPrefix("UV_") || name.uppercased().hasSuffix("_PROXY")
    }

    /// Runs one uv command; each line of its standard error goes to `onLine` as it comes.
    func run(
        _ arguments: [String], secondsAllowed: Double, onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ToolResult {
        try await ToolRun(path: path, arguments: arguments, variables: variables).result(
            secondsAllowed: secondsAllowed, onLine: onLine)
    }

    func version() async -> String {
        let result = try? await run(["--version"], secondsAllowed: 10)
        return result?.output.trimmed ?? "unknown"
    }
}
