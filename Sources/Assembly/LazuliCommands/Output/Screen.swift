import Foundation
import LazuliClient
import LazuliResources
import Synchronization

/// What people see besides the answer: progress and notices, on the standard error.
struct Screen: Sendable {
    /// Whether somebody watches: progress is drawn on a terminal only.
    let isTerminal: Bool
    let isQuiet: Bool

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    }

    func notice(_ text: String) {
        if !isQuiet { write(text + "\n") }
    }

    func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Draws a line over the one before it.
    func redraw(_ text: String) {
        if isTerminal, !isQuiet { write("\r\u{1B}[K" + text) }
    }

    func waitWatcher(_ what: String) -> @Sendable (String) -> Void {
        let start = Date()
        return { state in redraw("\(what): \(state) (\(Int(Date().timeIntervalSince(start))) s)") }
    }

    func clearLine() { redraw("") }

    /// Tells the largest files of a heavy upload, and draws a bar.
    func uploadWatcher() -> @Sendable (UploadEvent) -> Void {
        let state = Mutex<(done: Int64, total: Int64, name: String)>((0, 1, ""))
        return { event in
            switch event {
            case .begins(let snapshot):
                state.withLock { $0 = (0, max(snapshot.totalSize, 1), snapshot.rootName) }
                if snapshot.totalSize > UploadReport.heavy { notice(UploadReport.largest(of: snapshot)) }
            case .sent(let bytes):
                let (done, total, name) = state.withLock { counted in
                    counted.done += bytes
                    return counted
                }
                redraw(UploadReport.bar(name, done: done, total: total))
            case .ends:
                clearLine()
            }
        }
    }
}

/// The words of an upload.
enum UploadReport {
    /// Bytes above which an upload is announced.
    static let heavy: Int64 = 100_000_000

    static func largest(of snapshot: Snapshot) -> String {
        let top = snapshot.files.sorted { $0.size > $1.size }.prefix(10)
        let lines = top.map { "  \(padded(size($0.size), 10))  \($0.name)" }
        return
            ([
                "Uploading \(snapshot.files.count) files, \(size(snapshot.totalSize)), from \(snapshot.root). The largest:"
            ] + lines
            + ["Name what need not be sent in \(snapshot.root)/.amlignore."]).joined(separator: "\n")
    }

    static func bar(_ name: String, done: Int64, total: Int64) -> String {
        let width = 24
        let filled = Int(Double(width) * min(Double(done) / Double(total), 1))
        return "Uploading \(name) [" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled)
            + "] \(size(done)) of \(size(total))"
    }

    static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<1_000_000: String(format: "%.1f kB", Double(bytes) / 1e3)
        case ..<1_000_000_000: String(format: "%.1f MB", Double(bytes) / 1e6)
        default: String(format: "%.2f GB", Double(bytes) / 1e9)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
