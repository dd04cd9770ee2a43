import LazuliTrees

extension ModelForm {
    /// What the model predicts of each row.
    ///
    /// - Precondition: `features` has the columns that the model was trained on.
    package func predict(_ features: FeatureMatrix) -> Predictions {
        switch self {
        case .trees(let model, let link): link.predictions(of: model.sums(over: features))
        case .linear(let model): model.link.predictions(of: model.sums(over: features))
        case .layered(let model): model.link.predictions(of: model.sums(over: features))
        case .neighbours(let model): model.votes(over: features)
        }
    }
}

extension TreeModel {
    /// Per row the sum of the leaves it reaches.
    func sums(over features: FeatureMatrix) -> Predictions {
        var sums = Array(repeating: 0.0, count: features.rowCount * width)
        // Laying the trees out anew pays for itself when many rows are asked for.
        if features.rowCount >= Self.manyRows {
            sums = features.values.withUnsafeBufferPointer {
                Evaluator(self).sums(columns: $0, rowCount: features.rowCount)
            }
            return Predictions(width: width, values: sums)
        }
        for row in 0..<features.rowCount {
            for output in 0..<width { sums[row * width + output] = start[output] }
        }
        nodes.withUnsafeBufferPointer { nodes in
            sums.withUnsafeMutableBufferPointer { sums in
                features.forEachBlock { block, rows in
                    for tree in trees { add(tree, nodes, block, columns: features.columnCount, to: sums, of: rows) }
                }
            }
        }
        return Predictions(width: width, values: sums)
    }

    private static let manyRows = 512

    private func add(
        _ tree: Tree, _ nodes: UnsafeBufferPointer<Node>, _ block: UnsafeBufferPointer<Float>, columns: Int,
        to sums: UnsafeMutableBufferPointer<Double>, of rows: Range<Int>
    ) {
        leaves.withUnsafeBufferPointer { leaves in
            for row in 0..<rows.count {
                var node = nodes[Int(tree.root)]
                while !node.isLeaf {
                    let value = block[row * columns + Int(node.feature)]
                    let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
                    node = nodes[Int(goesLeft ? node.left : node.right)]
                }
                let place = (rows.lowerBound + row) * width
                if let output = tree.output {
                    sums[place + Int(output)] += leaves[Int(node.left)]
                } else {
                    for output in 0..<width { sums[place + output] += leaves[Int(node.left) + output] }
                }
            }
        }
    }
}

extension FeatureMatrix {
    /// Visits the rows in blocks that fit into a processor's cache, each turned row-major.
    func forEachBlock(_ visit: (_ block: UnsafeBufferPointer<Float>, _ rows: Range<Int>) -> Void) {
        let most = max(1, min(256, 1 << 14 / max(1, columnCount)))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, most * columnCount)) { block in
            var first = 0
            while first < rowCount {
                let count = min(most, rowCount - first)
                copyRows(from: first, count: count, to: block)
                visit(UnsafeBufferPointer(rebasing: block[..<(count * columnCount)]), first..<first + count)
                first += count
            }
        }
    }

    private func copyRows(from first: Int, count: Int, to block: UnsafeMutableBufferPointer<Float>) {
        values.withUnsafeBufferPointer { values in
            for column in 0..<columnCount {
                let start = column * rowCount + first
                for row in 0..<count { block[row * columnCount + column] = values[start + row] }
            }
        }
    }

    /// All rows, row-major.
    func rowMajor() -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(values.count)
        forEachBlock { block, _ in rows.append(contentsOf: block) }
        return rows
    }
}

extension LinearModel {
    /// Per row the intercepts plus the weighted sums of the prepared features.
    func sums(over features: FeatureMatrix) -> Predictions {
        let (rows, outputs) = (features.rowCount, outputs)
        var sums = Array(repeating: 0.0, count: rows * outputs)
        sums.withUnsafeMutableBufferPointer { sums in
            for row in 0..<rows {
                for output in 0..<outputs { sums[row * outputs + output] = intercepts[output] }
            }
            features.values.withUnsafeBufferPointer { values in
                for column in 0..<features.columnCount {
                    let feature = UnsafeBufferPointer(rebasing: values[column * rows..<(column + 1) * rows])
                    for output in 0..<outputs { add(feature, column, features.columnCount, output, to: sums) }
                }
            }
        }
        return Predictions(width: outputs, values: sums)
    }

    /// Adds one feature's share of one output.
    private func add(
        _ values: UnsafeBufferPointer<Float>, _ column: Int, _ columns: Int, _ output: Int,
        to sums: UnsafeMutableBufferPointer<Double>
    ) {
        let outputs = outputs
        let perOutput = preparation == .withSquares ? 2 * columns : columns
        let weight = weights[output * perOutput + column]
        switch preparation {
        case .none:
            guard weight != 0 else { return }
            for row in 0..<values.count { sums[row * outputs + output] += weight * Double(values[row]) }
        case .binary:
            for row in 0..<values.count where values[row] > 0 { sums[row * outputs + output] += weight }
        case .withSquares:
            let squareWeight = weights[output * perOutput + columns + column]
            for row in 0..<values.count {
                let value = Double(values[row])
                sums[row * outputs + output] += (weight + squareWeight * value) * value
            }
        }
    }
}
