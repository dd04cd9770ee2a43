/// The rows between two places of a file, read into columns.
///
/// One thread fills it; afterwards it is only read, and its columns are given back one by one.
final class Stretch: @unchecked Sendable {
    /// A state per field of a row.
    let fields: UnsafeMutableBufferPointer<FieldState>
    /// The places of the file's bytes.
    let range: Range<Int>
    let capacity: Int
    var rowCount = 0
    /// Rows that had fewer fields than there are columns, and where the first of them is.
    var shortRows = 0
    var firstShortRow = -1
    var end = ScanEnd.done(at: 0)

    init(range: Range<Int>, capacity: Int, plans: [FieldPlan], forced: [Bool]) {
        self.range = range
        self.capacity = capacity
        fields = .allocate(capacity: plans.count)
        for (place, plan) in plans.enumerated() {
            fields.initializeElement(at: place, to: FieldState(plan: plan, isForced: forced[place], capacity: capacity))
        }
    }

    func release(_ field: Int) { fields[field].deallocate() }

    deinit {
        for place in fields.indices { fields[place].deallocate() }
        fields.deinitialize().deallocate()
    }
}

/// How the reading of a stretch ended, with places of the file's bytes.
enum ScanEnd: Equatable {
    /// All rows were read, the last up to this place.
    case done(at: Int)
    case tooManyFields(row: Int, found: Int)
    case tooFewFields(row: Int, found: Int)
    /// A quote that is never closed.
    case openQuote(at: Int)
    /// A quoted value that goes on over the line's end where that is not allowed.
    case quotedLineEnd(at: Int)
    /// Text behind a closing quote.
    case textBehindQuote(at: Int)
}
