import Foundation
import LazuliResources

/// What a native host is to serve (Documentation/Scoring-hosts.md).
struct ScorePlan {
    let socket: String
    let progress: String
    let deployment: String
    /// The model's own file or folder.
    let modelPath: String
    /// The name and version under which the model is registered; the deployment's name if it has none.
    let modelName: String
    let modelVersion: Int
    /// The folder of each native library.
    let libraries: [String: String]

    /// - Throws: `ServiceError` if the plan cannot be read or lacks something.
    init(path: String) throws(ServiceError) {
        guard let data = FileManager.default.contents(atPath: path), let plan = try? JSON(parsing: data) else {
            throw ServiceError(.invalidArgument, "The plan \(path) cannot be read as JSON.")
        }
        let model = plan["model"]
        guard let socket = plan["socket"].string, let modelPath = model["path"].string else {
            throw ServiceError(.invalidArgument, "The plan \(path) lacks \"socket\" or the model's \"path\".")
        }
        self.socket = socket
        self.modelPath = modelPath
        progress = plan["progress"].string ?? ""
        deployment = plan["deployment"].string ?? ""
        modelName = model["name"].string ?? deployment
        modelVersion = model["version"].integer ?? model["version"].string.flatMap { Int($0) } ?? 1
        libraries = (plan["libraries"].object?.pairs ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.string }
    }
}
