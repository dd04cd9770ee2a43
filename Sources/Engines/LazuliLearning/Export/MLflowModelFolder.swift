package import Foundation
import LazuliPredictor
package import LazuliResources

/// Writes a model as MLflow's folder, with the flavours `onnx` and `python_function`.
///
/// Source: mlflow.org, "MLflow Models", storage format; written as MLflow 2.22 does, which later versions read too.
package struct MLflowModelFolder {
    private let model: FinalModel
    private let export: OnnxExport
    private let examples: [JSON]
    private let description: JSON

    /// - Parameters:
    ///   - examples: rows for the input example, as objects by column; they should be rows of the training table.
    ///   - description: what `pipeline.json` says beside the model itself, such as scores; left out if null.
    /// - Throws: `LearningFault` for a model that a graph cannot tell.
    package init(_ model: FinalModel, examples: [JSON] = [], description: JSON = .null) throws(LearningFault) {
        self.model = model
        self.examples = examples
        self.description = description
        export = try OnnxExport(model)
    }

    package static func write(
        _ model: FinalModel, to folder: URL, runID: String?, examples: [JSON] = [], description: JSON = .null
    ) throws {
        try MLflowModelFolder(model, examples: examples, description: description).write(to: folder, runID: runID)
    }

    /// Writes all files; those that are there already are replaced.
    package func write(to folder: URL, runID: String?, now: Date = Date()) throws {
        let code = folder.appending(path: "code")
        try FileManager.default.createDirectory(at: code, withIntermediateDirectories: true)
        func put(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: folder.appending(path: name)) }
        try put(Self.graphName, export.bytes)
        try put("code/\(ModelPredictor.moduleName).py", ModelPredictor.source)
        try put("MLmodel", Array(mlmodel(runID: runID, now: now).utf8))
        try put("requirements.txt", Array(Self.requirements.map { $0 + "\n" }.joined().utf8))
        try put("conda.yaml", Array(Self.conda.utf8))
        try put("python_env.yaml", Array(Self.pythonEnvironment.utf8))
        let pipeline = PipelineDescription(model, inputs: export.inputs).json(with: description)
        try put("pipeline.json", Array(pipeline.prettyText.utf8))
        guard !examples.isEmpty else { return }
        try put("input_example.json", Array(example.text.utf8))
        try put("serving_input_example.json", Array((["dataframe_split": example] as JSON).text.utf8))
    }

    private static let graphName = "model.onnx"

    // MARK: - MLmodel

    /// Quoted texts of YAML 1.2 may be written as JSON's.
    private func mlmodel(runID: String?, now: Date) -> String {
        var lines = [
            "flavors:",
            "  onnx:",
            "    code: code",
            "    data: \(Self.graphName)",
            "    onnx_version: 1.16.0",
            "    providers:",
            "    - CPUExecutionProvider",
            "  python_function:",
            "    code: code",
            "    data: \(Self.graphName)",
            "    env:",
            "      conda: conda.yaml",
            "      virtualenv: python_env.yaml",
            "    loader_module: \(ModelPredictor.moduleName)",
            "    python_version: \(JSON.string(Self.pythonVersion + ".0").text)",
            "metadata:",
            "  lazuli:",
            "    missing_values: true",
            "    ignored_columns: \(JSON.array(ignored.map(JSON.string)).text)",
            "mlflow_version: 2.22.0",
            "model_uuid: \(UUID().uuidString.lowercased().filter { $0 != "-" })",
        ]
        if let runID { lines.append("run_id: \(JSON.string(runID).text)") }
        if !examples.isEmpty {
            lines += [
                "saved_input_example_info:",
                "  artifact_path: input_example.json",
                "  pandas_orient: split",
                "  serving_input_path: serving_input_example.json",
                "  type: dataframe",
            ]
        }
        lines += [
            "signature:",
            "  inputs: \(JSON.string(signatureInputs.text).text)",
            "  outputs: \(JSON.string(signatureOutputs.text).text)",
            "  params: \(JSON.string(signatureParameters.text).text)",
            "utc_time_created: '\(Self.timestamp(now))'",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    private static func timestamp(_ moment: Date) -> String {
        moment.formatted(
            .verbatim(
                "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits).\(secondFraction: .fractional(6))",
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }

    /// The columns of the training table that clients may send and nobody reads.
    private var ignored: [String] {
        let read = Set(export.inputs.map(\.name))
        return model.columns.map(\.name).filter { !read.contains($0) } + [model.target.name]
    }

    private var signatureInputs: JSON {
        .array(
            export.inputs.map {
                ["type": .string($0.signatureType(in: model)), "name": .string($0.name), "required": true]
            })
    }

    private var signatureOutputs: JSON {
        let target = model.target
        let type =
            switch target.task {
            case .regression: "float32"
            case .classification: target.classesAreIntegers ? "int64" : target.classesAreBooleans ? "bool" : "str"
            }
        return [["type": "tensor", "tensor-spec": ["dtype": .string(type), "shape": [-1]]]]
    }

    private var signatureParameters: JSON {
        [["name": "predict_method", "type": "string", "default": "predict", "shape": nil]]
    }

    // MARK: - Environment

    private static let pythonVersion = "3.11"
    private static let requirements = [
        "mlflow>=2.10", "numpy>=1.24", "onnx>=1.14", "onnxruntime>=1.17", "pandas>=1.5",
    ]

    private static var conda: String {
        """
        channels:
        - conda-forge
        dependencies:
        - python=\(pythonVersion)
        - pip
        - pip:
        \(requirements.map { "  - \($0)" }.joined(separator: "\n"))
        name: mlflow-env

        """
    }

    private static var pythonEnvironment: String {
        """
        python: "\(pythonVersion)"
        build_dependencies:
        - pip
        - setuptools
        - wheel
        dependencies:
        - -r requirements.txt

        """
    }

    // MARK: - Example

    private var example: JSON {
        let names = export.inputs.map(\.name)
        return [
            "columns": .array(names.map(JSON.string)),
            "data": .array(examples.map { row in .array(names.map { row[$0] }) }),
        ]
    }
}

extension InputColumn {
    /// The column's type in MLflow's signature. A whole number that may be missing is a real one in pandas.
    func signatureType(in model: FinalModel) -> String {
        switch kind {
        case .integer: mayMiss ? "double" : "long"
        case .real: "double"
        case .boolean: model.spellsTruth(name) ? "boolean" : "string"
        case .text: "string"
        case .dateTime: "datetime"
        }
    }
}

extension FinalModel {
    /// Whether a column's texts are `true` and `false`, however they are capitalised.
    fileprivate func spellsTruth(_ column: String) -> Bool {
        members.lazy.flatMap(\.features.steps).allSatisfy { step in
            switch step {
            case .oneHot(column, let categories):
                categories.allSatisfy { ["true", "false", ""].contains($0.lowercased()) }
            case .lookup(column, let lookup):
                lookup.categories.allSatisfy { ["true", "false", ""].contains($0.lowercased()) }
            default: true
            }
        }
    }
}
