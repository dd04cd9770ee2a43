/// Lines that hold nothing, or spaces alone: they are no rows.
enum BlankLine {
    /// The place behind a blank line that begins here; nil if the line is not blank.
    static func end(_ bytes: UnsafePointer<UInt8>, from start: Int, end: Int, delimiter: UInt8) -> Int? {
        var place = start
        while place < end, bytes[place] != 10, bytes[place] != 13 {
            guard bytes[place] == 0x20 || bytes[place] == 9, bytes[place] != delimiter else { return nil }
            place += 1
        }
        return min(place + 1, end)
    }
}
