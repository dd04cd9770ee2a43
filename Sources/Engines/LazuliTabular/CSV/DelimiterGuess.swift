/// Tells the delimiter by the first rows: the one by which most rows have as many fields as the first.
enum DelimiterGuess {
    private static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
    private static let rowsSeen = 30

    /// A comma if nothing else can be told, for instance where there is one column.
    static func delimiter(of text: FileText, quotedLineEnds: Bool) -> UInt8 {
        var best: (delimiter: UInt8, agreeing: Double, fields: Int)?
        for candidate in candidates {
            var reader = RecordReader(text, delimiter: candidate, quotedLineEnds: quotedLineEnds)
            var counts: [Int] = []
            while counts.count < rowsSeen, let row = reader.next() { counts.append(row.count) }
            guard let fields = counts.first, fields > 1 else { continue }
            let agreeing = Double(counts.filter { $0 == fields }.count) / Double(counts.count)
            if best.map({ (agreeing, fields) > ($0.agreeing, $0.fields) }) ?? true {
                best = (candidate, agreeing, fields)
            }
        }
        return best?.delimiter ?? candidates[0]
    }
}
