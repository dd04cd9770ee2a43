import Glibc

/// Where the control groups of this process are, so that a job's group can be made below its own and stays within
/// whatever limits the server itself has.
///
/// Source: cgroups(7), proc(5) on `/proc/self/cgroup` and `/proc/self/mountinfo`.
struct ControlGroups: Equatable {
    /// Folder of our own group per v1 controller (`memory`, `cpu`, …).
    var controllers: [String: String] = [:]
    /// Folder of our own group in the v2 tree, if that tree has the memory and cpu controllers.
    var unified: String?

    func parent(of controller: String) -> String? { controllers[controller] }

    static func ofThisProcess() -> ControlGroups {
        ControlGroups(
            mounts: StateFile.text("/proc/self/mountinfo") ?? "", membership: StateFile.text("/proc/self/cgroup") ?? "")
    }

    init(controllers: [String: String] = [:], unified: String? = nil) {
        self.controllers = controllers
        self.unified = unified
    }

    init(mounts: String, membership: String) {
        let lines = mounts.split(separator: "\n").compactMap { Mount(line: String($0)) }
        for entry in membership.split(separator: "\n") {
            let fields = entry.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            if fields[0] == "0" && fields[1].isEmpty {
                unified = lines.first { $0.type == "cgroup2" }.flatMap { $0.folder(of: fields[2]) }
            }
            for controller in fields[1].split(separator: ",").map(String.init) {
                let mount = lines.first { $0.type == "cgroup" && $0.options.contains(controller) }
                controllers[controller] = mount?.folder(of: fields[2])
            }
        }
        if let folder = unified, !ControlGroups.hasControllers(folder) { unified = nil }
    }

    /// In a hybrid system the v2 tree is there and empty: its controllers are bound to v1.
    private static func hasControllers(_ folder: String) -> Bool {
        let offered = Set((StateFile.text("\(folder)/cgroup.controllers") ?? "").split(whereSeparator: \.isWhitespace))
        return offered.isSuperset(of: ["memory", "cpu"])
    }

    private struct Mount {
        let root: String
        let point: String
        let type: String
        let options: Set<String>

        /// `36 35 98:0 /root /point rw,noatime shared:1 - type source options`
        init?(line: String) {
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-") else { return nil }
            let left = words[..<dash]
            let right = Array(words[(dash + 1)...])
            guard left.count >= 5, right.count >= 3 else { return nil }
            root = String(left[3])
            point = String(left[4])
            type = String(right[0])
            options = Set(right[2].split(separator: ",").map(String.init))
        }

        /// A container sees only a part of the tree: the mount's root is cut off from the path.
        func folder(of path: String) -> String? {
            guard root != "/" else { return path == "/" ? point : point + path }
            guard path == root || path.hasPrefix(root + "/") else { return nil }
            return point + path.dropFirst(root.count)
        }
    }
}

/// Making and removing one control group, in either version.
enum ControlGroupFolder {
    static func make(_ folder: String) throws {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw SystemFailure("make", folder) }
    }

    /// The kernel refuses while a process of the group is still being torn down: try again for a moment.
    static func remove(_ folder: String) {
        let deadline = MonotonicTime.now + 2
        while rmdir(folder) != 0 && errno == EBUSY && MonotonicTime.now < deadline {
            MonotonicTime.pause(seconds: 0.005)
        }
    }

    static func members(_ folder: String) -> Set<Int32> {
        let text = StateFile.text("\(folder)/cgroup.procs") ?? ""
        return Set(text.split(separator: "\n").compactMap { Int32($0) })
    }

    /// The number that stands after a word in a file of `word number` lines.
    static func count(_ word: String, in file: String) -> Int {
        for line in (StateFile.text(file) ?? "").split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2 && parts[0] == word { return Int(parts[1]) ?? 0 }
        }
        return 0
    }

    static func join(_ folder: String) throws {
        try StateFile.overwrite("\(folder)/cgroup.procs", "\(getpid())")
    }
}
