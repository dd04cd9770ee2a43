/// Losses of predictions in single precision, as training processes hand them over.
struct ValidationLoss {
    let table: PreparedTable

    /// Log loss, or the root of the mean squared error, of some rows.
    /// - Parameter predictions: row after row.
    func callAsFunction(_ predictions: [Float], rows: [Int]) -> Double {
        let width = table.task.width
        guard predictions.count == rows.count * width else { return .infinity }
        var sum = 0.0, total = 0.0
        for (place, row) in rows.enumerated() {
            let weight = table.weights?[row] ?? 1, target = table.targets[row]
            if table.task == .regression {
                let error = Double(predictions[place]) - target
                sum += weight * error * error
            } else {
                sum -= weight * logarithm(max(Double(predictions[place * width + Int(target)]), 1e-15))
            }
            total += weight
        }
        let mean = sum / max(total, 1e-300)
        return table.task == .regression ? mean.squareRoot() : mean
    }
}
