import Glibc

/// Lets a job's processes read its inputs and not write them, whoever they run as: the supervisor gives itself, and all
/// it starts, a view of the file system in which these paths are mounted read-only.
enum ReadOnlyView {
    /// Must be called while the process has one thread.
    ///
    /// - Parameter writable: paths that stay writable even where they lie below a protected one.
    /// - Returns: nil when every path is protected, else a sentence saying why not.
    static func enter(protecting paths: [String], writable: [String]) -> String? {
        guard !paths.isEmpty else { return nil }
        guard enterNamespace(), SystemSymbol.mount(nil, at: "/", flags: Flag.private | Flag.recursive) else {
            return "Inputs can be written by the job: this system allows it no view of files of its own "
                + "(\(String(cString: strerror(errno))))."
        }
        let outermost = paths.filter { path in !paths.contains { $0 != path && isInside(path, $0) } }
        let failed = outermost.filter { !remount($0, with: Flag.readOnly) }
        for path in writable where outermost.contains(where: { isInside(path, $0) }) { _ = remount(path, with: 0) }
        return failed.isEmpty ? nil : "Inputs can be written by the job: \(failed.joined(separator: ", "))."
    }

    /// Root needs no more than a mount namespace. Others get one inside a user namespace, in which they stay themselves.
    private static func enterNamespace() -> Bool {
        let user = geteuid(), group = getegid()
        if user == 0 && SystemSymbol.unshare(Flag.newMounts) { return true }
        guard SystemSymbol.unshare(Flag.newUsers | Flag.newMounts) else { return false }
        return write("deny", to: "/proc/self/setgroups") && write("\(group) \(group) 1", to: "/proc/self/gid_map")
            && write("\(user) \(user) 1", to: "/proc/self/uid_map")
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Glibc.write(file, text, text.utf8.count) == text.utf8.count
    }

    /// Mounts a path onto itself: only a mount has flags of its own.
    private static func remount(_ path: String, with flag: UInt) -> Bool {
        guard SystemSymbol.mount(path, at: path, flags: Flag.bind) else { return false }
        return SystemSymbol.mount(nil, at: path, flags: Flag.remount | Flag.bind | flag | keptFlags(of: path))
    }

    /// Flags of the file system that may not be dropped on the way. Source: statvfs(3), mount_namespaces(7).
    private static func keptFlags(of path: String) -> UInt {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return 0 }
        // nosuid, nodev, noexec, noatime and nodiratime have the same bits in both worlds; relatime has not.
        let shared: UInt = 2 | 4 | 8 | 1024 | 2048
        return UInt(info.f_flag) & shared | (info.f_flag & 4096 == 0 ? 0 : 1 << 21)
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }

    /// Source: <sys/mount.h>, <sched.h>.
    private enum Flag {
        static let readOnly: UInt = 1
        static let remount: UInt = 1 << 5
        static let bind: UInt = 1 << 12
        static let recursive: UInt = 1 << 14
        static let `private`: UInt = 1 << 18
        static let newMounts: Int32 = 0x0002_0000
        static let newUsers: Int32 = 0x1000_0000
    }
}
