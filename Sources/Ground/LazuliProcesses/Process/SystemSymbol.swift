import Glibc

/// C functions that Swift's importer leaves out: variadic ones (`prctl`), GNU extensions (`…_np`, processor affinity)
/// and those of headers outside its module map (`pidfd_open`). All are in glibc 2.36; a missing one fails like a
/// system call that the kernel does not know, with `ENOSYS`.
enum SystemSymbol {
    /// Makes this process the parent of all its orphaned descendants. Source: prctl(2), PR_SET_CHILD_SUBREAPER = 36.
    static func becomeChildSubreaper() -> Bool {
        typealias Function = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        return find("prctl", as: Function.self)?(36, 1, 0, 0, 0) == 0
    }

    /// A descriptor that becomes readable when the process ends; -1 with `errno` set if there is no such process.
    /// Source: pidfd_open(2), Linux 5.3.
    static func openProcess(_ pid: Int32) -> Int32 {
        typealias Function = @convention(c) (Int32, UInt32) -> Int32
        guard let function = find("pidfd_open", as: Function.self) else {
            errno = ENOSYS
            return -1
        }
        return function(pid, 0)
    }

    /// The child begins in this folder. Source: posix_spawn_file_actions_addchdir_np(3).
    static func addWorkingDirectory(_ folder: String, to actions: inout posix_spawn_file_actions_t) -> Int32 {
        typealias Function = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32
        return find("posix_spawn_file_actions_addchdir_np", as: Function.self)?(&actions, folder) ?? ENOSYS
    }

    /// The child keeps no descriptor from this one up. Source: posix_spawn_file_actions_addclosefrom_np(3).
    static func addCloseFrom(_ first: Int32, to actions: inout posix_spawn_file_actions_t) -> Int32 {
        typealias Function = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
        return find("posix_spawn_file_actions_addclosefrom_np", as: Function.self)?(&actions, first) ?? ENOSYS
    }

    /// The processors this thread may use, as a bit field. Source: sched_getaffinity(2).
    static func allowedProcessors() -> [UInt8] {
        typealias Function = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32
        var bits = [UInt8](repeating: 0, count: 128)
        guard let function = find("sched_getaffinity", as: Function.self), function(0, bits.count, &bits) == 0 else {
            return []
        }
        return bits
    }

    /// Binds this thread, and what it starts from now on, to processors. Source: sched_setaffinity(2).
    static func allowProcessors(_ bits: [UInt8]) -> Bool {
        typealias Function = @convention(c) (Int32, Int, UnsafeRawPointer) -> Int32
        return find("sched_setaffinity", as: Function.self)?(0, bits.count, bits) == 0
    }

    /// Source: mallopt(3).
    static func setHeapOption(_ option: Int32, _ value: Int32) {
        typealias Function = @convention(c) (Int32, Int32) -> Int32
        _ = find("mallopt", as: Function.self)?(option, value)
    }

    /// Gives this process namespaces of its own. Source: unshare(2).
    static func unshare(_ flags: Int32) -> Bool {
        typealias Function = @convention(c) (Int32) -> Int32
        return find("unshare", as: Function.self)?(flags) == 0
    }

    /// Source: mount(2).
    static func mount(_ source: String?, at target: String, flags: UInt) -> Bool {
        typealias Function =
            @convention(c) (
                UnsafePointer<CChar>?, UnsafePointer<CChar>, UnsafePointer<CChar>?, UInt, UnsafeRawPointer?
            ) -> Int32
        guard let function = find("mount", as: Function.self) else { return false }
        guard let source else { return function(nil, target, nil, flags, nil) == 0 }
        return source.withCString { function($0, target, nil, flags, nil) } == 0
    }

    private static func find<Function>(_ name: String, as type: Function.Type) -> Function? {
        dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }
}
