/// Writes models over filled and scaled features into a graph.
enum DenseGraph {
    /// The chosen features of all, filled and scaled if they are to be.
    static func features(
        of all: String, places: [Int?], width: Int, scaling: FeatureScaling?, to graph: inout OnnxBuilder
    ) -> String {
        let chosen = places.map { $0 ?? 0 }
        var features = all
        if chosen != Array(0..<width) {
            let indices = graph.constant(.integers(chosen))
            features = graph.node("Gather", [all, indices], attributes: ["axis": .integer(1)])
        }
        guard let scaling else { return features }
        let isMissing = graph.node("IsNaN", [features])
        let filled = graph.node("Where", [isMissing, graph.constant(.floats(scaling.fill)), features])
        let shifted = graph.node("Sub", [filled, graph.constant(.floats(scaling.shift))])
        return graph.node("Mul", [shifted, graph.constant(.floats(scaling.factor))])
    }

    /// Sums are added in double precision: those of naive Bayes are large, and only their small differences count.
    /// - Returns: raw outputs; those of a softmax are brought so far down that the largest is 0.
    static func linear(_ model: LinearModel, _ features: String, to graph: inout OnnxBuilder) -> String {
        let doubles = cast(features, .double, &graph)
        let prepared = prepared(model.preparation, doubles, &graph)
        let width = model.weights.count / max(1, model.outputs)
        let weights = graph.constant(OnnxTensor(.doubles(model.weights), shape: [model.outputs, width]))
        let intercepts = graph.constant(OnnxTensor(.doubles(model.intercepts), shape: [model.outputs]))
        let raw = graph.node("Gemm", [prepared, weights, intercepts], attributes: ["transB": .integer(1)])
        guard model.link == .softmax else { return cast(raw, .float, &graph) }
        let most = graph.node("ReduceMax", [raw], attributes: ["axes": .integers([1]), "keepdims": .integer(1)])
        return cast(graph.node("Sub", [raw, most]), .float, &graph)
    }

    private static func cast(_ tensor: String, _ type: OnnxType, _ graph: inout OnnxBuilder) -> String {
        graph.node("Cast", [tensor], attributes: ["to": .integer(type.rawValue)])
    }

    private static func prepared(
        _ preparation: LinearModel.Preparation, _ features: String, _ graph: inout OnnxBuilder
    ) -> String {
        switch preparation {
        case .none: return features
        case .binary:
            return cast(graph.node("Greater", [features, graph.constant(.scalar(0 as Double))]), .double, &graph)
        case .withSquares:
            let squares = graph.node("Mul", [features, features])
            return graph.node("Concat", [features, squares], attributes: ["axis": .integer(1)])
        }
    }
}
