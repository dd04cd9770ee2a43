import Foundation
public import LazuliResources

/// Reads a run's log as it grows: every read asks only for what is new.
public struct LogFollower: Sendable {
    private let arm: ARMClient
    private let history: RunHistory
    /// The pause between two looks.
    private let pause: Duration

    public init(arm: ARMClient, scope: WorkspaceScope, pause: Duration = .milliseconds(100)) {
        self.arm = arm
        history = RunHistory(arm: arm, scope: scope)
        self.pause = pause
    }

    public static let terminal: Set<String> = ["Completed", "Failed", "Canceled", "NotResponding"]

    /// What a follower sees.
    public enum Event: Sendable {
        /// The run's status is now this, and why it waits or ended so, where the server says.
        case status(String, reason: String?)
        /// Bytes that were added to this log.
        case output(log: String, bytes: [UInt8])
    }

    /// Follows a run until it has ended and its log is read to the end.
    /// - Returns: the last run details.
    public func follow(_ run: String, see: (Event) -> Void) async throws -> JSON {
        var offsets: [String: Int64] = [:]
        var status: (word: String, reason: String?) = ("", nil)
        while true {
            let details = try await history.details(of: run)
            let now = details["status"].string ?? ""
            let reason = details["properties"]["lazuli.reason"].string
            if now != status.word || reason != status.reason { see(.status(now, reason: reason)) }
            status = (now, reason)
            for (name, address) in logs(in: details) {
                let offset = offsets[name] ?? 0
                let bytes = try await newBytes(at: address, from: offset)
                guard !bytes.isEmpty else { continue }
                offsets[name] = offset + Int64(bytes.count)
                see(.output(log: name, bytes: bytes))
            }
            // A run that has just ended may be shown as finalizing for the sake of slower clients; its end says more.
            if Self.terminal.contains(now) || details["endTimeUtc"].string != nil { return details }
            try await Task.sleep(for: pause)
        }
    }

    /// The user's logs first, in the order of their names.
    private func logs(in details: JSON) -> [(String, String)] {
        let all = (details["logFiles"].object?.pairs ?? []).compactMap { name, url in url.string.map { (name, $0) } }
        let user = all.filter { $0.0.hasPrefix("user_logs/") }
        return (user.isEmpty ? all : user).sorted { $0.0 < $1.0 }
    }

    /// Log addresses carry their own signature; they may name the account before an `@`.
    private func newBytes(at address: String, from offset: Int64) async throws -> [UInt8] {
        let blob = try BlobContainer(signed: address)
        let url = blob.url + (blob.signature.map { "?" + $0 } ?? "")
        let answer = try await arm.transport.send(
            Request("GET", url, headers: [("Range", "bytes=\(offset)-"), ("x-ms-version", BlobClient.version)]))
        switch answer.status {
        case 206: return answer.body
        case 200: return Array(answer.body.dropFirst(Int(offset)))
        // Nothing new yet, or no log yet.
        case 416, 404: return []
        default: throw BlobClient.error(in: answer, while: "reading the log")
        }
    }
}
