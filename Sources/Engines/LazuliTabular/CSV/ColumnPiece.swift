/// The part of a column that one stretch holds.
struct ColumnPiece {
    let stretch: Stretch
    /// The place of the column's field in the stretch's rows; nil if its file lacks the column.
    let field: Int?
    let text: FileText

    var rowCount: Int { stretch.rowCount }
    var state: FieldState? { field.map { stretch.fields[$0] } }
}

/// Joins the pieces of a column of numbers.
enum NumberColumn {
    static func column(
        _ name: String, _ known: ColumnKind?, _ pieces: [ColumnPiece]
    ) -> (Column, note: String?) {
        var facts = NumberFacts()
        for piece in pieces { if let state = piece.state { facts += state.facts } }
        let kind = known ?? (facts.numbers == 0 ? .empty : facts.fractions == 0 ? .integer : .real)
        let column = Column(name: name, kind: kind, values: .numbers(values(pieces)))
        return (column, note(facts, pieces))
    }

    private static func values(_ pieces: [ColumnPiece]) -> [Double] {
        [Double](unsafeUninitializedCapacity: pieces.reduce(0) { $0 + $1.rowCount }) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            LargePages.ask(for: start, byteCount: buffer.count * MemoryLayout<Double>.stride)
            for piece in pieces {
                if let numbers = piece.state?.numbers {
                    (start + filled).initialize(from: numbers, count: piece.rowCount)
                } else {
                    (start + filled).initialize(repeating: .nan, count: piece.rowCount)
                }
                filled += piece.rowCount
            }
        }
    }

    private static func note(_ facts: NumberFacts, _ pieces: [ColumnPiece]) -> String? {
        guard facts.others > 0, let piece = pieces.first(where: { ($0.state?.facts.others ?? 0) > 0 }),
            let place = piece.state?.facts.firstOther
        else { return nil }
        return
            "\(facts.others == 1 ? "1 value is no number and was" : "\(facts.others) values are no numbers and were") read as "
            + "missing, the first in line \(piece.text.line(at: place)) of \(piece.text.name)."
    }
}
