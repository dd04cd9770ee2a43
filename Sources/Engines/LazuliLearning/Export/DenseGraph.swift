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
        var filled = graph.node("Where", [isMissing, graph.constant(.floats(scaling.fill)), features])
        if let origins = scaling.logarithmOrigins { filled = logarithms(filled, origins, &graph) }
        let shifted = graph.node("Sub", [filled, graph.constant(.floats(scaling.shift))])
        return graph.node("Mul", [shifted, graph.constant(.floats(scaling.factor))])
    }

    /// Replaces the features that have an origin by log(1 + how far they are above it). Weights of 0 and 1 choose: every
    /// number is finite here.
    private static func logarithms(_ features: String, _ origins: [Float], _ graph: inout OnnxBuilder) -> String {
        let chosen = origins.map { Float($0.isNaN ? 0 : 1) }
        let above = graph.node("Sub", [features, graph.constant(.floats(origins.map { $0.isNaN ? 0 : $0 }))])
        let more = graph.node("Add", [graph.node("Relu", [above]), graph.constant(.scalar(1 as Float))])
        let logarithms = graph.node("Mul", [graph.node("Log", [more]), graph.constant(.floats(chosen))])
        let others = graph.node("Mul", [features, graph.constant(.floats(chosen.map { 1 - $0 }))])
        return graph.node("Add", [logarithms, others])
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

    /// - Returns: raw outputs.
    static func layered(_ model: LayeredModel, _ features: String, to graph: inout OnnxBuilder) -> String {
        let limit = LayeredModel.limit
        var values = clip(features, -limit, limit, &graph)
        if model.pieces.count > 0 {
            values = graph.node(
                "Concat", [values, pieces(model.pieces, features, &graph)], attributes: ["axis": .integer(1)])
        }
        for (number, layer) in model.layers.enumerated() {
            if number > 0 { values = graph.node("Relu", [values]) }
            let weights = graph.constant(.floats(layer.weights, [layer.inputs, layer.outputs]))
            values = graph.node("Gemm", [values, weights, graph.constant(.floats(layer.added))])
        }
        return values
    }

    private static func pieces(
        _ pieces: LayeredModel.Pieces, _ features: String, _ graph: inout OnnxBuilder
    ) -> String {
        let indices = graph.constant(.integers(pieces.features.map(Int.init)))
        let chosen = graph.node("Gather", [features, indices], attributes: ["axis": .integer(1)])
        let moved = graph.node("Sub", [chosen, graph.constant(.floats(pieces.middles))])
        return clip(graph.node("Mul", [moved, graph.constant(.floats(pieces.factors))]), -0.5, 0.5, &graph)
    }

    private static func clip(_ tensor: String, _ least: Float, _ most: Float, _ graph: inout OnnxBuilder) -> String {
        graph.node("Clip", [tensor, graph.constant(.scalar(least)), graph.constant(.scalar(most))])
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
