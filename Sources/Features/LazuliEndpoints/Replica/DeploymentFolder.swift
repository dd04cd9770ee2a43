import Foundation
import LazuliResources

/// The places of one deployment on disk.
struct DeploymentFolder: Sendable {
    let root: URL

    init(_ id: DeploymentID, in folder: URL) {
        root =
            Self.endpoint(id.endpoint, id.scope, in: folder)
            .appendingPathComponent(id.name)
    }

    /// Endpoint names are unique for the server, folders all the same say whose they are.
    static func endpoint(_ name: String, _ scope: WorkspaceScope, in folder: URL) -> URL {
        folder.appendingPathComponent(scope.key.replacing("/", with: "~")).appendingPathComponent(name)
    }

    /// What scripts print, and what the server says of the replicas.
    var log: URL { root.appendingPathComponent("log.txt") }
    /// How the environment was built.
    var stagingLog: URL { root.appendingPathComponent("staging.txt") }
    var requestLog: URL { root.appendingPathComponent("requests.log") }
    var generations: URL { root.appendingPathComponent("generations") }

    func generation(_ fingerprint: String) -> URL { generations.appendingPathComponent(fingerprint) }
}

/// Code, model and replicas of one content of a deployment.
struct GenerationFolder: Sendable {
    let root: URL

    var code: URL { root.appendingPathComponent("code") }
    /// What `AZUREML_MODEL_DIR` is made below.
    var models: URL { root.appendingPathComponent("azureml-models") }
    /// What was prepared; written last, so that its being there says that all of it is.
    var launch: URL { root.appendingPathComponent("launch.json") }
    var replicas: URL { root.appendingPathComponent("replicas") }

    func replica(_ name: String) -> URL { replicas.appendingPathComponent(name) }
}
