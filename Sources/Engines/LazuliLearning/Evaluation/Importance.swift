package import LazuliResources

/// What the columns are worth to the winner: by their SHAP values if it is made of trees alone, else by permutation.
package struct Importance: Sendable {
    package enum Method: String, Sendable {
        /// The mean size of what a column adds to a prediction.
        case shap
        /// How much worse the predictions become when the column's values are shuffled among rows.
        case permutation
    }

    package struct Column: Sendable, Equatable {
        package var name: String
        /// What was measured, in the method's own unit.
        package var amount: Double
        /// The same for each class; empty where it is not told apart.
        package var ofClasses: [Double] = []
    }

    package let method: Method
    /// Rows that it was measured with.
    package let rows: Int
    /// Greatest first; empty if there are too many to be measured.
    package let columns: [Column]
    private let classes: [String]

    /// - Parameter seconds: how long it may take. There are fewer rows if that is too short for many.
    package init(_ result: Experiment.Result, seconds: Double) {
        let measured = Self.measure(result, seconds)
        method = measured.method
        rows = measured.rows
        columns = measured.columns.sorted { $0.amount > $1.amount }
        classes = result.model.target.classes
    }

    typealias Measured = (method: Method, rows: Int, columns: [Column])

    private static func measure(_ result: Experiment.Result, _ seconds: Double) -> Measured {
        let end = ContinuousClock.now + .seconds(seconds)
        if let attribution = FinalAttribution(result.model) {
            let table = result.validationSample(TreeImportance.mostRows)
            return TreeImportance.measure(attribution, table, until: end)
        }
        let table = result.validationSample(PermutationImportance.mostRows)
        return PermutationImportance(result.model, seconds: seconds).measure(table)
    }

    /// Parts of the whole; they add up to 1 unless nothing matters at all.
    package var shares: [ExperimentEvent.Ending.Importance] {
        let total = columns.reduce(0) { $0 + max(0, $1.amount) }
        return columns.map { .init(column: $0.name, share: total > 0 ? max(0, $0.amount) / total : 0) }
    }

    package var json: JSON {
        [
            "method": .string(method.rawValue), "meaning": .string(meaning), "rows": JSON(rows),
            "columns": .array(zip(columns, shares).map { json($0, share: $1.share) }),
        ]
    }

    /// An SVG document; nil if nothing was measured.
    package var picture: String? {
        columns.isEmpty ? nil : ImportancePicture(shares, note: "by \(meaning), \(rows) rows").svg.document
    }

    private func json(_ column: Column, share: Double) -> JSON {
        var json: JSON = [
            "column": .string(column.name), "share": .number(share), "amount": .number(column.amount),
        ]
        if !column.ofClasses.isEmpty {
            json["classes"] = .object(JSONObject(zip(classes, column.ofClasses).map { ($0, .number($1)) }))
        }
        return json
    }

    private var meaning: String {
        switch method {
        case .shap where classes.isEmpty: "mean absolute SHAP value, in units of the target"
        case .shap: "mean absolute SHAP value, in probability; the mean of all classes"
        case .permutation where classes.isEmpty: "rise of the root mean squared error when the column is shuffled"
        case .permutation: "rise of the log loss when the column is shuffled"
        }
    }
}

extension Experiment.Result {
    /// Validation rows, evenly spread.
    fileprivate func validationSample(_ most: Int) -> PreparedTable {
        let all = folds.validated, count = min(most, all.count)
        return preparation.table.rows((0..<count).map { all[$0 * all.count / count] })
    }
}
