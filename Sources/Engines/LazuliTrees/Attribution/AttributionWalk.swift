extension TreeModel.Attribution {
    package func makeWalk() -> Walk { Walk(self) }

    /// Computes the values of rows, one after the other; each thread needs a walk of its own.
    package final class Walk {
        /// Four points of the quadrature; those that are left over have no weight.
        private typealias Pack = SIMD4<Double>

        private let model: TreeModel.Attribution
        /// Packs of points.
        private let packs: Int
        /// The probability t that a feature is known, 1 − t, and the weights of the points.
        private let known, unknown, weights: UnsafeMutablePointer<Pack>
        /// Per level: the probability of the way so far. Of its last step's feature: one by the probability that all its
        /// splits so far are passed, and what knowing it changes, relatively.
        private let ways, inverses, changes: UnsafeMutablePointer<Pack>
        /// Per level, by what the sums below are multiplied for the feature's values: its changes, without those that the
        /// step before by the same feature will claim for the same leaves.
        private let claims: UnsafeMutablePointer<Pack>
        /// Per level and output: what the leaves below give, each with the probability of its way.
        private let sums: UnsafeMutablePointer<Pack>
        /// Of each level's last step: the share of training rows that pass all splits by its feature so far, and 1 if
        /// the row does, else 0.
        private let shares, passes: UnsafeMutablePointer<Double>
        /// Per feature the level of its last step; 0 for none, where level 0 stands for a split that all pass.
        private let lastLevel: UnsafeMutablePointer<Int>

        fileprivate init(_ model: TreeModel.Attribution) {
            self.model = model
            packs = (model.quadrature.points.count + 3) / 4
            let levels = model.depth + 1, packs = packs
            func memory<Value>(_ count: Int, _ value: Value) -> UnsafeMutablePointer<Value> {
                let memory = UnsafeMutablePointer<Value>.allocate(capacity: count)
                memory.initialize(repeating: value, count: count)
                return memory
            }
            known = memory(packs, Pack(repeating: 0.5))
            weights = memory(packs, Pack(repeating: 0))
            for (place, point) in model.quadrature.points.enumerated() {
                known[place / 4][place % 4] = point
                weights[place / 4][place % 4] = model.quadrature.weights[place]
            }
            unknown = memory(packs, Pack(repeating: 0))
            for pack in 0..<packs { unknown[pack] = 1 - known[pack] }
            ways = memory(levels * packs, Pack(repeating: 1))
            inverses = memory(levels * packs, Pack(repeating: 1))
            changes = memory(levels * packs, Pack(repeating: 0))
            claims = memory(levels * packs, Pack(repeating: 0))
            sums = memory(levels * packs * model.width, Pack(repeating: 0))
            shares = memory(levels, 1)
            passes = memory(levels, 1)
            lastLevel = memory(max(1, model.featureCount), 0)
        }

        deinit {
            for part in [known, unknown, weights, ways, inverses, changes, claims, sums] { part.deallocate() }
            shares.deallocate()
            passes.deallocate()
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
                model.shares.withUnsafeBufferPointer { shares in
                    model.leaves.withUnsafeBufferPointer { leaves in
                        for tree in model.trees where !nodes[Int(tree.root)].isLeaf {
                            let pass = Pass(
                                nodes: nodes, shares: shares, leaves: leaves, row: row,
                                target: target + Int(tree.output ?? 0), outputs: tree.output == nil ? model.width : 1)
                            visit(nodes[Int(tree.root)], level: 0, pass)
                        }
                    }
                }
            }
        }

        /// A row on its way through a tree.
        private struct Pass {
            let nodes: UnsafeBufferPointer<TreeModel.Node>
            let shares: UnsafeBufferPointer<Double>
            let leaves: UnsafeBufferPointer<Double>
            let row: UnsafeBufferPointer<Float>
            /// The first of the tree's outputs of the first feature.
            let target: UnsafeMutablePointer<Double>
            let outputs: Int
        }

        /// Leaves in `sums` of the level what the leaves below an inner node give.
        private func visit(_ node: TreeModel.Node, level: Int, _ pass: Pass) {
            let sum = sums + level * packs * model.width
            for place in 0..<packs * pass.outputs { sum[place] = Pack(repeating: 0) }
            let value = pass.row[Int(node.feature)]
            let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
            enter(Int(node.left), of: node, isRowsWay: goesLeft, level, pass)
            enter(Int(node.right), of: node, isRowsWay: !goesLeft, level, pass)
        }

        private func enter(_ place: Int, of node: TreeModel.Node, isRowsWay: Bool, _ level: Int, _ pass: Pass) {
            let feature = Int(node.feature), last = lastLevel[feature], next = level + 1
            let share = shares[last] * pass.shares[place], passes = isRowsWay ? self.passes[last] : 0
            // Nobody comes here, whatever is known.
            guard share > 0 || passes > 0 else { return }
            shares[next] = share
            self.passes[next] = passes
            take(share, passes, from: level, last: last)
            let child = pass.nodes[place], values = pass.target + feature * model.width
            guard !child.isLeaf else { return addLeaf(pass.leaves, at: Int(child.left), next, values, pass.outputs) }
            lastLevel[feature] = next
            visit(child, level: next, pass)
            lastLevel[feature] = last
            gather(from: next, into: values, pass.outputs)
        }

        private func take(_ share: Double, _ passes: Double, from level: Int, last: Int) {
            let from = level * packs, next = from + packs, before = last * packs
            for pack in 0..<packs {
                let factor = unknown[pack] * share + known[pack] * passes
                let inverse = 1 / factor
                let change = inverse * (passes - share)
                inverses[next + pack] = inverse
                changes[next + pack] = change
                claims[next + pack] = weights[pack] * (change - changes[before + pack])
                // A feature that was split by before counts with its latest state alone.
                ways[next + pack] = ways[from + pack] * factor * inverses[before + pack]
            }
        }

        /// Adds a leaf to the sums of the level above, and the integrals of what it changes to the feature's values.
        private func addLeaf(
            _ leaves: UnsafeBufferPointer<Double>, at place: Int, _ level: Int, _ values: UnsafeMutablePointer<Double>,
            _ outputs: Int
        ) {
            let way = ways + level * packs, claim = claims + level * packs
            let above = sums + (level - 1) * packs * model.width
            var integral = Pack(repeating: 0)
            for pack in 0..<packs { integral += way[pack] * claim[pack] }
            let share = integral.sum()
            for output in 0..<outputs {
                let value = leaves[place + output]
                values[output] += share * value
                for pack in 0..<packs { above[output * packs + pack] += way[pack] * value }
            }
        }

        /// Does the same with all leaves below a level.
        private func gather(from level: Int, into values: UnsafeMutablePointer<Double>, _ outputs: Int) {
            let claim = claims + level * packs
            let below = sums + level * packs * model.width, above = below - packs * model.width
            for output in 0..<outputs {
                var integral = Pack(repeating: 0)
                for pack in 0..<packs {
                    let sum = below[output * packs + pack]
                    above[output * packs + pack] += sum
                    integral += sum * claim[pack]
                }
                values[output] += integral.sum()
            }
        }
    }
}
