/// The part of a file that a request asks for.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    /// None of it is in the file.
    case unsatisfiable

    /// - Parameter header: `bytes=first-last`, `bytes=first-` or `bytes=-count`; anything else means the whole file.
    init(_ header: String?, size: Int64) {
        guard let header, header.lowercased().hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            self = .whole
            return
        }
        switch (Int64(ends[0]), Int64(ends[1])) {
        case (let first?, _) where first >= size: self = .unsatisfiable
        case (let first?, let last?) where first >= 0 && last >= first: self = .part(first..<min(last + 1, size))
        case (let first?, nil) where first >= 0 && ends[1].isEmpty: self = .part(first..<size)
        case (nil, let count?) where ends[0].isEmpty && count > 0:
            self = size == 0 ? .unsatisfiable : .part(max(0, size - count)..<size)
        case (nil, 0) where ends[0].isEmpty: self = .unsatisfiable
        default: self = .whole
        }
    }
}
