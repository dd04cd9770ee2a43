import Foundation
import LazuliDomain
import LazuliPersistence
import LazuliResources

extension AssetsFeature {
    /// Models show their flavours; one that is said to be an MLflow model must have its MLmodel file.
    var modelBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        let locator = locator
        behaviour.prepare = { body, call in
            var body = Self.filled(body)
            if body["properties"]["modelType"].isNull { body["properties"]["modelType"] = "custom_model" }
            if body["properties"]["flavors"].isNull { body["properties"]["flavors"] = .emptyObject }
            let scope = try call.workspaceScope(), given = body["properties"]["modelUri"].string ?? ""
            body["properties"]["modelUri"] = .string(try await locator.address(of: given, in: scope))
            if case .jobOutput(let job, _, _) = try DataURI(given), body["properties"]["jobName"].isNull {
                body["properties"]["jobName"] = .string(job)
            }
            try await Self.checkFiles(body["properties"], locator, scope)
            return body
        }
        behaviour.containerProperties = { [("modelType", $0["modelType"])] }
        return behaviour
    }

    private static func checkFiles(_ properties: JSON, _ locator: DataLocator, _ scope: WorkspaceScope) async throws {
        let address = properties["modelUri"].string ?? ""
        guard case .here(let place) = try await locator.place(of: address, kind: .models, in: scope) else { return }
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw ServiceError(
                .invalidArgument, "There are no files at \(address): a model is registered from files that exist.",
                target: "$.properties.modelUri")
        }
        guard properties["modelType"] == "mlflow_model" else { return }
        let marker = place.appendingPathComponent("MLmodel")
        guard FileManager.default.fileExists(atPath: marker.path) else {
            throw ServiceError(
                .invalidArgument,
                "There is no MLmodel file at \(address), so this is no MLflow model. "
                    + "Give the folder that holds MLmodel, or register it as custom_model.",
                target: "$.properties.modelUri")
        }
    }
}
