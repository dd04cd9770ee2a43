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
            // The shares of logistic functions are the softmax of their logarithms, which no row is too far out for.
            return apart(raw, width, count, &graph) { graph, rows in
                let logarithms = graph.node("Neg", [graph.node("Softplus", [graph.node("Neg", [rows])])])
                return graph.node("Softmax", [logarithms], attributes: ["axis": .integer(1)])
            }
        }
    }

    /// The shares of powers are the softmax of multiplied logarithms.
    static func write(_ calibration: PowerCalibration, _ probabilities: String, to graph: inout OnnxBuilder) -> String {
        let logarithms = graph.node("Log", [probabilities])
        let raised = graph.node("Mul", [logarithms, graph.constant(.scalar(Float(calibration.exponent)))])
        return graph.node("Softmax", [raised], attributes: ["axis": .integer(1)])
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
