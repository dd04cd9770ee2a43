import Foundation
package import LazuliResources

/// Models that need no Python: what they are, as far as their files tell. No library is loaded to find out.
package enum NativeModel {
    package enum Format: Sendable, Equatable {
        case onnx
        case lightgbm
        case xgboost
    }

    /// A model's file, and what clients give and get.
    package struct Description: Sendable {
        package let format: Format
        package let file: String
        /// What must be there to load it; empty for models we evaluate ourselves.
        package let libraries: [NativeLibrary]
        /// Nil where only the loaded model knows its columns.
        package let signature: ModelSignature?
        /// A body for `/score`; null if none is known.
        package let sample: JSON
        let form: AnswerForm
        /// Further outputs are not part of the answer.
        var firstOutputOnly = false
        /// Columns that clients may send and nobody reads.
        var ignoredColumns: [String] = []
        /// Whether null means a missing value in every column.
        var takesMissing = false
    }

    /// A model under a name, in one or more versions.
    package struct Served: Sendable {
        /// Empty for a model that is served under its registered name.
        package let name: String
        package let versions: [Int: Description]

        /// The highest version, which answers when none is named.
        package var latest: Description? { versions.max { $0.key < $1.key }?.value }
    }

    package enum Finding: Sendable {
        /// One model, or the several of a Triton repository.
        case native([Served])
        /// Why the native host cannot serve it, as a sentence.
        case notNative(reason: String)
    }

    /// Says whether the native host can serve what lies at a path: a model file, an MLflow model's folder, a Triton
    /// repository or a model of one, or a folder that holds one model file.
    package static func find(in path: String) -> Finding {
        do {
            if !isFolder(path) { return .native([single(try description(ofFile: path))]) }
            if exists("\(path)/\(MLmodelFile.name)") {
                return .native([single(try MLflowModel(folder: path).description())])
            }
            if let repository = try TritonRepository(path) { return .native(repository.models) }
            return .native([single(try description(ofFile: try onlyModelFile(in: path)))])
        } catch {
            return .notNative(reason: error.message)
        }
    }

    private static func single(_ description: Description) -> Served { Served(name: "", versions: [1: description]) }

    /// What must be there to load all of them.
    package static func libraries(of models: [Served]) -> [NativeLibrary] {
        NativeLibrary.allCases.filter { library in
            models.contains { $0.versions.values.contains { $0.libraries.contains(library) } }
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Endings of files that are models by themselves.
    private static let endings = [".onnx", ".lgb", ".lightgbm", ".ubj", ".xgb", ".txt", ".json"]

    private static func onlyModelFile(in folder: String) throws(ScoringFault) -> String {
        let candidates = names(in: folder).filter { name in endings.contains { name.hasSuffix($0) } }
        let models = candidates.map { "\(folder)/\($0)" }.filter { (try? description(ofFile: $0)) != nil }
        if models.count == 1 { return models[0] }
        // A model that cannot be served says more than "there is none".
        if models.isEmpty, candidates.count == 1 { return "\(folder)/\(candidates[0])" }
        let reason =
            models.isEmpty
            ? "It holds neither an MLmodel file, a Triton repository nor an ONNX, LightGBM or XGBoost model file."
            : "It holds several model files: \(models.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "))."
        throw ScoringFault(.failed, "\(folder) cannot be served natively. \(reason)")
    }
}
