extension LayeredModel.Pieces {
    /// Cuts the range of every feature that takes several values so that its parts hold as many rows each.
    init(fitting matrix: FeatureMatrix) {
        self.init()
        let columns = (0..<matrix.columnCount).map { (feature: $0, edges: Self.edges(of: $0, matrix, Self.parts)) }
            .filter { $0.edges.count >= Self.leastEdges }
        let parts = columns.count > Self.manyColumns ? Self.partsOfMany : Self.parts
        for (feature, edges) in columns {
            let edges = parts == Self.parts ? edges : Self.edges(of: feature, matrix, parts)
            for (start, end) in zip(edges, edges.dropFirst()) {
                features.append(Int32(feature))
                middles.append((start + end) / 2)
                factors.append(1 / (end - start))
            }
        }
    }

    /// Found on public tables (Documentation/AutoML.md).
    private static let parts = 6
    private static let partsOfMany = 3
    private static let manyColumns = 60
    /// A feature of fewer different quantiles says all that it has to say by itself.
    private static let leastEdges = 4

    /// The different quantiles of some rows.
    private static func edges(of column: Int, _ matrix: FeatureMatrix, _ parts: Int) -> [Float] {
        let step = max(1, matrix.rowCount / mostSampled)
        let sorted = stride(from: 0, to: matrix.rowCount, by: step).map { matrix[$0, column] }.sorted()
        guard let last = sorted.indices.last else { return [] }
        var levels = (0...parts).map { Double($0) / Double(parts) }
        func edge(_ level: Double) -> Float { sorted[Int(Double(last) * level)] }
        for _ in 0..<Self.tailCuts {
            let end = levels.count - 1
            if edge(levels[end]) - edge(levels[end - 1]) > Self.longTail
                * (edge(levels[end - 1]) - edge(levels[end - 2]))
            {
                levels.insert((levels[end] + levels[end - 1]) / 2, at: end)
            }
            if edge(levels[1]) - edge(levels[0]) > Self.longTail * (edge(levels[2]) - edge(levels[1])) {
                levels.insert((levels[0] + levels[1]) / 2, at: 1)
            }
        }
        return levels.map(edge).reduce(into: []) { edges, edge in
            if edge - (edges.last ?? -.infinity) > Self.shortest { edges.append(edge) }
        }
    }

    /// The outermost part is cut in two, again if need be, when it is so many times as long as its neighbour: few rows
    /// should not be spread over the whole part.
    private static let longTail: Float = 4
    private static let tailCuts = 2

    private static let mostSampled = 20_000
    /// In scaled units.
    private static let shortest: Float = 1e-4
}
