package import Foundation
import Glibc
import LazuliResources

/// The places in a state folder. Copy the folder and you have copied the workspaces.
package struct StateFolder: Sendable {
    package let home: URL

    package init(_ home: URL) { self.home = home }

    var database: URL { home.appending(path: "lazuli.sqlite") }
    var blobs: URL { home.appending(path: "blobs") }
    var jobs: URL { home.appending(path: "jobs") }
    var endpoints: URL { home.appending(path: "endpoints") }
    var tools: URL { home.appending(path: "tools") }
    var keys: URL { home.appending(path: "keys") }
    /// How the running server is reached: addresses, process, defaults.
    package var server: URL { home.appending(path: "server.json") }
    /// The owner's sign-in key; readable by its owner alone.
    package var client: URL { home.appending(path: "client.json") }
    package var settings: URL { home.appending(path: "settings.json") }
    package var log: URL { home.appending(path: "server.log") }
    private var lock: URL { home.appending(path: "server.lock") }

    /// Makes the folders, readable by their owner alone.
    func prepare() throws {
        for folder in [home, blobs, jobs, endpoints, keys] {
            do {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw ServiceError(
                    .internalError, "The state folder \(folder.path) cannot be made: \(error.localizedDescription)")
            }
        }
    }

    /// Keeps a second server out of the folder, for as long as this process lives.
    /// - Returns: the descriptor that holds the lock.
    func takeLock() throws -> Int32 {
        let descriptor = open(lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let running = (try? JSON(parsing: Data(contentsOf: server)))?["pid"].integer
            let who = running.map { " (process \($0))" } ?? ""
            throw ServiceError(
                .conflict,
                "Another server\(who) runs on \(home.path). Stop it with `lazuli down`, or give another --home.")
        }
        return descriptor
    }
}
