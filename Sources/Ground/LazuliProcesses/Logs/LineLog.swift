public import Foundation
import Synchronization

/// A log file that lines are added to, made with its folder at the first line.
public final class LineLog: Sendable {
    private let file: URL
    private let handle = Mutex<FileHandle?>(nil)

    public init(_ file: URL) { self.file = file }

    /// A line that cannot be written is lost: a log never stops the job it tells of.
    public func append(_ line: String) {
        handle.withLock { handle in
            if handle == nil {
                let files = FileManager.default
                try? files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                if !files.fileExists(atPath: file.path) { _ = files.createFile(atPath: file.path, contents: nil) }
                handle = try? FileHandle(forWritingTo: file)
                _ = try? handle?.seekToEnd()
            }
            try? handle?.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    deinit { handle.withLock { try? $0?.close() } }
}
