import Glibc

/// Asks the system for large pages, where it gives them on request: filling hundreds of megabytes in pages of four
/// kilobytes costs as much as reading the numbers that go there.
enum LargePages {
    private static let pageSize = 1 << 21

    /// To be called before the memory is first written. Only whole large pages inside of it are asked for.
    static func ask(for start: UnsafeMutableRawPointer?, byteCount: Int) {
        guard let start, byteCount >= pageSize else { return }
        let first = (UInt(bitPattern: start) + UInt(pageSize) - 1) & ~UInt(pageSize - 1)
        let last = (UInt(bitPattern: start) + UInt(byteCount)) & ~UInt(pageSize - 1)
        guard last > first, let area = UnsafeMutableRawPointer(bitPattern: first) else { return }
        madvise(area, Int(last - first), MADV_HUGEPAGE)
    }
}
