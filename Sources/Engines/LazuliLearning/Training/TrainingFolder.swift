import Foundation

/// The files that a search and its training processes share.
package struct TrainingFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    private var table: String { "\(path)/table" }
    private func model(_ order: Int) -> String { "\(path)/\(order).model" }
    private func predictions(_ order: Int) -> String { "\(path)/\(order).predictions" }

    // MARK: - What is learned from

    package func write(_ prepared: PreparedTable, _ folds: Folds) throws(LearningFault) {
        try BinaryFile.write(table) {
            prepared.write(to: &$0)
            folds.write(to: &$0)
        }
    }

    package func readTable() throws(LearningFault) -> (table: PreparedTable, folds: Folds) {
        try BinaryFile.read(table) { (reader) throws(LearningFault) in
            let prepared = try PreparedTable(from: &reader)
            return (prepared, try Folds(from: &reader))
        }
    }

    // MARK: - What was learned

    func write(_ features: FittedFeatures, _ form: ModelForm, order: Int) throws(LearningFault) {
        try BinaryFile.write(model(order)) {
            features.write(to: &$0)
            form.write(to: &$0)
        }
    }

    package func readModel(order: Int) throws(LearningFault) -> (features: FittedFeatures, form: ModelForm) {
        try BinaryFile.read(model(order)) { (reader) throws(LearningFault) in
            let features = try FittedFeatures(from: &reader)
            return (features, try ModelForm(from: &reader))
        }
    }

    func write(_ validation: Predictions, order: Int) throws(LearningFault) {
        try BinaryFile.write(predictions(order)) { $0.array(validation.values.map(Float.init)) }
    }

    /// Of the validation rows of the order's fold, row after row.
    package func readPredictions(order: Int) throws(LearningFault) -> [Float] {
        try BinaryFile.read(predictions(order)) { (reader) throws(LearningFault) in try reader.array(Float.self) }
    }

    /// Forgets what no one will ask for any more.
    package func remove(order: Int) {
        for file in [model(order), predictions(order)] { try? FileManager.default.removeItem(atPath: file) }
    }
}
