import LazuliResources

/// Where artifacts live: the addresses that clients see, and the folders behind them.
///
/// Addresses under the `mlflow-artifacts:` scheme are resolved by the client against its own tracking server. Below the
/// workspace's artifact container a run's files stand where the jobs API shows them, so both see the same bytes.
public enum ArtifactAddress {
    public static let scheme = "mlflow-artifacts:/"

    /// `mlflow-artifacts:/{experiment}`.
    public static func uri(ofExperiment number: Int64) -> String { "\(scheme)\(number)" }

    /// `mlflow-artifacts:/{experiment}/{run}/artifacts`, or below the experiment's own location.
    public static func uri(ofRun runID: String, in location: String) -> String {
        append(runID + "/artifacts", to: location)
    }

    public static func uri(ofModel modelID: String, in location: String) -> String {
        append("models/\(modelID)/artifacts", to: location)
    }

    public static func uri(ofTrace traceID: String, in location: String) -> String {
        append("traces/\(traceID)/artifacts", to: location)
    }

    /// Appends to the path of a URI, before its query and fragment.
    private static func append(_ path: String, to uri: String) -> String {
        let end = uri.firstIndex { $0 == "?" || $0 == "#" } ?? uri.endIndex
        let head = uri[..<end]
        return head + (head.hasSuffix("/") ? "" : "/") + path + uri[end...]
    }

    /// `ExperimentRun/dcid.{run}`, below the artifact container.
    public static func folder(ofRun runID: String) -> String { "ExperimentRun/dcid.\(runID)" }

    /// The folder below the artifact container that a path of the artifact proxy means.
    /// - Parameter segments: the path's decoded segments, already checked.
    public static func folder(ofProxyPath segments: [String]) -> String {
        if segments.count >= 3, segments[2] == "artifacts", Int64(segments[0]) != nil {
            return join(folder(ofRun: segments[1]), segments.dropFirst(3))
        }
        if segments.count >= 4, segments[3] == "artifacts", Int64(segments[0]) != nil {
            if segments[1] == "models" { return join("LoggedModel/\(segments[2])", segments.dropFirst(4)) }
            if segments[1] == "traces" { return join("Trace/\(segments[2])", segments.dropFirst(4)) }
        }
        return join("mlflow-artifacts", segments[...])
    }

    /// The folder behind an address of this scheme; nil for addresses of other stores.
    public static func folder(ofURI uri: String) -> String? {
        guard uri.hasPrefix(scheme) else { return nil }
        var path = uri.dropFirst(scheme.count)
        if path.hasPrefix("/") { path = path.drop(while: { $0 == "/" }).drop(while: { $0 != "/" }) }
        return folder(ofProxyPath: path.split(separator: "/").map(String.init))
    }

    private static func join(_ folder: String, _ rest: ArraySlice<String>) -> String {
        rest.isEmpty ? folder : folder + "/" + rest.joined(separator: "/")
    }
}
