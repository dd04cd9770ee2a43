import Glibc

/// Reads numbers with spaces between them. Behind the bytes stands something that no number goes on with.
enum NumberList {
    static func reals(_ bytes: UnsafeRawBufferPointer) -> [Double] {
        list(bytes) { start, end in strtod(start, end) }
    }

    static func integers(_ bytes: UnsafeRawBufferPointer) -> [Int] {
        list(bytes) { start, end in strtol(start, end, 10) }
    }

    /// Ends where no number begins.
    private static func list<Number>(
        _ bytes: UnsafeRawBufferPointer,
        _ read: (UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Number
    ) -> [Number] {
        let text = bytes.bindMemory(to: CChar.self)
        guard var place = text.baseAddress else { return [] }
        let end = place + text.count
        var numbers: [Number] = []
        while place < end {
            var after: UnsafeMutablePointer<CChar>?
            let number = read(place, &after)
            guard let after, UnsafePointer(after) > place, UnsafePointer(after) <= end else { break }
            numbers.append(number)
            place = UnsafePointer(after)
        }
        return numbers
    }
}
