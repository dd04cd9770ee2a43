import NativeLibraries

/// An XGBoost model in JSON or UBJSON, scored by XGBoost.
final class XGBoostScorer: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "XGBoost"
    /// The model's own names of its columns; empty if it has none.
    let featureNames: [String]
    private let library: OpaquePointer
    private let width: Int

    /// - Parameter library: path of `libxgboost.so`.
    init(model path: String, library libraryPath: String) throws(ScoringFault) {
        var opened: OpaquePointer?
        try check(lz_xgboost_open(libraryPath, &opened))
        guard let opened else { throw ScoringFault(.failed, "XGBoost could not be opened.") }
        try check(lz_xgboost_load(opened, path))
        library = opened
        let features = lz_xgboost_features(opened)
        featureNames = try Self.names(opened)
        width = try Self.outputWidth(opened, features: features)
        inputs = [TensorSpec(name: "input", type: .float32, shape: [-1, features])]
        outputs = [TensorSpec(name: "output", type: .float32, shape: width == 1 ? [-1] : [-1, width])]
    }

    private static func names(_ library: OpaquePointer) throws(ScoringFault) -> [String] {
        var count = 0
        var names: UnsafePointer<UnsafePointer<CChar>?>?
        try check(lz_xgboost_feature_names(library, &count, &names))
        return (0..<count).map { index in (names?[index]).map { String(cString: $0) } ?? "" }
    }

    /// Numbers per row, which the library tells only by predicting.
    private static func outputWidth(_ library: OpaquePointer, features: Int) throws(ScoringFault) -> Int {
        let row = [Float](repeating: 0, count: max(features, 1))
        var results: UnsafePointer<Float>?
        var length = 0
        try check(lz_xgboost_predict(library, row, 1, &results, &length))
        return length
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let rows = inputs[0].shape[0]
        var results: UnsafePointer<Float>?
        var length = 0
        if rows > 0 { try check(lz_xgboost_predict(library, inputs[0].elements(), rows, &results, &length)) }
        guard length == rows * width else {
            throw ScoringFault(.failed, "XGBoost gave \(length) numbers for \(rows) rows of \(width).")
        }
        outputs[0].shape = width == 1 ? [rows] : [rows, width]
        outputs[0].reserve(length)
        if let results { outputs[0].memory.copyMemory(from: results, byteCount: length * 4) }
    }
}
