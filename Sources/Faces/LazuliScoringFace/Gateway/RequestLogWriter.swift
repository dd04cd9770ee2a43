import Dispatch
import Foundation
import LazuliEndpoints

/// Appends rows to a deployment's request log, a second's worth at a time and off the event loop.
final class RequestLogWriter {
    private let place: RequestLogPlace
    private var pending: [UInt8] = []
    /// One for all: files are written one after the other, in the order of the rows.
    private static let queue = DispatchQueue(label: "lazuli.requestlog")

    init(_ place: RequestLogPlace) { self.place = place }

    func append(_ row: RequestRow) { row.write(to: &pending) }

    /// A row that cannot be written is lost: numbers never stop the serving.
    func flush() {
        guard !pending.isEmpty else { return }
        let rows = pending, file = place.file
        pending.removeAll(keepingCapacity: pending.count < 1 << 20)
        Self.queue.async { Self.write(rows, to: file) }
    }

    static func write(_ rows: [UInt8], to file: String) {
        let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        // A row that a crash cut short would shift all that follow.
        let end = lseek(descriptor, 0, SEEK_END)
        if end > 0, end % RequestRow.length != 0 { ftruncate(descriptor, end - end % RequestRow.length) }
        _ = rows.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        let size = lseek(descriptor, 0, SEEK_END)
        close(descriptor)
        if size > RequestLog.largest { rename(file, file + ".1") }
    }
}
