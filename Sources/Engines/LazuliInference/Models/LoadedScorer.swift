import LazuliTrees

/// A scorer and what only the loaded model knows.
struct LoadedScorer {
    let scorer: any Scorer
    let signature: ModelSignature
    var maps: [String: OnnxGraph.ClassMap] = [:]
    var categories: [Int: CategoryTable] = [:]

    init(_ scorer: any Scorer, signature: ModelSignature) {
        self.scorer = scorer
        self.signature = signature
    }

    init(_ description: NativeModel.Description, libraries: [String: String]) throws(ScoringFault) {
        switch description.format {
        case .onnx: try self.init(onnx: description, libraries)
        case .lightgbm: try self.init(lightgbm: description, libraries)
        case .xgboost: try self.init(xgboost: description, libraries)
        }
    }

    private init(onnx description: NativeModel.Description, _ libraries: [String: String]) throws(ScoringFault) {
        let file = try MappedFile(description.file)
        let graph: OnnxGraph
        do {
            graph = try OnnxGraph(parsing: file.bytes)
        } catch {
            throw ScoringFault(.failed, "\(description.file) cannot be loaded. \(error.reason)")
        }
        signature = graph.signature
        maps = graph.maps
        if let forest = RowProgram(graph) {
            scorer = forest
        } else {
            let library = try Self.library(.onnxruntime, libraries)
            scorer = try OnnxScorer(model: graph.exposingMaps(in: Array(file.bytes)), graph: graph, library: library)
        }
    }

    private init(lightgbm description: NativeModel.Description, _ libraries: [String: String]) throws(ScoringFault) {
        let file = try MappedFile(description.file)
        guard let header = LightGBMHeader(file.bytes) else {
            throw ScoringFault(.failed, "\(description.file) is no LightGBM text model.")
        }
        if let forest = LightGBMForest(file.bytes) {
            scorer = forest
        } else {
            scorer = try LightGBMScorer(model: description.file, library: try Self.library(.lightgbm, libraries))
        }
        signature = .columns(header.columns)
        for feature in header.categoricalFeatures {
            categories[feature] = header.table(of: feature).map(CategoryTable.init)
        }
    }

    private init(xgboost description: NativeModel.Description, _ libraries: [String: String]) throws(ScoringFault) {
        let file = try MappedFile(description.file)
        if let document = XGBoostDocument(file.bytes), let forest = XGBoostForest(document) {
            scorer = forest
            signature = .columns(document.columns)
            return
        }
        let scorer = try XGBoostScorer(model: description.file, library: try Self.library(.xgboost, libraries))
        var names = scorer.featureNames
        if names.isEmpty { names = (0..<(scorer.inputs[0].rowWidth ?? 0)).map { "f\($0)" } }
        signature = .columns(names.map { ModelSignature.Column(name: $0, type: .float64) })
        self.scorer = scorer
    }

    private static func library(
        _ library: NativeLibrary, _ folders: [String: String]
    ) throws(ScoringFault) -> String {
        guard let folder = folders[library.rawValue] else {
            throw ScoringFault(
                .failed, "The model needs the library \(library.rawValue). Install it with: lazuli native install")
        }
        guard let file = library.file(in: folder) else {
            throw ScoringFault(
                .failed,
                "The folder \(folder) does not hold the library \(library.rawValue). "
                    + "Remove it, then install it anew with: lazuli native install")
        }
        return file
    }
}
