import Foundation
import LazuliTrees

@testable import LazuliLearning

/// What a final model predicts, computed plainly and in double precision from its description.
struct ModelReference {
    let model: FinalModel

    /// Per row `task.width` numbers.
    func predictions(_ table: PreparedTable) -> [[Double]] {
        let rows = Array(0..<table.rowCount)
        let members = model.members.map { member in
            Self.predictions(member, member.features.features(of: table, rows: rows), model.target.task)
        }
        let target = model.target
        return rows.map { row in
            var result: [Double]
            if let stack = model.stack {
                let inputs = stack.inputs.flatMap { numbers in Self.mean(numbers.map { (members[$0][row], 1) }) }
                let raw = Self.linear(stack.model, inputs)
                result = Self.linked(raw, stack.model.link, target.task)
            } else {
                result = Self.mean(model.members.indices.map { (members[$0][row], model.members[$0].weight) })
            }
            if target.task == .regression { result = result.map { $0 * target.scale + target.shift } }
            return result
        }
    }

    private static func mean(_ parts: [([Double], Double)]) -> [Double] {
        let total = parts.reduce(0) { $0 + $1.1 }
        return parts[0].0.indices.map { place in parts.reduce(0) { $0 + $1.0[place] * $1.1 } / total }
    }

    private static func predictions(
        _ member: FinalModel.Member, _ features: FeatureMatrix, _ task: LearningTask
    ) -> [[Double]] {
        (0..<features.rowCount).map { row in
            let values = (0..<features.columnCount).map { features[row, $0] }
            switch member.form {
            case .trees(let trees, let link): return linked(walked(trees, values), link, task)
            case .linear(let linear): return linked(Self.linear(linear, values.map(Double.init)), linear.link, task)
            case .neighbours(let neighbours): return vote(neighbours, values)
            }
        }
    }

    private static func walked(_ model: TreeModel, _ row: [Float]) -> [Double] {
        var sums = model.start
        for tree in model.trees {
            var node = model.nodes[Int(tree.root)]
            while !node.isLeaf {
                let value = row[Int(node.feature)]
                let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
                node = model.nodes[Int(goesLeft ? node.left : node.right)]
            }
            for output in 0..<model.width where tree.output == nil || tree.output == Int32(output) {
                sums[output] += model.leaves[Int(node.left) + (tree.output == nil ? output : 0)]
            }
        }
        return sums
    }

    private static func linear(_ model: LinearModel, _ row: [Double]) -> [Double] {
        let prepared: [Double] =
            switch model.preparation {
            case .none: row
            case .binary: row.map { $0 > 0 ? 1 : 0 }
            case .withSquares: row + row.map { $0 * $0 }
            }
        return (0..<model.outputs).map { output in
            let weights = model.weights[output * prepared.count..<(output + 1) * prepared.count]
            return zip(weights, prepared).reduce(model.intercepts[output]) { $0 + $1.0 * $1.1 }
        }
    }

    private static func linked(_ raw: [Double], _ link: Link, _ task: LearningTask) -> [Double] {
        func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
        switch link {
        case .identity: return raw
        case .exponential: return raw.map { exp($0) }
        case .logistic: return [1 - logistic(raw[0]), logistic(raw[0])]
        case .oneVersusRest:
            let total = raw.reduce(0) { $0 + logistic($1) }
            return raw.map { logistic($0) / total }
        case .softmax:
            let most = raw.max() ?? 0, total = raw.reduce(0) { $0 + exp($1 - most) }
            return raw.map { exp($0 - most) / total }
        }
    }

    private static func vote(_ model: NeighbourModel, _ row: [Float]) -> [Double] {
        let count = model.rows.count / model.features
        let distances = (0..<count).map { known in
            (0..<model.features).reduce(0.0) {
                let difference = Double(row[$1]) - Double(model.rows[known * model.features + $1])
                return $0 + difference * difference
            }
        }
        let nearest = (0..<count).sorted { (Float(distances[$0]), $0) < (Float(distances[$1]), $1) }
            .prefix(model.neighbours)
        let same = nearest.filter { distances[$0] <= 1e-12 }
        var sums = Array(repeating: 0.0, count: model.task.width), total = 0.0
        for known in nearest {
            var weight = 1.0
            if model.weighsByDistance {
                weight = same.isEmpty ? 1 / distances[known].squareRoot() : same.contains(known) ? 1 : 0
            }
            total += weight
            if case .classification = model.task {
                sums[Int(model.targets[known])] += weight
            } else {
                sums[0] += weight * model.targets[known]
            }
        }
        return sums.map { $0 / total }
    }
}
