import LazuliResources
import LazuliTrees

extension NativeModel {
    /// What a single file is.
    /// - Throws: `ScoringFault` with the reason why it cannot be served.
    static func description(ofFile path: String) throws(ScoringFault) -> Description {
        guard exists(path) else { throw ScoringFault(.failed, "There is no model at \(path).") }
        if path.hasSuffix(".onnx") { return try onnx(path, signature: nil, form: .values) }
        let file = try MappedFile(path)
        if LightGBMHeader(file.bytes) != nil { return try lightgbm(path, signature: nil) }
        if isXGBoost(file.bytes) { return try xgboost(path, signature: nil) }
        if file.bytes.first == 0x80 || path.hasSuffix(".pkl") || path.hasSuffix(".joblib") {
            throw ScoringFault(.failed, "\(path) is a Python pickle, which only Python can load.")
        }
        throw ScoringFault(.failed, "\(path) is neither an ONNX, a LightGBM text nor an XGBoost JSON or UBJSON model.")
    }

    /// XGBoost writes one object whose key `learner` stands near the beginning, in JSON and in UBJSON alike.
    private static func isXGBoost(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let head = String(decoding: bytes.prefix(64), as: UTF8.self)
        return bytes.first == UInt8(ascii: "{") && head.contains("learner")
    }

    static func onnx(
        _ path: String, signature: ModelSignature?, form: AnswerForm, sample: JSON = .null,
        firstOutputOnly: Bool = false
    ) throws(ScoringFault) -> Description {
        let file = try MappedFile(path)
        let graph: OnnxGraph
        do {
            graph = try OnnxGraph(parsing: file.bytes)
        } catch {
            throw ScoringFault(.failed, "\(path) cannot be served natively. \(error.reason)")
        }
        guard !graph.hasExternalData else {
            throw ScoringFault(.failed, "\(path) keeps its weights in further files; save it as a single file.")
        }
        let described = signature ?? graph.signature
        _ = try InputLayout(signature: described, inputs: graph.inputs)
        let ownEvaluator = RowProgram(graph) != nil
        return Description(
            format: .onnx, file: path, libraries: ownEvaluator ? [] : [.onnxruntime], signature: described,
            sample: sample.isNull ? described.sample : sample, form: form, firstOutputOnly: firstOutputOnly)
    }

    /// - Throws: `ScoringFault` if the file is no LightGBM text model.
    static func lightgbm(
        _ path: String, signature: ModelSignature?, sample: JSON = .null
    ) throws(ScoringFault) -> Description {
        let file = try MappedFile(path)
        guard let header = LightGBMHeader(file.bytes) else {
            throw ScoringFault(.failed, "\(path) is no LightGBM text model.")
        }
        let described = signature ?? .columns(header.columns), ownEvaluator = LightGBMForest(file.bytes) != nil
        return Description(
            format: .lightgbm, file: path, libraries: ownEvaluator ? [] : [.lightgbm], signature: described,
            sample: sample.isNull ? described.sample : sample, form: .values)
    }

    static func xgboost(
        _ path: String, signature: ModelSignature?, sample: JSON = .null
    ) throws(ScoringFault) -> Description {
        let file = try MappedFile(path), document = XGBoostDocument(file.bytes)
        guard document?.booster != "gblinear" else {
            throw ScoringFault(.failed, "\(path) is a linear booster, which XGBoost predicts with from Python alone.")
        }
        let described = signature ?? document.map { .columns($0.columns) }
        let ownEvaluator = document.map { XGBoostForest($0) != nil } ?? false
        return Description(
            format: .xgboost, file: path, libraries: ownEvaluator ? [] : [.xgboost], signature: described,
            sample: sample.isNull ? described?.sample ?? .null : sample, form: .values)
    }
}

extension OnnxGraph {
    /// Several inputs of one value per row are columns; everything else is arrays.
    var signature: ModelSignature {
        let areColumns = inputs.count > 1 && inputs.allSatisfy { $0.rowWidth == 1 && $0.shape.count <= 2 }
        guard areColumns else { return ModelSignature(inputs: .tensors(inputs)) }
        return .columns(inputs.map { ModelSignature.Column(name: $0.name, type: $0.type) })
    }
}
