import Glibc
import LazuliResources

/// The unix socket on which the server calls.
struct HostListener {
    let descriptor: Int32
    private static let backlog: Int32 = 64

    /// Replaces a socket that an earlier host left.
    init(path: String) throws(ServiceError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw ServiceError(.invalidArgument, "The socket path \(path) is too long for a unix socket.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Self.flags, 0)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, bound == 0, listen(descriptor, Self.backlog) == 0 else {
            throw ServiceError(
                .internalError, "The socket \(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
    }

    /// SOCK_NONBLOCK and SOCK_CLOEXEC: the flags of open(2).
    private static let flags = O_NONBLOCK | O_CLOEXEC

    /// The next caller; nil when none waits.
    func accept() -> Int32? {
        let caller = Glibc.accept(descriptor, nil, nil)
        guard caller >= 0 else { return nil }
        _ = fcntl(caller, F_SETFL, O_NONBLOCK)
        _ = fcntl(caller, F_SETFD, FD_CLOEXEC)
        return caller
    }
}
