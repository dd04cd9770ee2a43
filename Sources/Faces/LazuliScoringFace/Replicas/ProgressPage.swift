import Glibc

/// What a host is working on, read from the memory it shares. Source: Documentation/Scoring-hosts.md.
final class ProgressPage {
    private let page: UnsafeMutableRawPointer
    private static let length = 64

    enum Work: Equatable {
        case nothing
        case request(UInt32, since: UInt64)
        /// Several at once: the host does not say which.
        case several
    }

    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        guard let mapped = mmap(nil, Self.length, PROT_READ, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED else {
            return nil
        }
        page = mapped
    }

    deinit { munmap(page, Self.length) }

    var work: Work {
        let id = page.load(as: UInt64.self).littleEndian
        let since = page.load(fromByteOffset: 8, as: UInt64.self).littleEndian
        switch id {
        case 0: return .nothing
        case .max: return .several
        default: return .request(UInt32(truncatingIfNeeded: id - 1), since: since)
        }
    }
}
