/// Writes what follows raw outputs into a graph.
enum LinkGraph {
    /// - Parameters:
    ///   - raw: rows × (one or more models' raw outputs side by side).
    ///   - width: the raw outputs of one model.
    /// - Returns: the name of a tensor of the same shape.
    static func write(_ link: Link, _ raw: String, width: Int, count: Int, to graph: inout OnnxBuilder) -> String {
        switch link {
        case .identity: return raw
        case .logistic: return graph.node("Sigmoid", [raw])
        case .exponential: return graph.node("Exp", [raw])
        case .softmax:
            return apart(raw, width, count, &graph) { graph, rows in
                graph.node("Softmax", [rows], attributes: ["axis": .integer(1)])
            }
        case .oneVersusRest:
            return apart(graph.node("Sigmoid", [raw]), width, count, &graph) { graph, rows in
                let sum = graph.node(
                    "ReduceSum", [rows, graph.constant(.integers([1]))], attributes: ["keepdims": .integer(1)])
                return graph.node("Div", [rows, sum])
            }
        }
    }

    /// Gives each model's outputs a row of their own for a while.
    private static func apart(
        _ tensor: String, _ width: Int, _ count: Int, _ graph: inout OnnxBuilder,
        _ body: (inout OnnxBuilder, String) -> String
    ) -> String {
        guard count > 1 else { return body(&graph, tensor) }
        let rows = graph.node("Reshape", [tensor, graph.constant(.integers([-1, width]))])
        return graph.node("Reshape", [body(&graph, rows), graph.constant(.integers([-1, width * count]))])
    }
}
