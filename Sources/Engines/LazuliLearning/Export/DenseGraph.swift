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

    /// - Returns: raw outputs.
    static func linear(_ model: LinearModel, _ features: String, to graph: inout OnnxBuilder) -> String {
        let prepared = prepared(model.preparation, features, &graph)
        let width = model.weights.count / max(1, model.outputs)
        let weights = graph.constant(.floats(model.weights.map { Float($0) }, [model.outputs, width]))
        let intercepts = graph.constant(.floats(model.intercepts.map { Float($0) }))
        return graph.node("Gemm", [prepared, weights, intercepts], attributes: ["transB": .integer(1)])
    }

    private static func prepared(
        _ preparation: LinearModel.Preparation, _ features: String, _ graph: inout OnnxBuilder
    ) -> String {
        switch preparation {
        case .none: return features
        case .binary:
            let isAbove = graph.node("Greater", [features, graph.constant(.scalar(0 as Float))])
            return graph.node("Cast", [isAbove], attributes: ["to": .integer(OnnxType.float.rawValue)])
        case .withSquares:
            let squares = graph.node("Mul", [features, features])
            return graph.node("Concat", [features, squares], attributes: ["axis": .integer(1)])
        }
    }
}
