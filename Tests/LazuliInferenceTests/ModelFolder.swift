import Foundation

/// A folder with a model's files, removed when the test is over.
final class ModelFolder {
    let path = NSTemporaryDirectory() + "lazuli-model-\(UUID().uuidString)"

    init(_ files: [String: [UInt8]] = [:]) throws {
        for (name, content) in files { try write(name, content) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ content: [UInt8]) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: file)
    }

    func write(_ name: String, _ content: String) throws { try write(name, Array(content.utf8)) }
}
