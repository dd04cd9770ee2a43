import Foundation
import Testing

@testable import LazuliProcesses

@Suite("Control groups")
struct ControlGroupTests {
    @Test("Version 1 controllers are found below our own group, with a container's mount root cut off")
    func discoverVersion1() {
        let mounts = """
            30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory
            31 25 0:27 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            32 25 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """
        let membership = "4:memory:/service/x\n3:cpu,cpuacct:/docker/abc/y\n0::/\n"
        let groups = ControlGroups(mounts: mounts, membership: membership)
        #expect(groups.parent(of: "memory") == "/sys/fs/cgroup/memory/service/x")
        #expect(groups.parent(of: "cpu") == "/sys/fs/cgroup/cpu,cpuacct/y")
        #expect(groups.parent(of: "pids") == nil)
        #expect(groups.unified == nil)
    }

    @Test("Nonsense instead of the kernel's tables means: no control groups")
    func discoverNothing() {
        #expect(ControlGroups(mounts: "what - is\n\nthis", membership: "::\nx\n9:memory:/a") == ControlGroups())
    }

    @Test("Version 2 writes memory and processor limits and reads the kernel's count of kills")
    func version2() throws {
        let mount = try FakeMount(["home"])
        try mount.write("home/cgroup.subtree_control", "cpu memory\n")
        mount.fill("home/job", ["memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "cgroup.procs"])
        let limiter = try UnifiedGroupLimiter(
            parent: mount.path + "/home", name: "job", memoryBytes: 200 << 20, cores: 1.5)
        #expect(mount.read("home/job/memory.max") == "209715200")
        #expect(mount.read("home/job/memory.swap.max") == "0")
        #expect(mount.read("home/job/cpu.max") == "150000 100000")
        #expect(limiter.description == "200 MiB of memory and 1.5 processor cores, enforced by a control group (v2)")
        try limiter.enter()
        #expect(mount.read("home/job/cgroup.procs") == "\(getpid())")
        #expect(limiter.killedByLimit() == nil)
        try mount.write("home/job/memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n")
        #expect(limiter.killedByLimit()?.contains("limit of 200 MiB") == true)
    }

    @Test("Version 2 goes beside a group that cannot be a parent, but never escapes a limit")
    func version2Beside() throws {
        let mount = try FakeMount(["slice/home"])
        try mount.write("slice/cgroup.subtree_control", "cpu memory")
        try mount.write("slice/home/memory.max", "max\n")
        mount.fill("slice/job", ["memory.max"])
        let parent = mount.path + "/slice/home"
        let limiter = try UnifiedGroupLimiter(parent: parent, name: "job", memoryBytes: 1 << 20, cores: nil)
        #expect(limiter.controlGroups == [mount.path + "/slice/job"])
        try mount.write("slice/home/memory.max", "1000000\n")
        #expect(throws: SystemFailure.self) {
            try UnifiedGroupLimiter(parent: parent, name: "job", memoryBytes: 1 << 20, cores: nil)
        }
    }

    @Test("Where a group cannot be made the limiter falls back to watching and says so")
    func fallBack() {
        var limits = SupervisorPlan.Limits()
        limits.memoryBytes = 1 << 30
        limits.processorCores = 2
        let groups = ControlGroups(controllers: ["memory": "/no/such/mount", "cpu": "/no/such/mount"])
        let set = LimiterSet.choose(for: limits, in: groups, name: "job")
        #expect(set.description.contains("1 GiB of memory, a best effort"))
        #expect(set.description.contains("2 processor cores, a best effort"))
        #expect(set.watchInterval == 0.2)
        #expect(set.controlGroups.isEmpty)
        #expect(set.breach(residentBytes: 1 << 30) == nil)
        #expect(set.breach(residentBytes: 1 << 31)?.contains("limit of 1 GiB") == true)
    }

    @Test(
        "Sizes read well",
        arguments: [(Int64(100), "100 bytes"), (1536, "1.5 KiB"), (512 << 20, "512 MiB"), (7 << 40, "7 TiB")])
    func sizes(bytes: Int64, text: String) {
        #expect(ByteText.of(bytes) == text)
    }
}

/// A folder that stands for the mount of control groups.
private final class FakeMount {
    let path: String

    init(_ folders: [String]) throws {
        path = NSTemporaryDirectory() + "/lazuli-groups-\(UUID().uuidString)"
        for folder in folders {
            try FileManager.default.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The kernel puts such files into a new group; here they must be there beforehand.
    func fill(_ folder: String, _ names: [String]) {
        try? FileManager.default.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
        for name in names { _ = FileManager.default.createFile(atPath: "\(path)/\(folder)/\(name)", contents: nil) }
    }

    func write(_ file: String, _ text: String) throws {
        try text.write(toFile: path + "/" + file, atomically: false, encoding: .utf8)
    }

    func read(_ file: String) -> String? { try? String(contentsOfFile: path + "/" + file, encoding: .utf8) }
}
