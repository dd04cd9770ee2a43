/// Writes a vote of the nearest rows into a graph.
enum NeighbourGraph {
    /// - Parameter features: rows × features, none missing.
    /// - Returns: the name of the predictions.
    static func write(_ model: NeighbourModel, _ features: String, to graph: inout OnnxBuilder) -> String {
        let count = model.rows.count / model.features
        let distances = squaredDistances(model, count, features, &graph)
        let wanted = graph.constant(.integers([min(model.neighbours, count)]))
        let (nearest, indices) = graph.nearest(distances, wanted)
        let votes = graph.node("Gather", [graph.constant(model.votes), indices], attributes: ["axis": .integer(0)])
        guard model.weighsByDistance else {
            return graph.node("ReduceMean", [votes], attributes: ["axes": .integers([1]), "keepdims": .integer(0)])
        }
        let weights = graph.node("Unsqueeze", [weights(nearest, &graph), graph.constant(.integers([2]))])
        let sums = sum(graph.node("Mul", [votes, weights]), &graph)
        return graph.node("Div", [sums, sum(weights, &graph)])
    }

    private static func sum(_ tensor: String, _ graph: inout OnnxBuilder) -> String {
        graph.node(
            "ReduceSum", [tensor, graph.constant(.integers([1]))], attributes: ["keepdims": .integer(0)])
    }

    /// |a|² − 2ab + |b|², in double precision: what cancels out stays far below single precision.
    private static func squaredDistances(
        _ model: NeighbourModel, _ count: Int, _ features: String, _ graph: inout OnnxBuilder
    ) -> String {
        func double(_ tensor: String) -> String {
            graph.node("Cast", [tensor], attributes: ["to": .integer(OnnxType.double.rawValue)])
        }
        let rows = double(features)
        let known = double(graph.constant(.floats(model.rows, [count, model.features])))
        let squares = (0..<count).map { row in
            model.rows[row * model.features..<(row + 1) * model.features].reduce(0) { $0 + Double($1) * Double($1) }
        }
        let ownSquares = graph.node(
            "ReduceSum", [graph.node("Mul", [rows, rows]), graph.constant(.integers([1]))],
            attributes: ["keepdims": .integer(1)])
        let turned = graph.node("Transpose", [known], attributes: ["perm": .integers([1, 0])])
        let products = graph.node(
            "Mul", [graph.node("MatMul", [rows, turned]), graph.constant(.scalar(2.0 as Double))])
        let sums = graph.node("Add", [ownSquares, graph.constant(OnnxTensor(.doubles(squares), shape: [count]))])
        let exact = graph.node("Max", [graph.node("Sub", [sums, products]), graph.constant(.scalar(0.0 as Double))])
        return graph.node("Cast", [exact], attributes: ["to": .integer(OnnxType.float.rawValue)])
    }

    /// 1 / distance; where a neighbour is at the very place, it and its like alone count.
    private static func weights(_ squares: String, _ graph: inout OnnxBuilder) -> String {
        let isSame = graph.node("LessOrEqual", [squares, graph.constant(.scalar(NeighbourModel.samePlace))])
        let same = graph.node("Cast", [isSame], attributes: ["to": .integer(OnnxType.float.rawValue)])
        let anySame = graph.node("ReduceMax", [same], attributes: ["axes": .integers([1]), "keepdims": .integer(1)])
        let hasSame = graph.node("Cast", [anySame], attributes: ["to": .integer(OnnxType.bool.rawValue)])
        let floor = graph.node("Max", [squares, graph.constant(.scalar(NeighbourModel.samePlace))])
        let inverse = graph.node("Reciprocal", [graph.node("Sqrt", [floor])])
        return graph.node("Where", [hasSame, same, inverse])
    }
}

extension NeighbourModel {
    /// Per known row what it votes for: rows × classes, or rows × 1.
    fileprivate var votes: OnnxTensor {
        let width = task.width
        guard case .classification = task else { return .floats(targets.map { Float($0) }, [targets.count, 1]) }
        var votes = Array(repeating: Float(0), count: targets.count * width)
        for (row, target) in targets.enumerated() { votes[row * width + Int(target)] = 1 }
        return .floats(votes, [targets.count, width])
    }
}
