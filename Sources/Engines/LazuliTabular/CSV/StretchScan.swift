/// Reads the rows of a stretch: one pass over the bytes, each field turned into a number or a label's number at once.
///
/// The speed of reading tables is the speed of this file. It relies on the zero bytes behind a file's end: loops over
/// digits need not ask whether the text is over.
struct StretchScan {
    private let bytes: UnsafePointer<UInt8>
    /// The end of the file; the stretch may end before it.
    private let end: Int
    private let delimiter: UInt8
    /// 1 for the bytes that end a field outside quotes.
    private let endsField: UnsafeMutablePointer<UInt8>
    private let fields: UnsafeMutablePointer<FieldState>
    private let fieldCount: Int
    private let quotedLineEnds: Bool
    private let padsShortRows: Bool
    private let rowLimit: Int
    /// Powers of ten that a double holds exactly, and the first nine as whole numbers.
    private let powers: UnsafePointer<Double>
    private let wholePowers: UnsafePointer<UInt64>
    private var unescaped: [UInt8] = []
    private var fault: ScanEnd?

    /// What a stretch is read by, besides its own plans.
    struct Rules: Sendable {
        var delimiter: UInt8
        var quotedLineEnds = true
        var padsShortRows = false
        var rowLimit = Int.max
    }

    static func run(_ stretch: Stretch, _ text: FileText, _ rules: Rules) {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        table.initialize(repeating: 0, count: 256)
        defer { table.deallocate() }
        for byte in [rules.delimiter, 10, 13] { table[Int(byte)] = 1 }
        let wholePowers = UnsafeMutablePointer<UInt64>.allocate(capacity: 9)
        defer { wholePowers.deallocate() }
        for power in 0..<9 { wholePowers[power] = UInt64(DecimalNumber.exactPowers[power]) }
        DecimalNumber.exactPowers.withUnsafeBufferPointer { powers in
            guard let fields = stretch.fields.baseAddress, let powers = powers.baseAddress else { return }
            var scan = StretchScan(
                bytes: text.bytes.start, end: text.bytes.count, delimiter: rules.delimiter, endsField: table,
                fields: fields, fieldCount: stretch.fields.count, quotedLineEnds: rules.quotedLineEnds,
                padsShortRows: rules.padsShortRows, rowLimit: min(rules.rowLimit, stretch.capacity), powers: powers,
                wholePowers: wholePowers)
            stretch.end = scan.rows(of: stretch)
        }
    }

    private mutating func rows(of stretch: Stretch) -> ScanEnd {
        var position = stretch.range.lowerBound, row = 0
        let stop = stretch.range.upperBound
        defer { stretch.rowCount = row }
        while position < stop, row < rowLimit {
            let byte = bytes[position]
            if byte <= 0x20, let next = BlankLine.end(bytes, from: position, end: end, delimiter: delimiter) {
                position = next
                continue
            }
            let start = position
            var field = 0
            while true {
                if field == fieldCount {
                    return .tooManyFields(row: start, found: fieldCount + extraFields(from: position))
                }
                switch fields[field].plan {
                case .numbers: position = number(at: position, fields + field, row)
                case .labels: position = label(at: position, fields + field, row)
                case .skipped: position = slice(at: position).next
                }
                if let fault { return fault }
                field += 1
                if position < end, bytes[position] == delimiter {
                    position += 1
                    continue
                }
                break
            }
            if position < end { position += bytes[position] == 13 && bytes[position + 1] == 10 ? 2 : 1 }
            if field < fieldCount {
                guard padsShortRows else { return .tooFewFields(row: start, found: field) }
                if stretch.shortRows == 0 { stretch.firstShortRow = start }
                stretch.shortRows += 1
                for place in field..<fieldCount { leaveOut(fields + place, row) }
            }
            row += 1
        }
        return .done(at: position)
    }

    // MARK: Numbers

    /// Reads a field as a number; gives the place behind it, where a delimiter or the line's end stands.
    ///
    /// Most numbers are digits, perhaps with a sign and a point, and at most 19 of them: those are read here.
    @inline(__always)
    private mutating func number(at start: Int, _ field: UnsafeMutablePointer<FieldState>, _ row: Int) -> Int {
        let text = bytes + start
        let isQuoted = text[0] == 0x22
        var first = isQuoted ? 1 : 0
        let isNegative = text[first] == 0x2D
        if isNegative { first &+= 1 }
        var mantissa: UInt64 = 0, decimals = 0
        var digits = takeDigits(text + first, &mantissa)
        var place = first &+ digits
        let hasPoint = text[place] == 0x2E
        if hasPoint {
            decimals = takeDigits(text + place + 1, &mantissa)
            digits &+= decimals
            place &+= 1 &+ decimals
        } else if digits > 1, text[first] == 0x30 {
            // 007 is a code, 0.7 a number.
            return odd(at: start, field, row)
        }
        if isQuoted {
            guard text[place] == 0x22 else { return odd(at: start, field, row) }
            place &+= 1
        }
        guard digits > 0, digits <= 19, endsField[Int(text[place])] != 0 || start + place >= end else {
            return odd(at: start, field, row)
        }
        let value: Double
        if hasPoint {
            field.pointee.facts.fractions &+= 1
            value =
                mantissa < 1 << 53 && decimals <= 22
                ? Double(Int64(bitPattern: mantissa)) / powers[decimals]
                : DecimalNumber.value(mantissa, power: -decimals)
        } else if mantissa <= 1 << 53 {
            value = Double(Int64(bitPattern: mantissa))
        } else {
            field.pointee.facts.tooWide &+= 1
            value = Double(mantissa)
        }
        field.pointee.facts.numbers &+= 1
        field.pointee.numbers.unsafelyUnwrapped[row] = isNegative ? -value : value
        return start + place
    }

    /// Reads digits, eight at a time, and appends them to a number; gives how many there are.
    ///
    /// Source of the three multiplications: D. Lemire, Quickly parsing eight digits, 2018.
    @inline(__always)
    private func takeDigits(_ text: UnsafePointer<UInt8>, _ mantissa: inout UInt64) -> Int {
        let raw = UnsafeRawPointer(text)
        var count = 0
        while true {
            // Each byte less "0": 0 to 9 for digits. The highest bit of what is none is set.
            var bytes = raw.loadUnaligned(fromByteOffset: count, as: UInt64.self) ^ 0x3030_3030_3030_3030
            let others = ((bytes & 0x7F7F_7F7F_7F7F_7F7F &+ 0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080
            let found = others.trailingZeroBitCount >> 3
            if found == 0 { return count }
            bytes &<<= UInt64(truncatingIfNeeded: 64 &- found &* 8)
            bytes = (bytes &* 2561) >> 8 & 0x00FF_00FF_00FF_00FF
            bytes = (bytes &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
            bytes = (bytes &* 42_949_672_960_001) >> 32
            mantissa = mantissa &* wholePowers[found] &+ bytes
            count &+= found
            if found < 8 { return count }
        }
    }

    /// Reads what is not plainly a number: a missing value, a number in quotes or with an exponent, a word.
    @inline(never)
    private mutating func odd(at start: Int, _ field: UnsafeMutablePointer<FieldState>, _ row: Int) -> Int {
        let slice = slice(at: start)
        let values = field.pointee.numbers.unsafelyUnwrapped
        values[row] = .nan
        switch NumberField(UnsafeBufferPointer(start: bytes + slice.start, count: slice.length)) {
        case .missing: break
        case .questionMark: field.pointee.facts.questionMarks += 1
        case .number(let value, let isWhole):
            field.pointee.facts.numbers += 1
            if !isWhole {
                field.pointee.facts.fractions += 1
            } else if value.magnitude > 0x1p53 {
                field.pointee.facts.tooWide += 1
            }
            values[row] = value
        case .other:
            field.pointee.facts.others += 1
            if field.pointee.facts.firstOther < 0 { field.pointee.facts.firstOther = slice.start }
            if !field.pointee.isForced { field.pointee.plan = .skipped }
        }
        return slice.next
    }

    // MARK: Labels

    @inline(__always)
    private mutating func label(at start: Int, _ field: UnsafeMutablePointer<FieldState>, _ row: Int) -> Int {
        let first = bytes[start]
        if first != 0x22, first != 0x20 {
            let place = fieldEnd(from: start)
            field.pointee.codes.unsafelyUnwrapped[row] =
                field.pointee.interner?.number(bytes + start, place - start) ?? -1
            return place
        }
        return oddLabel(at: start, field, row)
    }

    /// The next delimiter or line's end, looked for in eight bytes at a time.
    ///
    /// Source of the test for a zero byte: A. Mycroft, 1987.
    @inline(__always)
    private func fieldEnd(from start: Int) -> Int {
        let raw = UnsafeRawPointer(bytes), ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        while place < end {
            let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let delimiters = word ^ UInt64(delimiter) &* ones
            let feeds = word ^ 10 &* ones, returns = word ^ 13 &* ones
            let found =
                ((delimiters &- ones) & ~delimiters) | ((feeds &- ones) & ~feeds) | ((returns &- ones) & ~returns)
            let marks = found & 0x8080_8080_8080_8080
            if marks != 0 { return place &+ marks.trailingZeroBitCount >> 3 }
            place &+= 8
        }
        return end
    }

    @inline(never)
    private mutating func oddLabel(at start: Int, _ field: UnsafeMutablePointer<FieldState>, _ row: Int) -> Int {
        let slice = slice(at: start)
        let code: Int32?
        if slice.hasDoubledQuotes {
            unescape(slice)
            code = unescaped.withUnsafeBufferPointer { field.pointee.interner?.number(copying: $0) }
        } else {
            code = field.pointee.interner?.number(bytes + slice.start, slice.length)
        }
        field.pointee.codes.unsafelyUnwrapped[row] = code ?? -1
        return slice.next
    }

    private mutating func unescape(_ slice: Slice) {
        unescaped.removeAll(keepingCapacity: true)
        var place = slice.start
        while place < slice.start + slice.length {
            unescaped.append(bytes[place])
            place += bytes[place] == 0x22 ? 2 : 1
        }
    }

    private func leaveOut(_ field: UnsafeMutablePointer<FieldState>, _ row: Int) {
        switch field.pointee.plan {
        case .numbers: field.pointee.numbers.unsafelyUnwrapped[row] = .nan
        case .labels: field.pointee.codes.unsafelyUnwrapped[row] = -1
        case .skipped: break
        }
    }

    // MARK: Fields

    /// A field's text without its quotes, and where the field ends.
    private struct Slice {
        var start: Int
        var length: Int
        var hasDoubledQuotes = false
        var next: Int
    }

    /// Spaces before an opening quote and behind a closing one do not count; elsewhere they belong to the value.
    private mutating func slice(at start: Int) -> Slice {
        var place = start
        while bytes[place] == 0x20 { place += 1 }
        if bytes[place] == 0x22, place < end { return quoted(at: place) }
        while endsField[Int(bytes[place])] == 0, place < end { place += 1 }
        // Only the file's end is an end inside of its padding.
        place = min(place, end)
        return Slice(start: start, length: place - start, next: place)
    }

    private mutating func quoted(at opening: Int) -> Slice {
        var place = opening + 1, doubled = false
        while place < end {
            let byte = bytes[place]
            if byte == 0x22 {
                if bytes[place + 1] != 0x22 { break }
                doubled = true
                place += 1
            } else if byte == 10 || byte == 13, !quotedLineEnds {
                fault = .quotedLineEnd(at: opening)
                return Slice(start: opening, length: 0, next: end)
            }
            place += 1
        }
        guard place < end else {
            fault = .openQuote(at: opening)
            return Slice(start: opening, length: 0, next: end)
        }
        var next = place + 1
        while bytes[next] == 0x20, next < end { next += 1 }
        if next < end, endsField[Int(bytes[next])] == 0 { fault = .textBehindQuote(at: next) }
        return Slice(start: opening + 1, length: place - opening - 1, hasDoubledQuotes: doubled, next: next)
    }

    /// How many fields a row has from this place on, where a further one begins.
    private func extraFields(from start: Int) -> Int {
        var rest = self, place = start, count = 1
        while true {
            place = rest.slice(at: place).next
            guard rest.fault == nil, place < end, bytes[place] == delimiter else { return count }
            count += 1
            place += 1
        }
    }
}
