public import ArgumentParser
import Foundation
import Glibc
import LazuliEnvironments
import LazuliResources

/// `lazuli diagnose`: tries each part on its own, and says which one fails and what to do.
public struct Diagnose: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Check every part, and say what to do about what fails.")

    @OptionGroup var home: HomeOption

    public init() {}

    private struct Finding {
        let part: String
        /// Nil when the part is well.
        let problem: String?
        var remedy = ""
    }

    public func run() async throws {
        let folder = home.folder
        let findings = [
            folderFinding(folder), spaceFinding(folder), serverFinding(folder), portFinding(folder),
            certificateFinding(folder), packageToolFinding(folder),
        ]
        for finding in findings {
            print("\(finding.problem == nil ? "ok    " : "FAILS ") \(finding.part)")
            if let problem = finding.problem { print("         \(problem)\n         → \(finding.remedy)") }
        }
        if findings.contains(where: { $0.problem != nil }) { throw ExitCode.failure }
    }

    private func folderFinding(_ folder: StateFolder) -> Finding {
        let path = folder.home.path, part = "state folder \(path)"
        guard FileManager.default.fileExists(atPath: path) else {
            return Finding(part: part, problem: "It does not exist.", remedy: "`lazuli up` makes it.")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return Finding(part: part, problem: "It is not yours to write.", remedy: "Give another with --home.")
        }
        return Finding(part: part, problem: nil)
    }

    private func spaceFinding(_ folder: StateFolder) -> Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.home.path)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        let part = "free space: \(free / (1 << 30)) GiB"
        guard free < 1 << 30 else { return Finding(part: part, problem: nil) }
        return Finding(
            part: part, problem: "Less than 1 GiB is left.",
            remedy: "Free some: environments/ and uv-cache/ can be rebuilt.")
    }

    private func serverFinding(_ folder: StateFolder) -> Finding {
        guard let server = RunningServer(folder), server.isAlive else {
            return Finding(part: "server", problem: "No server runs.", remedy: "Start it with `lazuli up`.")
        }
        return Finding(part: "server (process \(server.pid))", problem: nil)
    }

    /// Whether each listener takes a connection.
    private func portFinding(_ folder: StateFolder) -> Finding {
        guard let server = RunningServer(folder), server.isAlive else {
            return Finding(part: "listeners", problem: "Not tried.", remedy: "See above.")
        }
        let silent = ["api", "blob", "http"].filter { member in
            let port = URL(string: server.document[member].string ?? "")?.port ?? 0
            return !Self.connects(port)
        }
        guard silent.isEmpty else {
            return Finding(
                part: "listeners", problem: "No answer from: \(silent.joined(separator: ", ")).",
                remedy: "Look into the server's output; stop it with `lazuli down` and start it again.")
        }
        return Finding(part: "listeners", problem: nil)
    }

    private static func connects(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private func certificateFinding(_ folder: StateFolder) -> Finding {
        do {
            let found = try ServerCertificates.open(in: folder.home)
            guard found.bundleHasPublicRoots else {
                return Finding(
                    part: "certificates", problem: "No public roots were found on this machine.",
                    remedy: "apt-get install ca-certificates, then restart the server.")
            }
            return Finding(part: "certificates", problem: nil)
        } catch {
            return Finding(
                part: "certificates", problem: "\(error)",
                remedy: "Remove the ca/ folder; the next start makes it anew.")
        }
    }

    private func packageToolFinding(_ folder: StateFolder) -> Finding {
        do {
            let path = try UvTool.find(home: folder.home.path, variables: ProcessInfo.processInfo.environment)
            return Finding(part: "environments: uv at \(path)", problem: nil)
        } catch {
            return Finding(
                part: "environments", problem: "\(error)",
                remedy: "Jobs need uv to build environments: `make demo` installs it, or pip install uv.")
        }
    }
}
