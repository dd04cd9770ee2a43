import Foundation

/// Values in files between a search and its training processes.
enum BinaryFile {
    static func write(_ path: String, _ body: (inout ByteWriter) -> Void) throws(LearningFault) {
        var writer = ByteWriter()
        body(&writer)
        do {
            try Data(writer.bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw LearningFault("Cannot write \(path): \(error.localizedDescription) Check the free space.")
        }
    }

    static func read<Value>(
        _ path: String, _ body: (inout ByteReader) throws(LearningFault) -> Value
    ) throws(LearningFault) -> Value {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
            throw LearningFault("Cannot read \(path).")
        }
        let result = data.withUnsafeBytes { bytes -> Result<Value, LearningFault> in
            var reader = ByteReader(bytes)
            do throws(LearningFault) { return .success(try body(&reader)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
