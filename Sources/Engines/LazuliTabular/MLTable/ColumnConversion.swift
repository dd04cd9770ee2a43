import LazuliResources
import Yams

/// What `convert_column_types` makes of some columns.
struct ColumnConversion: Sendable {
    enum Target: Sendable, Equatable {
        case integer
        case real
        case text
        /// Values that are in neither list are missing, or are taken as the given truth, or are refused.
        case boolean(trueValues: [String], falseValues: [String], mismatch: Mismatch)
        case dateTime([DateTimePattern])
    }

    enum Mismatch: String, Sendable {
        case missing
        case error
        case asTrue = "true"
        case asFalse = "false"
    }

    let columns: [String]
    let target: Target

    init(columns: [String], type: Node, _ settings: YAMLMapping) throws(TableFault) {
        self.columns = columns
        target = try Self.target(type, settings)
    }

    static func parse(_ node: Node, _ root: YAMLMapping) throws(TableFault) -> [ColumnConversion] {
        guard let list = node.sequence else {
            throw root.fault("convert_column_types should be a list of columns and types.", at: node)
        }
        var conversions: [ColumnConversion] = []
        for item in list {
            let settings = try root.nested(item, "convert_column_types")
            try settings.allow(["columns", "column_type"])
            guard let columns = try settings.texts("columns"), let type = settings["column_type"] else {
                throw root.fault("a member of convert_column_types has \"columns\" and \"column_type\".", at: item)
            }
            conversions.append(try ColumnConversion(columns: columns, type: type, settings))
        }
        return conversions
    }

    private static func target(_ node: Node, _ root: YAMLMapping) throws(TableFault) -> Target {
        let name: String, settings: YAMLMapping?
        if let mapping = node.mapping, mapping.count == 1, let (key, value) = mapping.first {
            name = key.string ?? ""
            settings = try root.nested(value, name)
        } else {
            name = node.scalar?.string ?? ""
            settings = nil
        }
        switch name {
        case "int", "integer": return .integer
        case "float", "double": return .real
        case "string": return .text
        case "bool", "boolean": return try boolean(settings)
        case "datetime": return try dateTime(settings)
        default:
            let types = ["int", "float", "string", "boolean", "datetime"]
            throw root.fault(
                "the column type \"\(name)\" is not supported.\(NearestName.hint(name, among: types)) There are: "
                    + "\(types.joined(separator: ", ")).", at: node)
        }
    }

    private static func boolean(_ settings: YAMLMapping?) throws(TableFault) -> Target {
        try settings?.allow(["true_values", "false_values", "mismatch_as"])
        let name = try settings?.text("mismatch_as") ?? Mismatch.missing.rawValue
        guard let mismatch = Mismatch(rawValue: name) else {
            throw TableFault("\"mismatch_as\" is one of true, false, error, and is \"\(name)\".", file: settings?.file)
        }
        return .boolean(
            trueValues: try settings?.texts("true_values") ?? ["true", "True", "TRUE", "1", "yes", "Yes", "YES"],
            falseValues: try settings?.texts("false_values") ?? ["false", "False", "FALSE", "0", "no", "No", "NO"],
            mismatch: mismatch)
    }

    private static func dateTime(_ settings: YAMLMapping?) throws(TableFault) -> Target {
        try settings?.allow(["formats"])
        var patterns: [DateTimePattern] = []
        for text in try settings?.texts("formats") ?? [] {
            do {
                patterns.append(try DateTimePattern(text))
            } catch {
                throw settings?.fault(error.message, at: settings?["formats"]) ?? error
            }
        }
        return .dateTime(patterns)
    }
}

// MARK: - Converting

extension ColumnConversion {
    /// - Throws: `TableFault` if a value is neither true nor false where that is to be an error.
    func converted(_ column: Column) throws(TableFault) -> (column: Column, note: TableNote?) {
        switch target {
        case .integer: return numbers(column, .integer) { $0.rounded() == $0 || $0.isInfinite ? $0 : nil }
        case .real: return numbers(column, .real) { $0 }
        case .text: return (texts(column), nil)
        case .boolean(let trueValues, let falseValues, let mismatch):
            return try truths(column, trueValues, falseValues, mismatch)
        case .dateTime(let patterns): return times(column, patterns)
        }
    }

    private func numbers(
        _ column: Column, _ kind: ColumnKind, _ accepted: (Double) -> Double?
    ) -> (Column, TableNote?) {
        var misfits = Misfits(kind == .integer ? "no whole number" : "no number")
        let values: [Double]
        switch column.values {
        case .numbers(let numbers):
            values = numbers.enumerated().map { row, number in
                if number.isNaN { return .nan }
                return accepted(number) ?? misfits.add(column.text(row) ?? "")
            }
        case .times(let times): values = times
        case .labels(let labels):
            let byText = labels.texts.map { Self.number($0).flatMap(accepted) }
            values = labels.codes.map { $0 < 0 ? .nan : byText[Int($0)] ?? misfits.add(labels.texts[Int($0)]) }
        }
        return (Column(name: column.name, kind: kind, values: .numbers(values)), misfits.note(column.name))
    }

    /// Leading zeros do not matter here; truths count as 1 and 0.
    private static func number(_ text: String) -> Double? {
        if let truth = ["true": 1.0, "false": 0.0][text.lowercased()] { return truth }
        return Double(text.trimmingSpaces)
    }

    private func texts(_ column: Column) -> Column {
        if case .labels = column.values {
            let kind: ColumnKind = column.kind == .text ? .text : .category
            return Column(name: column.name, kind: kind, values: column.values)
        }
        var builder = LabelBuilder()
        for row in 0..<column.rowCount { builder.append(column.text(row)) }
        return Column(name: column.name, kind: .category, values: .labels(builder.values))
    }

    private func truths(
        _ column: Column, _ trueValues: [String], _ falseValues: [String], _ mismatch: Mismatch
    ) throws(TableFault) -> (Column, TableNote?) {
        var misfits = Misfits("neither among the true values nor among the false ones")
        var codes: [Int32] = []
        codes.reserveCapacity(column.rowCount)
        for row in 0..<column.rowCount {
            guard let text = column.text(row) else {
                codes.append(-1)
                continue
            }
            let plain = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
            if trueValues.contains(text) || trueValues.contains(plain) {
                codes.append(1)
            } else if falseValues.contains(text) || falseValues.contains(plain) {
                codes.append(0)
            } else {
                codes.append(mismatch == .asTrue ? 1 : mismatch == .asFalse ? 0 : -1)
                if mismatch == .missing || mismatch == .error { _ = misfits.add(text) }
            }
        }
        if mismatch == .error, let first = misfits.first {
            throw TableFault(
                "The column \"\(column.name)\" cannot be converted to boolean: \"\(first)\" is \(misfits.what). Add it to "
                    + "true_values or false_values, or set mismatch_as.")
        }
        let labels = LabelValues(codes: codes, texts: ["false", "true"])
        return (Column(name: column.name, kind: .boolean, values: .labels(labels)), misfits.note(column.name))
    }

    private func times(_ column: Column, _ patterns: [DateTimePattern]) -> (Column, TableNote?) {
        if case .times = column.values { return (column, nil) }
        var misfits = Misfits("no point in time of the formats given")
        var labels = LabelBuilder()
        for row in 0..<column.rowCount { labels.append(column.text(row)) }
        let seconds =
            patterns.isEmpty
            ? Self.plainSeconds(labels.values.texts)
            : labels.values.texts.map { text in
                patterns.lazy.compactMap { $0.seconds(text) }.first
            }
        let times = labels.values.codes.map { code in
            code < 0 ? .nan : seconds[Int(code)] ?? misfits.add(labels.values.texts[Int(code)])
        }
        return (Column(name: column.name, kind: .dateTime, values: .times(times)), misfits.note(column.name))
    }

    private static func plainSeconds(_ texts: [String]) -> [Double?] {
        var interner = LabelInterner()
        defer { interner.deallocate() }
        for text in texts { Array(text.utf8).withUnsafeBufferPointer { _ = interner.number(copying: $0) } }
        let format = DateTimeFormat.mostFitting(interner.all)
        return texts.map { text in
            let bytes = FileBytes(text.utf8)
            return format?.seconds(bytes.buffer)
        }
    }
}

/// Counts the values of a column that do not fit.
struct Misfits {
    let what: String
    private(set) var count = 0
    private(set) var first: String?

    init(_ what: String) { self.what = what }

    /// A missing value in place of the one that does not fit.
    mutating func add(_ text: String) -> Double {
        if first == nil { first = text }
        count += 1
        return .nan
    }

    func note(_ column: String) -> TableNote? {
        guard let first else { return nil }
        return TableNote(
            column: column,
            "\"\(first)\" is \(what); \(count == 1 ? "1 such value was" : "\(count) such values were") read as missing."
        )
    }
}
