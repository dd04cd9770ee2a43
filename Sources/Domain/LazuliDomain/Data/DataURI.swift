public import LazuliResources

/// The forms in which users name data. Source: feature rows DS-15 to DS-21 and contract B9.
public enum DataURI: Sendable, Equatable {
    /// `azureml://[subscriptions/…/workspaces/…/]datastores/{store}/paths/{path}`; nil scope is the caller's workspace.
    case datastore(scope: WorkspaceScope?, store: String, path: String)
    /// `azureml://jobs/{job}/outputs/{output}/paths/{path}`
    case jobOutput(job: String, output: String, path: String)
    /// `runs:/{run}/{path}`
    case run(id: String, path: String)
    /// `azureml:name:version`, `azureml:name@label`, an ARM id of an asset.
    case asset(reference: String)
    /// A container of a storage account: `https://{account}.blob…/{container}/{path}`, `wasbs://`, `abfss://`.
    case storage(account: String, container: String, path: String)
    /// Any other http(s) address.
    case web(String)
    /// A path on this machine: `file:///…` or `/…`.
    case local(path: String)

    /// - Throws: `invalidArgument` that lists the forms there are.
    public init(_ text: String) throws {
        guard let parsed = Self.parse(text) else {
            throw ServiceError(
                .invalidArgument,
                "\"\(text)\" names no data. Use azureml:name:version, azureml://datastores/<store>/paths/<path>, "
                    + "azureml://jobs/<job>/outputs/<output>/paths/<path>, wasbs://, abfss:// or https://.",
                target: text)
        }
        self = parsed
    }

    private static func parse(_ text: String) -> DataURI? {
        if let rest = text.after("azureml://") { return azureml(rest) }
        if let rest = text.after("runs:/") {
            let parts = rest.split(separator: "/", maxSplits: 1).map(String.init)
            return parts.first.map { .run(id: $0, path: parts.count > 1 ? parts[1] : "") }
        }
        if let rest = text.after("file://") { return .local(path: rest) }
        if let rest = text.after("wasbs://") ?? text.after("wasb://") { return wasb(rest) }
        if let rest = text.after("abfss://") ?? text.after("abfs://") { return adls(rest) }
        if text.after("https://") != nil || text.after("http://") != nil { return address(text) }
        if let rest = text.after("azureml:") { return .asset(reference: rest) }
        if text.hasPrefix("/subscriptions/") { return .asset(reference: text) }
        if text.hasPrefix("/") { return .local(path: text) }
        return text.contains(":") || text.contains("@") ? .asset(reference: text) : nil
    }

    /// What follows `azureml://`.
    private static func azureml(_ rest: String) -> DataURI? {
        let parts = rest.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        if parts.first == "jobs", parts.count >= 4, parts[2] == "outputs" {
            // Documents print the path with and without `paths` before it.
            let path = parts.dropFirst(parts.count > 4 && parts[4] == "paths" ? 5 : 4).joined(separator: "/")
            return .jobOutput(job: parts[1], output: parts[3], path: path)
        }
        let scoped = WorkspaceScope.parse(rest)
        let segments = scoped?.rest ?? parts
        if segments.first == "datastores", segments.count >= 2 {
            let path = segments.count > 3 && segments[2] == "paths" ? segments[3...].joined(separator: "/") : ""
            return .datastore(scope: scoped?.scope, store: segments[1], path: path)
        }
        if let scoped { return .asset(reference: scoped.scope.id + "/" + segments.joined(separator: "/")) }
        if ["registries", "locations"].contains(parts.first) { return .asset(reference: "azureml://" + rest) }
        return nil
    }

    /// `{container}@{account}.blob…/{path}`, and the form some documents print: `{account}.blob…/{container}/{path}`.
    private static func wasb(_ rest: String) -> DataURI? {
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let authority = parts.first, !authority.isEmpty else { return nil }
        let path = parts.count > 1 ? parts[1] : ""
        if let at = authority.firstIndex(of: "@") {
            let host = authority[authority.index(after: at)...]
            return .storage(account: account(String(host)), container: String(authority[..<at]), path: path)
        }
        let inner = path.split(separator: "/", maxSplits: 1).map(String.init)
        guard let container = inner.first else { return nil }
        return .storage(account: account(authority), container: container, path: inner.count > 1 ? inner[1] : "")
    }

    /// `{file system}@{account}.dfs…/{path}`
    private static func adls(_ rest: String) -> DataURI? {
        guard rest.contains("@") else { return nil }
        return wasb(rest)
    }

    private static func account(_ host: String) -> String { String(host.prefix { $0 != "." }) }

    /// A blob address of an account is storage; the client writes ours with user info before the host.
    private static func address(_ text: String) -> DataURI {
        let parts = text.drop { $0 != "/" }.dropFirst(2).split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count >= 2, let authority = parts.first else { return .web(text) }
        let isStorage = authority.contains(".blob.") || authority.contains(".dfs.")
        guard isStorage else { return .web(text) }
        let path = parts.count > 2 ? String(parts[2].prefix { $0 != "?" }) : ""
        return .storage(account: account(authority), container: parts[1], path: path)
    }
}

extension String {
    /// The text after a prefix, or nil if it does not begin so.
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
