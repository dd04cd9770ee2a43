import LazuliDomain
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

    /// Appends to the path of a URI, before its query and fragment; a plain path has neither.
    private static func append(_ path: String, to uri: String) -> String {
        // On bytes: every answer with a run comes through here.
        let isURI = uri.utf8.contains(UInt8(ascii: ":"))
        let query = isURI ? uri.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } : nil
        let end = query ?? uri.endIndex
        let head = uri[..<end]
        return head + (head.hasSuffix("/") ? "" : "/") + path + uri[end...]
    }

    /// `ExperimentRun/dcid.{run}`, below the artifact container.
    public static func folder(ofRun runID: String) -> String { DataLocator.artifactFolder(ofRun: runID) }

    /// The folder of a logged model that no run of this workspace made.
    static func folder(ofModel modelID: String) -> String { "LoggedModel/\(modelID)" }

    /// `mlflow-artifacts:/models/{name}/{version}`: the files of a registered model, wherever they are.
    static func uri(ofModel name: String, version: Int64) -> String { "\(scheme)models/\(name)/\(version)" }

    /// The folder behind an address of this scheme that says by itself where it is; nil for others.
    public static func folder(ofURI uri: String) -> String? {
        guard let segments = segments(ofURI: uri), case .folder(let folder) = ArtifactPlace(proxyPath: segments) else {
            return nil
        }
        return folder
    }

    /// The path of an address of this scheme; nil for addresses of other stores.
    static func segments(ofURI uri: String) -> [String]? {
        guard uri.hasPrefix(scheme) else { return nil }
        var path = uri.dropFirst(scheme.count)
        // The form with a host: mlflow-artifacts://host/path.
        if path.hasPrefix("/") { path = path.drop(while: { $0 == "/" }).drop(while: { $0 != "/" }) }
        return path.split(separator: "/").map(String.init)
    }
}

/// What a path of the artifact proxy means.
public enum ArtifactPlace: Sendable, Equatable {
    /// A folder or file below the artifact container.
    case folder(String)
    case loggedModel(String, rest: [String])
    case modelVersion(name: String, version: String, rest: [String])

    /// - Parameter segments: the path's decoded segments, already checked.
    public init(proxyPath segments: [String]) {
        let isExperiment = segments.first.flatMap { Int64($0) } != nil
        if isExperiment, segments.count >= 3, segments[2] == "artifacts" {
            self = .folder(Self.join(ArtifactAddress.folder(ofRun: segments[1]), segments.dropFirst(3)))
        } else if isExperiment, segments.count >= 4, segments[3] == "artifacts", segments[1] == "models" {
            self = .loggedModel(segments[2], rest: Array(segments.dropFirst(4)))
        } else if isExperiment, segments.count >= 4, segments[3] == "artifacts", segments[1] == "traces" {
            self = .folder(Self.join("Trace/\(segments[2])", segments.dropFirst(4)))
        } else if segments.count >= 3, segments[0] == "models" {
            self = .modelVersion(name: segments[1], version: segments[2], rest: Array(segments.dropFirst(3)))
        } else {
            self = .folder(Self.join("mlflow-artifacts", segments[...]))
        }
    }

    static func join(_ folder: String, _ rest: some Sequence<String>) -> String {
        ([folder] + rest).joined(separator: "/")
    }
}
