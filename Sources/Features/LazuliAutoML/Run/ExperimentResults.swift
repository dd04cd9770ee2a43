import Foundation
import LazuliDomain
import LazuliResources

/// The files that an experiment leaves, and the places where clients look for them.
struct ExperimentResults: Sendable {
    let locator: DataLocator

    /// The output that holds the winner.
    static let bestModel = "best_model"
    /// Below a run's artifacts.
    private static let outputs = "outputs"
    private static let model = "outputs/mlflow-model"

    /// Where the winner lies when the job names no other place.
    static func usualAddress(ofJob name: String) -> String {
        "azureml://datastores/\(BuiltInDatastore.artifacts)/paths/\(DataLocator.artifactFolder(ofRun: name))/\(model)/"
    }

    /// Whether the experiment came to a model.
    func holdModel(_ job: RunningJob) -> Bool {
        FileManager.default.fileExists(atPath: job.artifacts.appending(path: "\(Self.model)/MLmodel").path)
    }

    /// Gives the outputs of an experiment to the winner's run and the model to the job's outputs.
    func give(to run: String, _ job: RunningJob) async throws {
        let container = job.artifacts.deletingLastPathComponent().deletingLastPathComponent()
        let folder = container.appending(path: DataLocator.artifactFolder(ofRun: run))
        try await Self.link(job.artifacts.appending(path: Self.outputs), at: folder.appending(path: Self.outputs))
        let output = job.properties["outputs"][Self.bestModel]
        guard let address = output["uri"].string, address != Self.usualAddress(ofJob: job.name) else { return }
        guard case .here(let place) = try await locator.place(of: address, kind: .data, in: job.scope) else {
            throw ServiceError(
                .invalidArgument,
                "Output \"\(Self.bestModel)\" cannot be written to \(address): use a datastore path.", target: address)
        }
        try await Self.link(job.artifacts.appending(path: Self.model), at: place)
    }

    /// The files of a folder under a second name each: they are never changed in place, and so need no second copy.
    private static func link(_ source: URL, at target: URL) async throws {
        try await DiskQueue.run {
            let files = FileManager.default
            try files.createDirectory(at: target, withIntermediateDirectories: true)
            for name in try files.subpathsOfDirectory(atPath: source.path) {
                let from = source.appending(path: name), to = target.appending(path: name)
                var isFolder: ObjCBool = false
                guard files.fileExists(atPath: from.path, isDirectory: &isFolder) else { continue }
                if isFolder.boolValue {
                    try files.createDirectory(at: to, withIntermediateDirectories: true)
                    continue
                }
                if files.fileExists(atPath: to.path) { try files.removeItem(at: to) }
                do { try files.linkItem(at: from, to: to) } catch { try files.copyItem(at: from, to: to) }
            }
        }
    }
}
