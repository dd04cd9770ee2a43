import LazuliResources

/// An MLflow model's folder, as far as one of its flavours needs no Python.
struct MLflowModel {
    private let folder: String
    private let file: MLmodelFile
    private let signature: ModelSignature?

    /// - Throws: `ScoringFault` if its MLmodel file cannot be read or has a signature we cannot keep.
    init(folder: String) throws(ScoringFault) {
        self.folder = folder
        let file = try MLmodelFile(folder: folder)
        self.file = file
        do {
            signature = try file.signature.map { signature throws(ModelSignature.Unsupported) in
                try ModelSignature(
                    mlflow: signature.inputs, outputs: signature.outputs, takesMoments: file.takesMissing)
            }
        } catch {
            throw ScoringFault(.failed, error.reason)
        }
    }

    func description() throws(ScoringFault) -> NativeModel.Description {
        if let flavor = file.flavors["onnx"] { return try onnx(flavor) }
        if let flavor = file.flavors["lightgbm"] { return try lightgbm(flavor) }
        if let flavor = file.flavors["xgboost"] { return try xgboost(flavor) }
        let names = file.flavors.keys.filter { $0 != "python_function" }.sorted()
        throw ScoringFault(
            .failed,
            "An MLflow model of flavour \(names.isEmpty ? "python_function" : names.joined(separator: ", ")) "
                + "is loaded by Python; native are onnx, lightgbm and xgboost.")
    }

    private func path(_ flavor: [String: String], _ otherwise: String) -> String {
        "\(folder)/\(flavor["data"] ?? otherwise)"
    }

    private func onnx(_ flavor: [String: String]) throws(ScoringFault) -> NativeModel.Description {
        // Beside another flavour the graph stands in for that one's `predict`, which gives the label or the value alone.
        let isTwin = file.flavors["python_function"]?["loader_module"].map { $0 != "mlflow.onnx" } ?? false
        var form = AnswerForm.records
        if case .tensors = signature?.inputs { form = .arrays }
        var description = try NativeModel.onnx(
            path(flavor, "model.onnx"), signature: signature, form: isTwin ? .values : form,
            sample: file.servingExample, firstOutputOnly: isTwin)
        description.ignoredColumns = file.ignoredColumns
        description.takesMissing = file.takesMissing
        return description
    }

    private func lightgbm(_ flavor: [String: String]) throws(ScoringFault) -> NativeModel.Description {
        let path = path(flavor, "model.lgb")
        guard flavor["model_class"].map({ $0.hasSuffix("Booster") }) ?? true, !path.hasSuffix(".pkl") else {
            throw pickled("LightGBM", flavor["model_class"])
        }
        return try NativeModel.lightgbm(path, signature: signature, sample: file.servingExample)
    }

    private func xgboost(_ flavor: [String: String]) throws(ScoringFault) -> NativeModel.Description {
        let name = flavor["model_class"] ?? "xgboost.core.Booster"
        // The wrappers for classes and rankings turn what the trees say into something else.
        guard name.hasSuffix("Booster") || name.hasSuffix("XGBRegressor"), !path(flavor, "").hasSuffix(".pkl") else {
            throw pickled("XGBoost", name)
        }
        return try NativeModel.xgboost(path(flavor, "model.ubj"), signature: signature, sample: file.servingExample)
    }

    private func pickled(_ library: String, _ wrapper: String?) -> ScoringFault {
        ScoringFault(
            .failed,
            "The model is a \(wrapper ?? "Python object"), which only Python can load; "
                + "log \(library)'s own Booster for the native host.")
    }
}
