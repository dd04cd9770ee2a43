extension FinalModel {
    /// What it predicts of rows that were prepared as its training rows were: probabilities, or values on the target's
    /// own scale.
    package func predictions(of table: PreparedTable) -> Predictions {
        let rows = Array(0..<table.rowCount), width = target.task.width
        let parts = members.map { $0.form.predict($0.features.features(of: table, rows: rows)).values }
        var values: [Double]
        if let stack {
            values = stack.predictions(of: parts, members: members, rows: rows.count, width: width)
        } else {
            values = Array(repeating: 0, count: rows.count * width)
            for (member, part) in zip(members, parts) {
                for place in values.indices { values[place] += member.weight * part[place] }
            }
            if let calibration { values = calibration.applied(to: values, width: width) }
        }
        if target.task == .regression { values = values.map { $0 * target.scale + target.shift } }
        return Predictions(width: width, values: values)
    }
}

extension FinalModel.Stack {
    /// - Parameter parts: per member what it predicts, row after row.
    fileprivate func predictions(
        of parts: [[Double]], members: [FinalModel.Member], rows: Int, width: Int
    ) -> [Double] {
        var columns: [Float] = []
        for input in inputs {
            for output in 0..<width {
                for row in 0..<rows {
                    let sum = input.reduce(0) { $0 + parts[$1][row * width + output] }
                    columns.append(Float(sum / Double(input.count)))
                }
            }
        }
        return ModelForm.linear(model).predict(
            FeatureMatrix(rowCount: rows, columnCount: inputs.count * width, values: columns)
        ).values
    }
}
