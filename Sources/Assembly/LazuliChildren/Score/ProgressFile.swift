import Glibc
import Synchronization

/// Tells the server which request is being worked on, and since when (Documentation/Scoring-hosts.md).
struct ProgressFile {
    private let id: UnsafeMutablePointer<Atomic<UInt64>>
    private let since: UnsafeMutablePointer<Atomic<UInt64>>
    private static let size = 64

    /// Maps the file; without one, nobody is told.
    init(_ path: String) {
        let memory = Self.map(path) ?? UnsafeMutableRawPointer.allocate(byteCount: Self.size, alignment: 64)
        id = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
        since = (memory + 8).assumingMemoryBound(to: Atomic<UInt64>.self)
        id.pointee.store(0, ordering: .releasing)
    }

    private static func map(_ path: String) -> UnsafeMutableRawPointer? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard lseek(descriptor, 0, SEEK_END) >= size else { return nil }
        let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        return memory == MAP_FAILED ? nil : memory
    }

    func begin(_ request: UInt32) {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        since.pointee.store(UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec), ordering: .releasing)
        id.pointee.store(UInt64(request) + 1, ordering: .releasing)
    }

    func rest() { id.pointee.store(0, ordering: .releasing) }
}
