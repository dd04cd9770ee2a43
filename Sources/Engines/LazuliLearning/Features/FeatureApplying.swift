import LazuliTabular

extension FittedFeatures {
    /// The features of some rows of a table, in the order given.
    package func features(of table: PreparedTable, rows: [Int]) -> FeatureMatrix {
        var matrix = unscaled(table, rows: rows)
        scaling?.apply(to: &matrix)
        return matrix
    }

    func unscaled(_ table: PreparedTable, rows: [Int]) -> FeatureMatrix {
        var values: [Float] = []
        values.reserveCapacity(width * rows.count)
        for step in steps { step.append(to: &values, table, rows) }
        return FeatureMatrix(rowCount: rows.count, columnCount: width, values: values)
    }
}

extension FeatureStep {
    fileprivate func append(to values: inout [Float], _ table: PreparedTable, _ rows: [Int]) {
        let column = table.column(column)?.values
        switch (self, column) {
        case (.number(_, let fill?), .numbers(let numbers)?):
            for row in rows { values.append(numbers[row].isNaN ? fill : numbers[row]) }
        case (.number, .numbers(let numbers)?): for row in rows { values.append(numbers[row]) }
        case (.number, .times(let times)?): for row in rows { values.append(Float(times[row])) }
        case (.missing, .numbers(let numbers)?): for row in rows { values.append(numbers[row].isNaN ? 1 : 0) }
        case (.missing, .times(let times)?): for row in rows { values.append(times[row].isNaN ? 1 : 0) }
        case (.missing, .labels(let labels)?): for row in rows { values.append(labels.codes[row] < 0 ? 1 : 0) }
        case (.oneHot(_, let categories), .labels(let labels)?):
            let wanted = labels.places(of: categories)
            for number in categories.indices {
                for row in rows { values.append(wanted[Int(labels.codes[row]) + 1] == number ? 1 : 0) }
            }
        case (.lookup(_, let lookup), .labels(let labels)?):
            let numbers = labels.places(of: lookup.categories).map { $0.map { lookup.numbers[$0] } ?? lookup.other }
            for row in rows { values.append(numbers[Int(labels.codes[row]) + 1]) }
        case (.datePart(_, let part), .times(let times)?): for row in rows { values.append(part.value(times[row])) }
        case (.words(_, let vocabulary), .labels(let labels)?):
            values.append(contentsOf: vocabulary.weights(of: labels, rows: rows))
        default: values.append(contentsOf: repeatElement(.nan, count: width * rows.count))
        }
    }
}

extension LabelValues {
    /// Per code, beginning with −1, the place of its text in a list; nil for none.
    fileprivate func places(of list: [String]) -> [Int?] {
        let places = Dictionary(zip(list, list.indices), uniquingKeysWith: { first, _ in first })
        return [places[""]] + texts.map { places[$0] }
    }
}
