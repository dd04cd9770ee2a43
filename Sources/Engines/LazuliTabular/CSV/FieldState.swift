/// What is made of a column's fields.
enum FieldPlan: UInt8 {
    case skipped
    case numbers
    case labels
}

/// What was seen while a column was read as numbers.
struct NumberFacts {
    /// Values that are numbers, and how many of them were written with a point, with an exponent or as infinity.
    var numbers = 0
    var fractions = 0
    /// Question marks, which are missing values only beside numbers.
    var questionMarks = 0
    /// Whole numbers that a double cannot hold.
    var tooWide = 0
    /// Values that are no numbers, and the place of the first.
    var others = 0
    var firstOther = -1

    static func += (left: inout NumberFacts, right: NumberFacts) {
        left.numbers += right.numbers
        left.fractions += right.fractions
        left.questionMarks += right.questionMarks
        left.tooWide += right.tooWide
        left.others += right.others
        if left.firstOther < 0 { left.firstOther = right.firstOther }
    }
}

/// The values of one column in one stretch of rows, while they are being read.
struct FieldState {
    var plan: FieldPlan
    /// A value that is no number is missing; otherwise it ends the reading of the column as numbers.
    let isForced: Bool
    /// A number per row, for the plan `numbers`.
    var numbers: UnsafeMutablePointer<Double>?
    /// A label's number per row, for the plan `labels`; −1 where a short row has no field.
    var codes: UnsafeMutablePointer<Int32>?
    var interner: LabelInterner?
    var facts = NumberFacts()

    init(plan: FieldPlan, isForced: Bool, capacity: Int) {
        self.plan = plan
        self.isForced = isForced
        switch plan {
        case .skipped: break
        case .numbers:
            numbers = .allocate(capacity: capacity)
            LargePages.ask(for: numbers, byteCount: capacity * MemoryLayout<Double>.stride)
        case .labels:
            codes = .allocate(capacity: capacity)
            LargePages.ask(for: codes, byteCount: capacity * MemoryLayout<Int32>.stride)
            interner = LabelInterner()
        }
    }

    mutating func deallocate() {
        numbers?.deallocate()
        codes?.deallocate()
        interner?.deallocate()
        (numbers, codes, interner) = (nil, nil, nil)
    }
}
