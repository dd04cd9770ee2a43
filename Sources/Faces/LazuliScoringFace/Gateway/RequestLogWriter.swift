import Dispatch
import Foundation
import LazuliEndpoints
import LazuliResources
import NIOCore

/// Appends rows to a deployment's request log, a second's worth at a time and off the event loop.
final class RequestLogWriter {
    private let place: RequestLogPlace
    private var pending: [UInt8] = []
    private var pendingBodies: [UInt8] = []
    /// One for all: files are written one after the other, in the order of the rows.
    private static let queue = DispatchQueue(label: "lazuli.requestlog")

    init(_ place: RequestLogPlace) { self.place = place }

    func append(_ row: RequestRow) { row.write(to: &pending) }

    /// Keeps what was asked and answered, where the deployment's data collector asks for it: one JSON text a line.
    func append(_ row: RequestRow, request: ByteBuffer, answer: ByteBuffer) {
        append(row)
        guard place.keepsBodies else { return }
        let line: JSON = [
            "time": .string(Timestamp.text(row.time)), "requestId": .string(row.requestID),
            "status": JSON(Int(row.status)), "request": .string(String(buffer: request)),
            "answer": .string(String(buffer: answer)),
        ]
        pendingBodies += line.bytes + [UInt8(ascii: "\n")]
    }

    /// A row that cannot be written is lost: numbers never stop the serving.
    func flush() {
        guard !pending.isEmpty else { return }
        let rows = pending, bodies = pendingBodies, file = place.file
        pending.removeAll(keepingCapacity: pending.count < 1 << 20)
        pendingBodies = []
        Self.queue.async {
            Self.write(rows, to: file)
            if !bodies.isEmpty { Self.write(bodies, to: RequestLog.bodies(beside: file)) }
        }
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
