/// Makes a table of the files' rows: plans how each column is read, has it read, and tells what its values mean.
struct CSVColumns {
    private let scan: CSVScan
    private var names: [String] { scan.layout.names }
    private var options: CSVOptions { scan.options }
    private static let sampleRows = 256

    init(_ scan: CSVScan) { self.scan = scan }

    /// The table, and how many rows each file gave.
    func table() throws(TableFault) -> (table: ReadTable, rowCounts: [Int]) {
        var plans = firstPlans()
        let parts = try scan.parts(plans)
        var counts = [Int](repeating: 0, count: scan.files.count)
        for part in parts { counts[part.file] += part.stretch.rowCount }
        var labelled: [CSVScan.Part] = []
        let changed = Set(names.indices.filter { plans[$0].plan == .numbers && shouldBeLabels($0, parts) })
        if !changed.isEmpty {
            var again = plans.map { _ in ColumnPlan(plan: .skipped) }
            for place in changed {
                again[place].plan = .labels
                plans[place].plan = .labels
                for piece in pieces(of: place, parts) { if let field = piece.field { piece.stretch.release(field) } }
            }
            labelled = try scan.parts(again)
        }
        let notes = shortRowNotes(parts)
        let read = columns(plans, numbers: parts, labels: labelled, changed)
        let columnNotes = read.compactMap { column, note in note.map { TableNote(column: column.name, $0) } }
        let table = Table(columns: read.map(\.column), rowCount: counts.reduce(0, +))
        return (ReadTable(table: table, notes: notes + columnNotes), counts)
    }

    // MARK: Plans

    /// By the first rows: what is no number there is a label everywhere.
    private func firstPlans() -> [ColumnPlan] {
        var plans = names.map(knownPlan)
        let sampling = CSVScan(files: Array(scan.files.prefix(1)), layout: scan.layout, options: sampleOptions)
        guard plans.contains(where: { $0.plan == .numbers && !$0.isForced }), let sample = try? sampling.parts(plans)
        else {
            return plans
        }
        for place in names.indices where plans[place].plan == .numbers && !plans[place].isForced {
            if facts(of: place, sample).others > 0 { plans[place].plan = .labels }
        }
        return plans
    }

    private var sampleOptions: CSVOptions {
        var sample = options
        sample.rowLimit = min(options.rowLimit ?? .max, Self.sampleRows)
        return sample
    }

    private func knownPlan(_ name: String) -> ColumnPlan {
        if let chosen = options.columns, !chosen.contains(name) { return ColumnPlan(plan: .skipped) }
        switch options.kinds[name] {
        case .integer, .real, .empty: return ColumnPlan(plan: .numbers, isForced: true)
        case .boolean, .category, .text, .dateTime: return ColumnPlan(plan: .labels, isForced: true)
        case nil: return ColumnPlan(plan: options.infersKinds && options.words[name] == nil ? .numbers : .labels)
        }
    }

    private func shouldBeLabels(_ place: Int, _ parts: [CSVScan.Part]) -> Bool {
        guard options.kinds[names[place]] == nil else { return false }
        let facts = facts(of: place, parts)
        return facts.others > 0 || (facts.numbers == 0 && facts.questionMarks > 0)
            || (facts.tooWide > 0 && facts.fractions == 0)
    }

    private func facts(of place: Int, _ parts: [CSVScan.Part]) -> NumberFacts {
        var sum = NumberFacts()
        for piece in pieces(of: place, parts) {
            if let field = piece.field { sum += piece.stretch.fields[field].facts }
        }
        return sum
    }

    // MARK: Columns

    private func pieces(of place: Int, _ parts: [CSVScan.Part]) -> [ColumnPiece] {
        parts.map { part in
            ColumnPiece(
                stretch: part.stretch, field: scan.layout.fields[part.file][place],
                text: scan.files[part.file].text)
        }
    }

    /// Each column gives back what its pieces took as soon as it is made.
    private func columns(
        _ plans: [ColumnPlan], numbers: [CSVScan.Part], labels: [CSVScan.Part], _ changed: Set<Int>
    ) -> [(column: Column, note: String?)] {
        let chosen = names.indices.filter { plans[$0].plan != .skipped }
        return Parallel.map(count: chosen.count, threads: options.threads) { number in
            let place = chosen[number], pieces = pieces(of: place, changed.contains(place) ? labels : numbers)
            defer { for piece in pieces { if let field = piece.field { piece.stretch.release(field) } } }
            return column(place, plans[place], pieces)
        }
    }

    private func column(
        _ place: Int, _ plan: ColumnPlan, _ pieces: [ColumnPiece]
    ) -> (column: Column, note: String?) {
        let name = names[place], known = options.kinds[name]
        if plan.plan == .numbers { return NumberColumn.column(name, known, pieces) }
        let labels = RawLabels(pieces, emptyAsText: options.emptyAsText)
        defer { labels.deallocate() }
        let infersKinds = options.infersKinds && options.words[name] != .asWritten
        let inference = LabelInference(
            labels: labels, pieces: pieces, infersKinds: infersKinds,
            delimiter: options.words[name] == nil ? scan.files.first?.delimiter : nil)
        let (kind, values, note) = known.map(inference.forced) ?? inference.inferred()
        return (Column(name: name, kind: kind, values: values), note)
    }

    private func shortRowNotes(_ parts: [CSVScan.Part]) -> [TableNote] {
        scan.files.indices.compactMap { file in
            let own = parts.filter { $0.file == file && $0.stretch.shortRows > 0 }.map(\.stretch)
            guard let first = own.first else { return nil }
            let text = scan.files[file].text, count = own.reduce(0) { $0 + $1.shortRows }
            return TableNote(
                "\(count == 1 ? "1 row" : "\(count) rows") of \(text.name) \(count == 1 ? "has" : "have") fewer fields than "
                    + "there are columns, the first in line \(text.line(at: first.firstShortRow)); the fields that are not "
                    + "there were read as missing.")
        }
    }
}
