/// A column of labels whose texts are still bytes: per row the number of its text.
struct RawLabels {
    /// −1 for a missing value.
    private(set) var codes: [Int32] = []
    /// The different texts that are no missing values.
    private var interner = LabelInterner()

    var texts: UnsafeBufferPointer<LabelInterner.Entry> { interner.all }

    /// Joins the pieces, which have to outlive this value.
    init(_ pieces: [ColumnPiece], emptyAsText: Bool) {
        codes = [Int32](unsafeUninitializedCapacity: pieces.reduce(0) { $0 + $1.rowCount }) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            LargePages.ask(for: start, byteCount: buffer.count * MemoryLayout<Int32>.stride)
            for piece in pieces {
                join(piece, start + filled, emptyAsText)
                filled += piece.rowCount
            }
        }
    }

    /// - Parameter interner: belongs to this value from now on; none of its texts stands for a missing value.
    init(codes: [Int32], interner: LabelInterner) {
        self.interner.deallocate()
        self.codes = codes
        self.interner = interner
    }

    func deallocate() { interner.deallocate() }

    private mutating func join(_ piece: ColumnPiece, _ target: UnsafeMutablePointer<Int32>, _ emptyAsText: Bool) {
        guard let state = piece.state, let codes = state.codes, let own = state.interner else {
            target.initialize(repeating: -1, count: piece.rowCount)
            return
        }
        // The first place is that of −1.
        let numbers = UnsafeMutablePointer<Int32>.allocate(capacity: own.count + 1)
        defer { numbers.deallocate() }
        numbers[0] = -1
        for (place, entry) in own.all.enumerated() {
            let isMissing = entry.length == 0 ? !emptyAsText : MissingMarker.matches(NumberField.trimmed(entry.bytes))
            numbers[place + 1] = isMissing ? -1 : interner.number(entry.text, Int(entry.length), hash: entry.hash)
        }
        for row in 0..<piece.rowCount { target[row] = numbers[Int(codes[row]) + 1] }
    }

    /// How many rows have each text.
    func counts() -> [Int] {
        var counts = [Int](repeating: 0, count: interner.count)
        for code in codes where code >= 0 { counts[Int(code)] += 1 }
        return counts
    }

    func values() -> LabelValues { LabelValues(codes: codes, texts: texts.map(\.string)) }
}

extension LabelInterner.Entry {
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: text, count: Int(length)) }
    var string: String { String(decoding: bytes, as: UTF8.self) }
}
