import Foundation
import Testing

@testable import LazuliProcesses

@Suite("Limits of jobs under a supervisor")
struct SupervisorLimitTests {
    /// Whether this machine lets us make control groups; where not, the watching limiters are all there is.
    static let hasMemoryGroups: Bool = {
        guard let parent = ControlGroups.ofThisProcess().parent(of: "memory") else { return false }
        guard let limiter = try? MemoryGroupLimiter(parent: parent, name: "lazuli-probe-\(getpid())", bytes: 1 << 28)
        else { return false }
        limiter.remove()
        return true
    }()

    private let hog = "head -c 400000000 /dev/zero | tail -c 400000000 | wc -c"

    @Test("A process that nobody looks at lives until it ends, and its end is told", .enabled(if: hasMemoryGroups))
    func unobserved() async throws {
        let job = try SupervisedJob()
        job.limits.observesUse = false
        job.limits.memoryBytes = 100 << 20
        let outcome = try await job.run(shell: "read -t 0.2 < <(:) ; exit 3")
        #expect(outcome.reason == .exited && outcome.status == .exited(code: 3))
    }

    @Test("Too much memory: ended by the control group, with the limit named", .enabled(if: hasMemoryGroups))
    func outOfMemoryByGroup() async throws {
        let job = try SupervisedJob()
        job.limits.memoryBytes = 100 << 20
        job.limits.processorCores = 1
        let outcome = try await job.run(shell: "set -o pipefail; " + hog)
        #expect(outcome.reason == .outOfMemory)
        #expect(outcome.sentence.contains("limit of 100 MiB"))
        #expect(outcome.limits.contains("100 MiB of memory, enforced by a control group"))
        #expect(outcome.limits.contains("1 processor core, enforced by a control group"))
        let record = try #require(StateFile.json(job.folder + "/supervisor.json").flatMap(SupervisorRecord.init(json:)))
        #expect(record.controlGroups.count == 2)
        for group in record.controlGroups { #expect(!FileManager.default.fileExists(atPath: group)) }
    }

    @Test("The same job within its limits succeeds and its peak is measured")
    func enoughMemory() async throws {
        let job = try SupervisedJob()
        job.limits.memoryBytes = 900 << 20
        let outcome = try await job.run(shell: "set -o pipefail; " + hog)
        #expect(outcome.succeeded)
        #expect(outcome.peakMemoryBytes > 300 << 20)
    }

    @Test("Too much memory where no control group may be made: found by watching")
    func outOfMemoryByWatching() async throws {
        let job = try SupervisedJob()
        job.limits.memoryBytes = 100 << 20
        job.limits.processorCores = 1
        job.limits.enforcement = .watchingOnly
        let outcome = try await job.run(shell: "perl -e '$x = \"a\" x 300000000; sleep 300'")
        #expect(outcome.reason == .outOfMemory)
        #expect(outcome.sentence.contains("limit of 100 MiB"))
        #expect(outcome.limits.contains("best effort"))
    }

    @Test("Half a core gives two busy processes no more than half a core", .enabled(if: hasMemoryGroups))
    func processorQuota() async throws {
        let job = try SupervisedJob()
        job.limits.processorCores = 0.5
        let outcome = try await job.run(
            shell: "for i in 1 2; do timeout 2 bash -c 'while :; do :; done' & done; wait")
        let wall = Double(outcome.endedAt - (try #require(outcome.startedAt))) / 1000
        #expect(outcome.processorSeconds < 0.7 * wall)
    }

    @Test("Without control groups a job is bound to its number of processors")
    func affinity() async throws {
        let job = try SupervisedJob()
        job.limits.processorCores = 1
        job.limits.enforcement = .watchingOnly
        #expect(try await job.run(shell: "nproc").succeeded)
        #expect(try job.logText() == "1\n")
    }

    @Test("1 GiB of output passes the supervisor by: its memory does not grow")
    func muchOutput() async throws {
        let job = try SupervisedJob()
        let supervisor = try job.launch(
            shell: "echo up; while [ ! -e go ]; do sleep 0.02; done; "
                + "head -c 1073741824 /dev/zero; while [ ! -e end ]; do sleep 0.02; done")
        _ = try await job.firstLine()
        let before = try #require(ProcessTable.entry(supervisor.pid)).residentBytes
        _ = FileManager.default.createFile(atPath: job.folder + "/go", contents: nil)
        _ = try await eventually("1 GiB of log") { DiskUse.size(ofFile: job.log) > 1 << 30 ? true : nil }
        let after = try #require(ProcessTable.entry(supervisor.pid)).residentBytes
        _ = FileManager.default.createFile(atPath: job.folder + "/end", contents: nil)
        #expect(try await job.outcome(after: supervisor).succeeded)
        #expect(after - before < 4 << 20)
        #expect(DiskUse.size(ofFile: job.log) == 1 << 30 + 3)
    }

    @Test("A log beyond its limit ends the job with that reason")
    func logLimit() async throws {
        let job = try SupervisedJob()
        job.limits.logBytes = 1 << 20
        let outcome = try await job.run(shell: "head -c 5000000 /dev/zero; sleep 300")
        #expect(outcome.reason == .logLimit)
        #expect(outcome.sentence.contains("more than 1 MiB"))
    }

    @Test("A disk quota over several folders ends the job with that reason")
    func diskQuota() async throws {
        let job = try SupervisedJob()
        let folders = [job.folder + "/outputs", job.folder + "/work"]
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        job.limits.diskQuota = SupervisorPlan.DiskQuota(bytes: 20_000_000, folders: folders)
        let outcome = try await job.run(
            shell:
                "mkdir work/deep; for f in outputs/a work/deep/b; do head -c 15000000 /dev/zero > $f; done; sleep 300")
        #expect(outcome.reason == .diskQuota)
        #expect(outcome.sentence.contains("quota of 19.1 MiB"))
    }
}
