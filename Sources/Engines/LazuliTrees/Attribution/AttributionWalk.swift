extension TreeModel.Attribution {
    package func makeWalk() -> Walk { Walk(self) }

    /// Computes the values of rows, one after the other; each thread needs a walk of its own.
    package final class Walk {
        private let model: TreeModel.Attribution
        private let points: Int
        /// Per level and point: the probability of the way so far; of its last step's feature the probability that all
        /// its splits so far are passed, and what knowing it changes, relatively.
        private let ways, factors, changes: UnsafeMutablePointer<Double>
        /// Per level, output and point: what the leaves below give, each with the probability of its way.
        private let sums: UnsafeMutablePointer<Double>
        /// Of each level's last step: the share of training rows that pass all splits by its feature so far, and whether
        /// the row does.
        private let shares, passes: UnsafeMutablePointer<Double>
        /// Per feature the level of its last step; 0 for none, where level 0 stands for a split that all pass.
        private let lastLevel: UnsafeMutablePointer<Int>

        fileprivate init(_ model: TreeModel.Attribution) {
            self.model = model
            points = model.quadrature.points.count
            let levels = model.depth + 1
            func memory(_ count: Int, _ value: Double) -> UnsafeMutablePointer<Double> {
                let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
                memory.initialize(repeating: value, count: count)
                return memory
            }
            ways = memory(levels * points, 1)
            factors = memory(levels * points, 1)
            changes = memory(levels * points, 0)
            sums = memory(levels * points * model.width, 0)
            shares = memory(levels, 1)
            passes = memory(levels, 1)
            lastLevel = .allocate(capacity: max(1, model.featureCount))
            lastLevel.initialize(repeating: 0, count: max(1, model.featureCount))
        }

        deinit {
            for part in [ways, factors, changes, sums, shares, passes] { part.deallocate() }
            lastLevel.deallocate()
        }

        /// Adds what each feature adds to each output: `width` numbers per feature, feature after feature. All of them
        /// and `expected` add up to the trees' sums.
        ///
        /// - Parameter row: a missing value is NaN.
        package func add(_ row: UnsafeBufferPointer<Float>, to values: UnsafeMutableBufferPointer<Double>) {
            precondition(row.count >= model.featureCount && values.count >= model.featureCount * model.width)
            guard let target = values.baseAddress else { return }
            model.nodes.withUnsafeBufferPointer { nodes in
                for tree in model.trees {
                    let pass = Pass(
                        nodes: nodes, row: row, target: target + Int(tree.output ?? 0),
                        outputs: tree.output == nil ? model.width : 1)
                    visit(Int(tree.root), level: 0, pass)
                }
            }
        }

        /// A row on its way through a tree.
        private struct Pass {
            let nodes: UnsafeBufferPointer<TreeModel.Node>
            let row: UnsafeBufferPointer<Float>
            /// The first of the tree's outputs of the first feature.
            let target: UnsafeMutablePointer<Double>
            let outputs: Int
        }

        /// Leaves in `sums` of the level what the leaves below the node give.
        private func visit(_ place: Int, level: Int, _ pass: Pass) {
            let node = pass.nodes[place], sum = sums + level * points * model.width
            if node.isLeaf {
                let way = ways + level * points
                for output in 0..<pass.outputs {
                    let value = model.leaves[Int(node.left) + output]
                    for point in 0..<points { sum[output * points + point] = way[point] * value }
                }
                return
            }
            for place in 0..<points * pass.outputs { sum[place] = 0 }
            let value = pass.row[Int(node.feature)]
            let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
            enter(Int(node.left), of: node, isRowsWay: goesLeft, level, pass)
            enter(Int(node.right), of: node, isRowsWay: !goesLeft, level, pass)
        }

        private func enter(_ child: Int, of node: TreeModel.Node, isRowsWay: Bool, _ level: Int, _ pass: Pass) {
            let feature = Int(node.feature), last = lastLevel[feature], next = level + 1
            let share = shares[last] * model.shares[child], passes = isRowsWay ? self.passes[last] : 0
            // Nobody comes here, whatever is known.
            guard share > 0 || passes > 0 else { return }
            shares[next] = share
            self.passes[next] = passes
            take(share, passes, from: level, last: last)
            lastLevel[feature] = next
            visit(child, level: next, pass)
            lastLevel[feature] = last
            gather(from: next, last: last, into: pass.target + feature * model.width, pass.outputs)
        }

        private func take(_ share: Double, _ passes: Double, from level: Int, last: Int) {
            let next = (level + 1) * points
            for point in 0..<points {
                let known = model.quadrature.points[point]
                let factor = share * (1 - known) + passes * known
                factors[next + point] = factor
                changes[next + point] = (passes - share) / factor
                // A feature that was split by before counts with its latest state alone.
                ways[next + point] = ways[level * points + point] * factor / factors[last * points + point]
            }
        }

        /// Adds a level's sums to the level above, and the integrals of what they change to the feature's values.
        ///
        /// What the step before by the same feature will claim for these leaves is taken off here.
        private func gather(
            from level: Int, last: Int, into values: UnsafeMutablePointer<Double>, _ outputs: Int
        ) {
            let below = sums + level * points * model.width, above = below - points * model.width
            for output in 0..<outputs {
                var integral = 0.0
                for point in 0..<points {
                    let sum = below[output * points + point]
                    above[output * points + point] += sum
                    integral +=
                        model.quadrature.weights[point] * sum
                        * (changes[level * points + point] - changes[last * points + point])
                }
                values[output] += integral
            }
        }
    }
}
