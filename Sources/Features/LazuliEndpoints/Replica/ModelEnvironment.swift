import Foundation
import LazuliDomain
import LazuliResources

/// The environment that an MLflow model names in its own folder.
enum ModelEnvironment {
    /// The first that is there counts.
    static let names = ["conda.yaml", "requirements.txt"]

    static func file(in folder: URL) -> URL? {
        names.map(folder.appendingPathComponent).first { FileManager.default.fileExists(atPath: $0.path) }
    }

    static func asset(of model: DeploymentParts.Model?) throws -> ResolvedAsset {
        guard let model, let file = file(in: model.place), let text = try? String(contentsOf: file, encoding: .utf8)
        else {
            throw ServiceError(.invalidArgument, "The deployment has no environment and no model that names one.")
        }
        let conda = file.lastPathComponent == names[0] ? text : condaFile(ofRequirements: text)
        return ResolvedAsset(
            id: "", name: "of model \(model.asset.name):\(model.asset.version)", version: "",
            properties: ["condaFile": .string(conda)])
    }

    private static func condaFile(ofRequirements text: String) -> String {
        let requirements = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        let file: JSON = ["dependencies": [.string("python"), ["pip": .array(requirements.map(JSON.string))]]]
        // JSON is YAML.
        return file.text
    }
}
