import Glibc
import LazuliTabular

/// Values in files between a search and its training processes.
enum BinaryFile {
    static func write(_ path: String, _ body: (inout ByteWriter) -> Void) throws(LearningFault) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable(path, errno) }
        var writer = ByteWriter(file: file)
        body(&writer)
        writer.flush()
        let isClosed = close(file) == 0
        if let failure = writer.failure ?? (isClosed ? nil : errno) { throw unwritable(path, failure) }
    }

    private static func unwritable(_ path: String, _ reason: Int32) -> LearningFault {
        LearningFault("Cannot write \(path): \(String(cString: strerror(reason))). Check the free space.")
    }

    static func read<Value>(
        _ path: String, _ body: (inout ByteReader) throws(LearningFault) -> Value
    ) throws(LearningFault) -> Value {
        let bytes: FileBytes
        do {
            bytes = try FileBytes(path: path)
        } catch {
            throw LearningFault("\(error)")
        }
        var reader = ByteReader(bytes)
        return try body(&reader)
    }
}
