/// Cuts a file into stretches of whole rows, for as many threads.
///
/// Whether a line's end lies in quotes is told by the number of quotes before it. That holds for well-formed files;
/// `CSVScan` sees where it did not, and reads such a file in one piece.
enum StretchCut {
    /// Less than this is not worth a thread.
    private static let smallest = 2 * BlockCensus.blockSize

    static func ranges(of file: CSVFile, parts: Int) -> [Range<Int>] {
        let (start, end) = (file.rowsStart, file.text.bytes.count)
        let parts = min(parts, (end - start) / smallest)
        guard parts > 1 else { return [start..<end] }
        var cuts = [start]
        for part in 1..<parts {
            let block = (start + (end - start) / parts * part) / BlockCensus.blockSize
            if let cut = rowStart(in: file.text, block), cut > cuts[cuts.count - 1], cut < end { cuts.append(cut) }
        }
        return zip(cuts, cuts.dropFirst() + [end]).map { $0..<$1 }
    }

    /// The beginning of the first row that begins in a block or behind it.
    private static func rowStart(in text: FileText, _ block: Int) -> Int? {
        var isQuoted = text.census.quotes(beforeBlock: block) % 2 == 1
        let bytes = text.bytes
        for place in block * BlockCensus.blockSize..<bytes.count {
            switch bytes.start[place] {
            case 0x22: isQuoted.toggle()
            case 10 where !isQuoted: return place + 1
            default: break
            }
        }
        return nil
    }
}
