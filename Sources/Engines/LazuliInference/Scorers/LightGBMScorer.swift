import NativeLibraries

/// A LightGBM text model, scored by LightGBM.
final class LightGBMScorer: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "LightGBM"
    private let library: OpaquePointer
    private let width: Int

    /// - Parameter library: path of `lib_lightgbm.so`.
    init(model path: String, library libraryPath: String) throws(ScoringFault) {
        var opened: OpaquePointer?
        try check(lz_lightgbm_open(libraryPath, &opened))
        guard let opened else { throw ScoringFault(.failed, "LightGBM could not be opened.") }
        try check(lz_lightgbm_load(opened, path))
        library = opened
        width = Int(lz_lightgbm_outputs(opened))
        inputs = [TensorSpec(name: "input", type: .float64, shape: [-1, Int(lz_lightgbm_features(opened))])]
        outputs = [TensorSpec(name: "output", type: .float64, shape: width == 1 ? [-1] : [-1, width])]
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let rows = inputs[0].shape[0]
        outputs[0].shape = width == 1 ? [rows] : [rows, width]
        outputs[0].reserve(rows * width)
        if rows == 0 { return }
        try check(lz_lightgbm_predict(library, inputs[0].elements(), Int32(rows), outputs[0].elements()))
    }
}
