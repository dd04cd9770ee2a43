extension Table {
    /// The chosen rows, in the order given.
    package func rows(_ rows: [Int]) -> Table {
        Table(columns: columns.map { $0.rows(rows) }, rowCount: rows.count)
    }

    package func first(_ count: Int) -> Table { count < rowCount ? rows(Array(0..<max(0, count))) : self }

    /// The columns of these names, in the order given; names that are not there are left out.
    package func selecting(_ names: [String]) -> Table {
        Table(columns: names.compactMap(column), rowCount: rowCount)
    }
}

extension Column {
    /// The chosen rows, in the order given. Labels keep their list of texts, whether or not each still occurs.
    package func rows(_ rows: [Int]) -> Column {
        var chosen = self
        switch values {
        case .numbers(let numbers): chosen.values = .numbers(rows.map { numbers[$0] })
        case .times(let times): chosen.values = .times(rows.map { times[$0] })
        case .labels(let labels):
            chosen.values = .labels(LabelValues(codes: rows.map { labels.codes[$0] }, texts: labels.texts))
        }
        return chosen
    }

    package var rowCount: Int {
        switch values {
        case .numbers(let values), .times(let values): values.count
        case .labels(let labels): labels.codes.count
        }
    }

    package func isMissing(_ row: Int) -> Bool {
        switch values {
        case .numbers(let values), .times(let values): values[row].isNaN
        case .labels(let labels): labels.codes[row] < 0
        }
    }

    /// How many values are missing.
    package var missingCount: Int {
        switch values {
        case .numbers(let values), .times(let values): values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
        case .labels(let labels): labels.codes.reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
        }
    }
}
