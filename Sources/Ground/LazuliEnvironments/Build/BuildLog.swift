import Foundation
import Synchronization

/// The lines of one build: into a file, and live to everybody who waits for it.
final class BuildLog: Sendable {
    typealias Listener = @Sendable (String) -> Void

    private struct State {
        var lines: [String] = []
        var listeners: [Listener] = []
        var file: FileHandle?
    }

    private let state: Mutex<State>

    init(path: String) {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        state = Mutex(State(file: FileHandle(forWritingAtPath: path)))
    }

    /// Whoever comes late gets the lines so far first.
    func listen(_ listener: @escaping Listener) {
        state.withLock { state in
            state.lines.forEach(listener)
            state.listeners.append(listener)
        }
    }

    func write(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            // A log that cannot be written (full disk) must not stop a build that may still succeed.
            try? state.file?.write(contentsOf: Data("\(line)\n".utf8))
            for listener in state.listeners { listener(line) }
        }
    }
}
