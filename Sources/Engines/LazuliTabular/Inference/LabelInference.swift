/// Tells what the texts of a column mean: booleans, points in time, categories or texts.
struct LabelInference {
    typealias Outcome = (kind: ColumnKind, values: ColumnValues, note: String?)

    let labels: RawLabels
    let pieces: [ColumnPiece]
    /// Otherwise there are categories and texts alone.
    let infersKinds: Bool
    /// What parts the file's fields; nil where words are no numbers, whatever they look like.
    var delimiter: UInt8?

    /// What a person would say of the values.
    func inferred() -> Outcome {
        guard !labels.texts.isEmpty else {
            return (.empty, .numbers([Double](repeating: .nan, count: labels.codes.count)), nil)
        }
        guard infersKinds else { return (wordKind, .labels(labels.values()), nil) }
        if let truths = BooleanTexts(labels.texts) { return (.boolean, .labels(truths.values(labels)), nil) }
        if delimiter != nil, let way = LocalNumber.infer(labels.texts, delimiter: delimiter) { return numbers(way) }
        var note: String?
        switch DateTimeFormat.infer(labels.texts) {
        case .format(let format):
            return (.dateTime, .times(times(labels.texts.map { format.seconds($0.bytes) ?? .nan })), nil)
        case .ambiguous(let example):
            note =
                "Values such as \"\(example)\" are dates, but nothing tells whether the day or the month comes first: read as "
                + "a category. Write dates as 2024-12-31, or convert the column with convert_column_types and formats."
        case .none: note = mixtureNote()
        }
        return (wordKind, .labels(labels.values()), note)
    }

    /// As the caller said; values that do not fit are missing.
    func forced(_ kind: ColumnKind) -> Outcome {
        switch kind {
        case .category, .text: return (kind, .labels(labels.values()), nil)
        case .boolean:
            let truths = BooleanTexts(lenient: labels.texts)
            return (
                kind, .labels(truths.values(labels)), misfitNote(truths.misfits(labels), "is neither true nor false")
            )
        case .dateTime:
            let format = DateTimeFormat.mostFitting(labels.texts)
            let seconds = labels.texts.map { format?.seconds($0.bytes) ?? .nan }
            let misfits = seconds.indices.filter { seconds[$0].isNaN }
            return (kind, .times(times(seconds)), misfitNote(misfits, "is no point in time as the others are"))
        case .integer, .real, .empty:
            return (kind, .numbers([Double](repeating: .nan, count: labels.codes.count)), nil)
        }
    }

    private func numbers(_ way: LocalNumber) -> Outcome {
        let values = labels.texts.map { way.value($0.bytes) ?? .nan }
        let example = labels.texts.first { $0.bytes.contains(0x2C) }?.string ?? ""
        let isWhole = way == .thousandsComma && values.allSatisfy { $0.rounded() == $0 }
        return (
            isWhole ? .integer : .real, .numbers(times(values)),
            "Values such as \"\(example)\" were read as numbers, "
                + (way == .decimalComma ? "the comma standing before the decimals." : "the comma parting thousands.")
        )
    }

    private func times(_ seconds: [Double]) -> [Double] {
        labels.codes.map { $0 < 0 ? .nan : seconds[Int($0)] }
    }

    /// Text: mostly different values, of three words or more on average; or long values that seldom repeat.
    private var wordKind: ColumnKind {
        let texts = labels.texts, count = labels.codes.reduce(0) { $0 + ($1 < 0 ? 0 : 1) }
        guard texts.count > 2 else { return .category }
        let words = texts.reduce(0.0) { $0 + WordCount.words(in: $1.bytes) } / Double(texts.count)
        if words >= 3, texts.count * 2 > count { return .text }
        return words >= 8 && texts.count > max(100, count / 20) ? .text : .category
    }

    /// Told where a column has numbers and words: perhaps one word spoils a column of numbers.
    private func mixtureNote() -> String? {
        let isNumber = labels.texts.map { entry in
            if case .number = NumberField(entry.bytes) { true } else { false }
        }
        guard isNumber.contains(true), let word = isNumber.firstIndex(of: false) else { return nil }
        let counts = labels.counts()
        let numbers = zip(counts, isNumber).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        let words = counts.reduce(0, +) - numbers
        return "\(numbers == 1 ? "1 value is a number" : "\(numbers) values are numbers") and \(words) "
            + "\(words == 1 ? "is not" : "are not"), such as \"\(labels.texts[word].string.shortened)\"\(place(of: word)): read "
            + "as a \(wordKind == .text ? "text" : "category")."
    }

    private func misfitNote(_ misfits: [Int], _ what: String) -> String? {
        guard let first = misfits.first else { return nil }
        let counts = labels.counts(), rows = misfits.reduce(0) { $0 + counts[$1] }
        return "\"\(labels.texts[first].string.shortened)\"\(place(of: first)) \(what); "
            + "\(rows == 1 ? "1 such value was" : "\(rows) such values were") read as missing."
    }

    /// ` (line 17)`, where the text stands in a file.
    private func place(of text: Int) -> String {
        let start = labels.texts[text].text
        for piece in pieces {
            let offset = start - piece.text.bytes.start
            if offset >= 0, offset < piece.text.bytes.count {
                return pieces.allSatisfy { $0.text.name == piece.text.name }
                    ? " (line \(piece.text.line(at: offset)))"
                    : " (line \(piece.text.line(at: offset)) of \(piece.text.name))"
            }
        }
        return ""
    }
}

extension String {
    /// The first forty characters.
    fileprivate var shortened: String { count > 40 ? prefix(40) + "…" : self }
}

/// Counts words roughly: what spaces part, and two characters of a writing without spaces as one.
enum WordCount {
    static func words(in text: UnsafeBufferPointer<UInt8>) -> Double {
        var words = 0.0, isInside = false
        for byte in text {
            if byte == 0x20 || byte == 9 || byte == 10 || byte == 13 {
                isInside = false
            } else if byte >= 0xE3, byte <= 0xED {
                // The first byte of most Chinese, Japanese and Korean characters.
                words += 0.5
                isInside = true
            } else if !isInside {
                isInside = true
                words += 1
            }
        }
        return words
    }
}
