import LazuliResources
import Testing

@testable import LazuliInference

@Suite("Telling whether a model needs Python")
struct NativeModelTests {
    private func description(_ folder: ModelFolder, _ name: String = "") throws -> NativeModel.Description {
        guard case .native(let served) = NativeModel.find(in: folder.path + name) else {
            throw ScoringFault(reason(folder, name))
        }
        return try #require(served.first?.latest)
    }

    private func reason(_ folder: ModelFolder, _ name: String = "") -> String {
        guard case .notNative(let reason) = NativeModel.find(in: folder.path + name) else { return "native" }
        return reason
    }

    private static func mlmodel(_ flavor: String, signature: String? = nil, loader: String = "") -> String {
        let inputs = signature.map { "signature:\n  inputs: '\($0)'\n  outputs: null\n" } ?? ""
        return "flavors:\n  python_function:\n    loader_module: \(loader)\n\(flavor)\n\(inputs)"
    }

    private static let onnxFlavor = "  onnx:\n    data: model.onnx"
    private static let carats =
        #"[{"type": "string", "name": "cut", "required": true}, {"type": "double", "name": "carat", "required": false}]"#

    @Test("An ONNX file's inputs of one value a row are its columns")
    func onnxColumns() throws {
        let folder = try ModelFolder(["m.onnx": OnnxWriting.twoStumps])
        let found = try description(folder)
        #expect(found.signature == .columns([.init(name: "cut", type: .string), .init(name: "carat", type: .float32)]))
        #expect(found.format == .onnx && found.libraries.isEmpty)
        #expect(found.sample["input_data"]["columns"] == ["cut", "carat"])
    }

    @Test("A graph that we do not evaluate ourselves needs ONNX Runtime, and says what arrays it takes")
    func onnxTensors() throws {
        let folder = try ModelFolder(["m.onnx": OnnxWriting.negation()])
        let found = try description(folder, "/m.onnx")
        #expect(found.libraries == [.onnxruntime])
        #expect(found.signature?.inputs == .tensors([TensorSpec(name: "x", type: .float32, shape: [-1, 2])]))
    }

    @Test("An MLflow model's signature is what clients see")
    func mlflow() throws {
        let folder = try ModelFolder(["model.onnx": OnnxWriting.twoStumps])
        try folder.write("MLmodel", Self.mlmodel(Self.onnxFlavor, signature: Self.carats, loader: "mlflow.onnx"))
        let found = try description(folder)
        #expect(
            found.signature
                == .columns([
                    .init(name: "cut", type: .string), .init(name: "carat", type: .float64, isRequired: false),
                ]))
        #expect(found.form == .records && !found.firstOutputOnly)
    }

    @Test("A scikit-learn model with an ONNX twin answers as `predict` does")
    func twin() throws {
        let folder = try ModelFolder(["model.onnx": OnnxWriting.twoStumps])
        let flavors = Self.onnxFlavor + "\n  sklearn:\n    pickled_model: model.pkl"
        try folder.write("MLmodel", Self.mlmodel(flavors, signature: Self.carats, loader: "mlflow.sklearn"))
        let found = try description(folder)
        #expect(found.form == .values && found.firstOutputOnly)
    }

    @Test("A LightGBM text model's columns are its features; those that pandas numbered are texts")
    func lightgbm() throws {
        let text =
            "tree\nversion=v4\nnum_class=1\nmax_feature_idx=1\nfeature_names=cut carat\n"
            + "feature_infos=0:1 [0.2:5]\n\nTree=0\nend of trees\n\npandas_categorical:[[\"Fair\", \"Ideal\"]]\n"
        let folder = try ModelFolder()
        try folder.write("model.txt", text)
        let found = try description(folder)
        #expect(found.signature == .columns([.init(name: "cut", type: .string), .init(name: "carat", type: .float64)]))
        // Without trees there is nothing to evaluate here; the library may say so.
        #expect(found.libraries == [.lightgbm])
    }

    @Test(
        "What only Python can load is told with the reason",
        arguments: [
            ("  sklearn:\n    pickled_model: model.pkl", "flavour sklearn is loaded by Python"),
            ("  lightgbm:\n    data: model.pkl\n    model_class: lightgbm.sklearn.LGBMRegressor", "LGBMRegressor"),
            ("  xgboost:\n    data: model.ubj\n    model_class: xgboost.sklearn.XGBClassifier", "XGBClassifier"),
        ])
    func needsPython(_ flavor: String, _ expected: String) throws {
        let folder = try ModelFolder()
        try folder.write("MLmodel", Self.mlmodel(flavor))
        #expect(reason(folder).contains(expected), "\(reason(folder))")
    }

    @Test("What is no model, or does not fit its signature, is told with the reason")
    func misfits() throws {
        let folder = try ModelFolder(["readme.md": [1]])
        #expect(reason(folder).contains("holds neither an MLmodel file"))
        #expect(reason(folder, "/none").contains("There is no model"))
        try folder.write("model.onnx", Array("hello".utf8))
        #expect(reason(folder).contains("no ONNX model"))
        try folder.write("model.onnx", OnnxWriting.negation())
        try folder.write("MLmodel", Self.mlmodel(Self.onnxFlavor, signature: Self.carats))
        #expect(reason(folder).contains("is string, and the model takes float"))
        let dated = #"[{"type": "datetime", "name": "when"}]"#
        try folder.write("MLmodel", Self.mlmodel(Self.onnxFlavor, signature: dated))
        #expect(reason(folder).contains("\"when\" of type datetime"))
    }
}

@Suite("Model files that were damaged or made to do harm")
struct DamagedModelTests {
    private func look(_ name: String, _ content: [UInt8]) throws {
        let folder = try ModelFolder([name: content])
        _ = NativeModel.find(in: folder.path)
    }

    @Test("are looked at without a crash, whichever byte is another one and wherever they end")
    func damaged() throws {
        func look(_ content: [UInt8]) {
            content.withUnsafeBytes { bytes in
                guard let graph = try? OnnxGraph(parsing: bytes) else { return }
                _ = (RowProgram(graph), graph.signature.sample)
            }
        }
        let whole = OnnxWriting.twoStumps
        for index in whole.indices {
            look(Array(whole.prefix(index)))
            for byte: UInt8 in [0, 0x7F, 0xFF] {
                var copy = whole
                copy[index] = byte
                look(copy)
            }
        }
    }

    @Test("end at a depth that the stack can bear")
    func deep() throws {
        try look("1/model.onnx", OnnxWriting.negation())
        let folder = try ModelFolder(["1/model.onnx": OnnxWriting.negation()])
        try folder.write("config.pbtxt", String(repeating: "a {", count: 100_000))
        _ = NativeModel.find(in: folder.path)
        try look(
            "m.ubj",
            Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 7] + Array("learner".utf8) + Array(repeating: 0x5B, count: 100_000)
        )
    }
}
