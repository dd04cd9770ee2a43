/// Reads all rows of the files into columns, as the plans of the columns say.
struct CSVScan {
    let files: [CSVFile]
    let layout: ColumnLayout
    let options: CSVOptions

    /// A stretch and the place of its file.
    struct Part: Sendable {
        let file: Int
        let stretch: Stretch
    }

    /// - Throws: `TableFault` that names the line of the first row that cannot be read.
    func parts(_ plans: [ColumnPlan]) throws(TableFault) -> [Part] {
        if let limit = options.rowLimit { return try parts(plans, upTo: limit) }
        let threads = options.threads ?? Parallel.processors
        let work = files.indices.flatMap { file in
            StretchCut.ranges(of: files[file], parts: threads).map { (file: file, range: $0) }
        }
        let stretches = Parallel.map(count: work.count, threads: threads) { place in
            stretch(of: work[place].file, work[place].range, plans)
        }
        var parts: [Part] = []
        for file in files.indices {
            let own = work.indices.filter { work[$0].file == file }.map { stretches[$0] }
            for stretch in try own.areSeamless ? own : [whole(file, plans)] {
                parts.append(Part(file: file, stretch: stretch))
            }
        }
        return parts
    }

    private func parts(_ plans: [ColumnPlan], upTo limit: Int) throws(TableFault) -> [Part] {
        var parts: [Part] = [], rows = 0
        for file in files.indices where rows < limit {
            parts.append(Part(file: file, stretch: try whole(file, plans, rowLimit: limit - rows)))
            rows += parts[parts.count - 1].stretch.rowCount
        }
        return parts
    }

    private func whole(
        _ file: Int, _ plans: [ColumnPlan], rowLimit: Int = .max
    ) throws(TableFault) -> Stretch {
        let range = files[file].rowsStart..<files[file].text.bytes.count
        let stretch = stretch(of: file, range, plans, rowLimit: rowLimit)
        if let fault = RowFault.fault(stretch.end, files[file], stretch.fields.count) { throw fault }
        return stretch
    }

    private func stretch(
        of file: Int, _ range: Range<Int>, _ plans: [ColumnPlan], rowLimit: Int = .max
    ) -> Stretch {
        let source = files[file], own = layout.places[file].map { plans[$0] }
        let rows = source.text.census.atMost(in: range).lineEnds + 1
        let stretch = Stretch(
            range: range, capacity: min(rows, rowLimit), plans: own.map(\.plan), forced: own.map(\.isForced))
        StretchScan.run(
            stretch, source.text,
            .init(
                delimiter: source.delimiter, quotedLineEnds: options.quotedLineEnds,
                padsShortRows: options.shortRows == .padded, rowLimit: rowLimit))
        return stretch
    }
}

/// How a column is read.
struct ColumnPlan: Sendable, Equatable {
    var plan: FieldPlan
    /// Whether a value that does not fit is missing rather than a reason to read the column as labels.
    var isForced = false
}

extension [Stretch] {
    /// Whether each was read to its end, which is where the next begins.
    fileprivate var areSeamless: Bool {
        indices.allSatisfy { place in
            guard case .done(let end) = self[place].end else { return false }
            return place + 1 == count ? true : end == self[place + 1].range.lowerBound
        }
    }
}
