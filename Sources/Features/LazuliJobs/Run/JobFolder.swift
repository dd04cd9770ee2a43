import Foundation
import LazuliDomain
import LazuliResources

/// The places of one job on disk.
struct JobFolder: Sendable {
    /// The supervisor's files; private to the server.
    let control: URL
    /// The working directory of the command.
    var work: URL { control.appendingPathComponent("work") }
    /// What the job's own `pip install` brings.
    var packages: URL { control.appendingPathComponent("packages") }
    var fetched: URL { control.appendingPathComponent("fetched") }
    /// The run's artifacts, in the workspace's artifact container: logs and `outputs/`.
    let artifacts: URL

    init(_ job: JobRecord, jobsFolder: URL, artifactContainer: URL) {
        control = Self.control(job, jobsFolder: jobsFolder)
        artifacts = artifactContainer.appendingPathComponent(DataLocator.artifactFolder(ofRun: job.name))
    }

    /// Job names are unique in their workspace alone, so the workspace's key is part of the path.
    static func control(_ job: JobRecord, jobsFolder: URL) -> URL {
        let workspace = job.scope.key.replacing("/", with: "~")
        return jobsFolder.appendingPathComponent(workspace).appendingPathComponent(job.name)
    }

    static let userLog = "user_logs/std_log.txt"
    static let environmentLog = "azureml-logs/environment_build.txt"

    /// The log of a process of a distributed job: clients show the names that follow this pattern.
    static func log(process: Int) -> String {
        process == 0 ? userLog : "user_logs/std_log_process_\(String(format: "%02d", process)).txt"
    }

    func log(_ name: String) -> URL { artifacts.appendingPathComponent(name) }

    /// Makes the folders anew: a start that came to nothing, or a job of that name in a workspace deleted since, may have
    /// left some. `outputs` and `logs` in the working directory are the run's own artifact folders, so that
    /// what a script writes there is kept, without being copied.
    func prepare() throws {
        let files = FileManager.default
        if files.fileExists(atPath: control.path) { try files.removeItem(at: control) }
        for folder in [work, artifacts.appendingPathComponent("user_logs")] {
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    func linkArtifactFolders() throws {
        let files = FileManager.default
        for name in ["outputs", "logs"] {
            let kept = artifacts.appendingPathComponent(name), link = work.appendingPathComponent(name)
            if files.fileExists(atPath: link.path) {
                if (try? files.destinationOfSymbolicLink(atPath: link.path)) != nil { continue }
                try files.moveItem(at: link, to: kept)
            } else {
                try files.createDirectory(at: kept, withIntermediateDirectories: true)
            }
            try files.createSymbolicLink(at: link, withDestinationURL: kept)
        }
    }
}
