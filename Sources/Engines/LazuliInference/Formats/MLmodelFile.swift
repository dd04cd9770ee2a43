import Foundation
import LazuliResources
import Yams

/// The file `MLmodel` of an MLflow model's folder.
struct MLmodelFile {
    /// What each flavour says of itself, as texts.
    let flavors: [String: [String: String]]
    let signature: (inputs: String, outputs: String?)?
    /// A request's body that the author of the model left as an example.
    let servingExample: JSON
    /// What our own export says: columns of the training table that nobody reads, which clients may send all the same.
    let ignoredColumns: [String]
    /// Whether the graph knows missing values: NaN and the empty text, dates as NaN too.
    let takesMissing: Bool

    static let name = "MLmodel"

    /// - Throws: `ScoringFault` if the file is missing or no YAML.
    init(folder: String) throws(ScoringFault) {
        let path = "\(folder)/\(Self.name)"
        guard let data = FileManager.default.contents(atPath: path),
            let document = try? Yams.load(yaml: String(decoding: data, as: UTF8.self)) as? [String: Any]
        else { throw ScoringFault(.failed, "\(path) cannot be read as YAML.") }
        let flavors = document["flavors"] as? [String: Any] ?? [:]
        self.flavors = flavors.mapValues { ($0 as? [String: Any] ?? [:]).compactMapValues { $0 as? String } }
        let signature = document["signature"] as? [String: Any]
        self.signature = (signature?["inputs"] as? String).map { ($0, signature?["outputs"] as? String) }
        let example = document["saved_input_example_info"] as? [String: Any]
        let own = (document["metadata"] as? [String: Any])?["lazuli"] as? [String: Any]
        ignoredColumns = own?["ignored_columns"] as? [String] ?? []
        takesMissing = own?["missing_values"] as? Bool ?? false
        servingExample = Self.document(example?["serving_input_path"] as? String, in: folder)
    }

    private static let largestExample = 1 << 20

    private static func document(_ name: String?, in folder: String) -> JSON {
        guard let name, let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
            data.count <= largestExample, let document = try? JSON(parsing: data)
        else { return .null }
        return document
    }
}
