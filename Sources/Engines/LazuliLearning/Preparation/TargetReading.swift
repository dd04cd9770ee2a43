import Foundation
import LazuliTabular

/// Reads the column that is to be predicted.
struct TargetReading {
    private(set) var description: TargetDescription
    /// Per row of the table the number of its class, or its value, shifted and scaled; NaN where it is missing.
    let values: [Double]

    init(_ column: Column, task: ExperimentSettings.Task, positiveLabel: String? = nil) throws(LearningFault) {
        switch task {
        case .classification: (description, values) = try Self.classes(column)
        case .regression: (description, values) = try Self.numbers(column)
        }
        description.positiveClass = try positiveLabel.map { (label) throws(LearningFault) in try place(of: label) }
    }

    private func place(of label: String) throws(LearningFault) -> Int {
        let spelled = description.classesAreBooleans ? label.lowercased().capitalized : label
        if let place = description.classes.firstIndex(of: spelled) { return place }
        throw LearningFault(
            "The positive label \"\(label)\" is no class of \"\(description.name)\". Its classes are: "
                + description.classes.prefix(20).joined(separator: ", ")
                + (description.classes.count > 20 ? "…" : "."))
    }

    private static let mostClasses = 1_000

    private static func classes(_ column: Column) throws(LearningFault) -> (TargetDescription, [Double]) {
        let (names, codes) = try labels(column)
        guard names.count > 1 else {
            let only = names.first.map { "only the value \"\($0)\"" } ?? "no value at all"
            throw LearningFault(
                "The target column \"\(column.name)\" has \(only): there is nothing to tell apart. "
                    + "Choose another column, or rows of at least two classes.")
        }
        guard names.count <= mostClasses else {
            throw LearningFault(
                "The target column \"\(column.name)\" has \(names.count) different values, more than the "
                    + "\(mostClasses) classes that can be told apart. If it is a number, choose regression.")
        }
        let description = TargetDescription(
            name: column.name, task: .classification(classes: names.count), classes: names,
            classesAreIntegers: column.kind == .integer, classesAreBooleans: column.kind == .boolean)
        return (description, codes)
    }

    /// The classes in their order, and per row the place of its class.
    private static func labels(_ column: Column) throws(LearningFault) -> ([String], [Double]) {
        switch column.values {
        case .numbers(let values):
            let classes = Set(values.lazy.filter { !$0.isNaN }).sorted()
            let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices.map(Double.init)))
            return (classes.map(\.formattedShort), values.map { places[$0] ?? .nan })
        case .labels(let labels):
            let used = Set(labels.codes.lazy.filter { $0 >= 0 })
            let order = used.sorted { labels.texts[Int($0)] < labels.texts[Int($1)] }
            let places = Dictionary(uniqueKeysWithValues: zip(order, order.indices.map(Double.init)))
            return (order.map { labels.texts[Int($0)] }, labels.codes.map { places[$0] ?? .nan })
        case .times:
            throw LearningFault(
                "The target column \"\(column.name)\" holds dates, which cannot be predicted as classes.")
        }
    }

    private static func numbers(_ column: Column) throws(LearningFault) -> (TargetDescription, [Double]) {
        guard case .numbers(let values) = column.values else {
            let example =
                if case .labels(let labels) = column.values, let text = labels.texts.first {
                    "texts such as \"\(text)\""
                } else {
                    "dates"
                }
            throw LearningFault(
                "The target column \"\(column.name)\" holds \(example), and a regression predicts numbers. "
                    + "Choose classification, or another column.")
        }
        let present = values.filter(\.isFinite)
        guard let least = present.min(), let most = present.max(), least < most else {
            throw LearningFault(
                "The target column \"\(column.name)\" has no two different numbers: there is nothing to predict.")
        }
        let mean = present.reduce(0, +) / Double(present.count)
        let variance = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(present.count)
        let scale = variance.squareRoot()
        let description = TargetDescription(name: column.name, task: .regression, shift: mean, scale: scale)
        return (description, values.map { $0.isFinite ? ($0 - mean) / scale : .nan })
    }
}
