import Crypto
import Foundation
import LazuliDomain
import LazuliResources

/// What a deployment names, found: every reference followed to a version, the model's files to their place.
struct DeploymentParts: Sendable {
    var model: Model?
    var code: ResolvedAsset?
    var environment: ResolvedAsset?
    var size: VMSize?
    var host: HostKind

    struct Model: Sendable {
        var asset: ResolvedAsset
        /// The model's own file or folder.
        var place: URL
        var type: String
    }

    /// Which program serves the model.
    enum HostKind: Sendable, Equatable {
        /// A scoring script, in Python.
        case script(String)
        /// An MLflow model through its Python flavour.
        case mlflow
        case native(libraries: [String])
    }
}

extension DeploymentParts {
    /// A text that is the same for the same content, and fit for a folder's name: replicas of one content need not be
    /// replaced by each other.
    func fingerprint(_ deployment: OnlineDeployment) -> String {
        let content: JSON = [
            "model": JSON(model?.asset.id), "code": JSON(code?.id), "script": JSON(deployment.code?.script),
            "environment": JSON(environment?.id), "variables": JSON(deployment.variables),
            "size": JSON(deployment.instanceType), "host": .string("\(host)"),
        ]
        return SHA256.hash(data: Data(content.text.utf8)).prefix(8).hexadecimal
    }
}
