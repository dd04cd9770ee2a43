import Foundation
import LazuliResources

/// Artifact addresses as Azure's MLflow plugin reads and writes them:
/// `azureml://HOST{workspace}/experiments/{experiment}/runs/{run}/artifacts/{path}`. Source: contract (f).
///
/// The plugin knows runs alone. Logged models and traces stand in the run's place by their ids, which begin with `m-`
/// and `tr-`; a registered model does as `{name}:{version}`, in the experiment `models`.
public enum AzureArtifactAddress {
    private static let scheme = "azureml://", models = "models"

    /// The address of what lies at a path of the artifact proxy; nil for what the plugin has no words for.
    /// - Parameter base: `azureml://HOST{workspace}`.
    public static func uri(ofProxyPath path: [String], base: String) -> String? {
        let experiment: String, run: String, rest: ArraySlice<String>
        if path.count >= 3, path[2] == "artifacts" {
            (experiment, run, rest) = (path[0], path[1], path[3...])
        } else if path.count >= 4, path[3] == "artifacts" {
            (experiment, run, rest) = (path[0], path[2], path[4...])
        } else if path.count >= 3, path[0] == models {
            (experiment, run, rest) = (models, "\(path[1]):\(path[2])", path[3...])
        } else {
            return nil
        }
        return (["\(base)/experiments/\(experiment)/runs/\(run)/artifacts"] + rest).joined(separator: "/")
    }

    /// The path of the artifact proxy behind an experiment and a run as such addresses name them.
    public static func proxyPath(experiment: String, run: String, rest: some Sequence<String>) -> [String] {
        if experiment == models, let colon = run.lastIndex(of: ":") {
            return [models, String(run[..<colon]), String(run[run.index(after: colon)...])] + rest
        }
        // The experiment may be named by its name, which tells nothing: a run's id is enough.
        let number = Int64(experiment).map(String.init) ?? "0"
        for (start, kind) in [("m-", models), ("tr-", "traces")] where run.hasPrefix(start) {
            return [number, kind, run, "artifacts"] + rest
        }
        return [number, run, "artifacts"] + rest
    }

    /// The path of the artifact proxy behind an address of this form, or behind
    /// `azureml://jobs/{job}/outputs/artifacts/paths/{path}`; nil for others.
    static func proxyPath(ofURI uri: String) -> [String]? {
        guard uri.hasPrefix(scheme) else { return nil }
        let parts = uri.dropFirst(scheme.count).split(separator: "/").map(String.init)
        if parts.count >= 5, parts[0] == "jobs", parts[2...4] == ["outputs", "artifacts", "paths"] {
            return proxyPath(experiment: "0", run: parts[1], rest: parts[5...])
        }
        guard let index = parts.firstIndex(of: "experiments"), parts.count >= index + 5,
            parts[index + 2] == "runs", parts[index + 4] == "artifacts"
        else { return nil }
        return proxyPath(experiment: parts[index + 1], run: parts[index + 3], rest: parts[(index + 5)...])
    }

    /// Puts such addresses in the place of `mlflow-artifacts:/…` wherever a JSON text has one as a whole string.
    public static func rewritten(_ json: [UInt8], base: String) -> [UInt8] {
        let pieces = String(decoding: json, as: UTF8.self).components(separatedBy: "\"\(ArtifactAddress.scheme)")
        guard pieces.count > 1 else { return json }
        var text = pieces[0]
        for piece in pieces.dropFirst() {
            let path = piece.prefix { $0 != "\"" }
            // An escaped quotation mark before it: JSON inside of a string.
            let isInner = text.hasSuffix("\\")
            let found = isInner ? nil : uri(ofProxyPath: path.split(separator: "/").map(String.init), base: base)
            text += "\"" + (found ?? ArtifactAddress.scheme + path) + piece.dropFirst(path.count)
        }
        return Array(text.utf8)
    }
}
