import Glibc
import LazuliResources

/// SIGTERM, as a descriptor that becomes readable.
struct StopSignal {
    let descriptor: Int32
    /// Written once, before the handler is in place.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1

    init() throws(ServiceError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ServiceError(.internalError, "No pipe for signals could be made.") }
        descriptor = ends[0]
        Self.writeEnd = ends[1]
        signal(SIGTERM) { _ in
            var byte: UInt8 = 1
            _ = write(StopSignal.writeEnd, &byte, 1)
        }
    }
}
