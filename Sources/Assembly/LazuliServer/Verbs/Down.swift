public import ArgumentParser
import Foundation
import Glibc
import LazuliResources

/// A server's own word on how it is reached, and whether it still runs.
struct RunningServer {
    let pid: Int32
    let document: JSON

    init?(_ folder: StateFolder) {
        guard let bytes = try? Data(contentsOf: folder.server), let json = try? JSON(parsing: bytes),
            let pid = json["pid"].integer
        else { return nil }
        self.pid = Int32(truncatingIfNeeded: pid)
        document = json
    }

    var isAlive: Bool { kill(pid, 0) == 0 }
}

/// `lazuli down`: asks the server to end, and waits until it has.
public struct Down: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Stop the server.",
        discussion: "Running jobs go on under their supervisors; the next start takes them up.")

    @OptionGroup var home: HomeOption

    @Option(help: "How many seconds to wait for it to end.")
    var timeout = 30

    public init() {}

    public func run() async throws {
        guard let server = RunningServer(home.folder), server.isAlive else {
            print("No server runs on \(home.folder.home.path).")
            return
        }
        kill(server.pid, SIGTERM)
        for _ in 0..<(timeout * 20) {
            if !server.isAlive {
                print("Stopped.")
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        print(
            "The server (process \(server.pid)) has not ended after \(timeout) seconds. `kill -9 \(server.pid)` ends it;"
        )
        print("nothing that was acknowledged is lost by that.")
        throw ExitCode.failure
    }
}

/// `lazuli status`: whether a server runs on the folder, and where.
public struct Status: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(abstract: "Say whether the server runs, and where.")

    @OptionGroup var home: HomeOption

    public init() {}

    public func run() async throws {
        guard let server = RunningServer(home.folder), server.isAlive else {
            print("No server runs on \(home.folder.home.path). Start one with `lazuli up`.")
            throw ExitCode(3)
        }
        print("A server runs on \(home.folder.home.path) as process \(server.pid).")
        for (label, member) in [("API", "api"), ("blobs", "blob"), ("MLflow", "http"), ("workspace", "workspace")] {
            let padded = label.padding(toLength: 11, withPad: " ", startingAt: 0)
            print("  \(padded) \(server.document[member].string ?? "?")")
        }
    }
}
