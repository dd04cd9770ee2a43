package import LazuliTabular

extension PreparedTable {
    /// Other rows, seen as the training rows were: the same columns in the same roles. Rows without a target, or with a
    /// class that was not learned, are left out.
    ///
    /// - Throws: `LearningFault` when a column or the target is missing.
    package init(_ table: Table, like preparation: TablePreparation, named name: String) throws(LearningFault) {
        guard let targetColumn = table.column(preparation.target.name) else {
            throw LearningFault("The target column \"\(preparation.target.name)\" is missing in \(name).")
        }
        let all = preparation.target.values(of: targetColumn)
        let rows = all.indices.filter { !all[$0].isNaN }
        guard !rows.isEmpty else {
            throw LearningFault("\(name) has no row whose value of \"\(preparation.target.name)\" was learned.")
        }
        var columns: [PreparedTable.Column] = []
        for known in preparation.table.columns {
            guard let column = table.column(known.name) else {
                throw LearningFault("The column \"\(known.name)\" of the training data is missing in \(name).")
            }
            columns.append(
                PreparedTable.Column(
                    name: known.name, kind: known.kind, role: known.role,
                    values: Values(column.values, rows: rows).read(as: known.values)))
        }
        self = PreparedTable(
            columns: columns, rowCount: rows.count, task: preparation.table.task, targets: rows.map { all[$0] },
            weights: nil
        ).filled(preparation.columns)
    }
}

extension PreparedTable.Values {
    /// Values of another kind than those that were learned from, read as those were.
    fileprivate func read(as known: PreparedTable.Values) -> PreparedTable.Values {
        switch (known, self) {
        case (.numbers, .numbers), (.times, .times), (.labels, .labels): return self
        case (.labels, .numbers(let numbers)):
            var places: [Float: Int32] = [:], texts: [String] = []
            let codes = numbers.map { number -> Int32 in
                guard !number.isNaN else { return -1 }
                if let place = places[number] { return place }
                places[number] = Int32(texts.count)
                texts.append(Double(number).formattedShort)
                return Int32(texts.count - 1)
            }
            return .labels(LabelValues(codes: codes, texts: texts))
        case (.numbers, .labels(let labels)):
            let numbers = labels.texts.map { Float($0) ?? .nan }
            return .numbers(SharedArray(labels.codes.lazy.map { $0 < 0 ? .nan : numbers[Int($0)] }))
        case (.numbers, .times(let times)): return .numbers(SharedArray(repeatElement(.nan, count: times.count)))
        case (.times, .numbers(let numbers)): return .times(SharedArray(repeatElement(.nan, count: numbers.count)))
        case (.times, .labels(let labels)): return .times(SharedArray(repeatElement(.nan, count: labels.codes.count)))
        case (.labels, .times(let times)):
            return .labels(LabelValues(codes: times.map { _ in -1 }, texts: []))
        }
    }
}

extension TargetDescription {
    /// Per row the number of its class, or its value, shifted and scaled; NaN where there is none that was learned.
    func values(of column: Column) -> [Double] {
        switch (task, column.values) {
        case (.regression, .numbers(let values)): return values.map { ($0 - shift) / scale }
        case (.regression, _): return Array(repeating: .nan, count: column.rowCount)
        case (.classification, let values):
            let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices.map(Double.init)))
            switch values {
            case .numbers(let numbers): return numbers.map { places[$0.formattedShort] ?? .nan }
            case .labels(let labels): return labels.codes.map { $0 < 0 ? .nan : places[labels.texts[Int($0)]] ?? .nan }
            case .times(let times): return times.map { _ in .nan }
            }
        }
    }
}
