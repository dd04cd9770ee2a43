import LazuliTrees

/// What each column adds to the predictions of a final model whose members all are trees: SHAP values, weighted as the
/// members are, in probability or in units of the target.
struct FinalAttribution: Sendable {
    fileprivate struct Member: Sendable {
        let trees: TreeModel.Attribution
        let link: Link
        let weight: Double
        let features: FittedFeatures
        /// Per feature the place of its column in `columns`.
        let columns: [Int]
    }

    private let members: [Member]
    /// Names of the columns that any member reads.
    let columns: [String]
    /// Numbers per prediction.
    let width: Int
    private let scale: Double

    /// - Returns: nil for a stack, and if any member is no tree or does not know its covers.
    init?(_ model: FinalModel) {
        guard model.stack == nil else { return nil }
        let columns = model.columns.filter(\.isUsed).map(\.name)
        let places = Dictionary(zip(columns, columns.indices), uniquingKeysWith: { first, _ in first })
        var members: [Member] = []
        for member in model.members {
            guard case .trees(let trees, let link) = member.form, LinkSlopes.exist(of: link),
                let attribution = TreeModel.Attribution(trees)
            else { return nil }
            let ofFeatures = member.features.steps.flatMap { step in
                Array(repeating: places[step.column], count: step.width)
            }
            guard !ofFeatures.contains(nil) else { return nil }
            members.append(
                Member(
                    trees: attribution, link: link, weight: member.weight, features: member.features,
                    columns: ofFeatures.compactMap(\.self)))
        }
        self.members = members
        self.columns = columns
        width = model.target.task.width
        scale = model.target.task == .regression ? model.target.scale : 1
    }

    /// A table as the members read it.
    struct Rows: Sendable {
        fileprivate let features: [FeatureMatrix]
        let count: Int
    }

    func rows(of table: PreparedTable) -> Rows {
        let all = Array(0..<table.rowCount)
        return Rows(features: members.map { $0.features.features(of: table, rows: all) }, count: table.rowCount)
    }

    /// Explains one row after the other; each thread needs one of its own.
    struct Walk {
        private let model: FinalAttribution
        private let walks: [TreeModel.Attribution.Walk]

        fileprivate init(_ model: FinalAttribution) {
            self.model = model
            walks = model.members.map { $0.trees.makeWalk() }
        }

        /// What each column adds to each number of the prediction, column after column.
        func values(of row: Int, in rows: Rows) -> [Double] {
            var values = Array(repeating: 0.0, count: model.columns.count * model.width)
            for place in model.members.indices { add(place, rows.features[place].row(row), to: &values) }
            return values
        }

        private func add(_ place: Int, _ row: [Float], to values: inout [Double]) {
            let member = model.members[place], raw = member.trees.width, width = model.width
            let parts = member.byColumn(parts(walks[place], member, row), columns: model.columns.count)
            var sums = member.trees.expected
            for place in parts.indices { sums[place % raw] += parts[place] }
            let slopes = LinkSlopes(member.link, base: member.trees.expected, raw: sums)
            for column in model.columns.indices {
                slopes.add(
                    parts[column * raw..<(column + 1) * raw], times: member.weight * model.scale, to: &values,
                    from: column * width)
            }
        }

        /// By features.
        private func parts(_ walk: TreeModel.Attribution.Walk, _ member: Member, _ row: [Float]) -> [Double] {
            var parts = Array(repeating: 0.0, count: row.count * member.trees.width)
            row.withUnsafeBufferPointer { row in parts.withUnsafeMutableBufferPointer { walk.add(row, to: $0) } }
            return parts
        }
    }

    func makeWalk() -> Walk { Walk(self) }
}

extension FinalAttribution.Member {
    /// What the features of a column add, added up.
    fileprivate func byColumn(_ parts: [Double], columns count: Int) -> [Double] {
        var sums = Array(repeating: 0.0, count: count * trees.width)
        for (feature, column) in columns.enumerated() {
            for output in 0..<trees.width {
                sums[column * trees.width + output] += parts[feature * trees.width + output]
            }
        }
        return sums
    }
}

extension FeatureMatrix {
    fileprivate func row(_ row: Int) -> [Float] { (0..<columnCount).map { values[$0 * rowCount + row] } }
}
