import Glibc

/// The end of a log file, without reading the rest of it.
public enum LogTail {
    /// The last lines of a file, at most `maxBytes` of it.
    ///
    /// Bytes that are no UTF-8 appear as U+FFFD. Of a line that a progress bar rewrote with carriage returns, what
    /// stands on the screen in the end is given. A file that cannot be read has no lines.
    public static func lastLines(of path: String, count: Int, maxBytes: Int = 65536) -> [String] {
        guard count > 0, let tail = bytes(of: path, maxBytes: maxBytes) else { return [] }
        var lines = tail.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        // Cut in the middle: the first line is a fragment, unless it is all there is.
        if tail.isCut && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map(visible)
    }

    private static func visible(_ line: ArraySlice<UInt8>) -> String {
        let carriageReturn = UInt8(ascii: "\r")
        let text = line.last == carriageReturn ? line.dropLast() : line
        let start = text.lastIndex(of: carriageReturn).map { $0 + 1 } ?? text.startIndex
        return String(decoding: text[start...], as: UTF8.self)
    }

    private static func bytes(of path: String, maxBytes: Int) -> (bytes: [UInt8], isCut: Bool)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let start = max(0, size - max(0, maxBytes))
        var content = [UInt8](repeating: 0, count: size - start)
        var done = 0
        while done < content.count {
            let count = content[done...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(start + done))
            }
            guard count > 0 else { break }
            done += count
        }
        return (Array(content[..<done]), start > 0)
    }
}
