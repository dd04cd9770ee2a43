import Glibc

/// Starts one process.
enum SpawnedProcess {
    struct Order {
        /// Path of the file to execute; `arguments[0]` is only the name it is told.
        var executable: String
        var arguments: [String]
        /// The complete environment; nothing is inherited.
        var environment: [String: String]
        var workingDirectory: String?
        /// File for standard output and standard error, appended to by the process itself: nothing passes through us.
        var log: String
        /// Descriptors of this process that become the child's standard input and output; nil for none and the log.
        var input: Int32?
        var output: Int32?
        /// Whether the child leads a session of its own, beyond the reach of the terminal and of our group's signals.
        var isApart = true
    }

    /// - Returns: the process number.
    static func start(_ order: Order) throws -> Int32 {
        let log = open(order.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard log >= 0 else { throw SystemFailure("open the log", order.log) }
        defer { close(log) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input = order.input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, order.output ?? log, 1)
        posix_spawn_file_actions_adddup2(&actions, log, 2)
        var prepared = SystemSymbol.addCloseFrom(3, to: &actions)
        if let folder = order.workingDirectory, prepared == 0 {
            prepared = SystemSymbol.addWorkingDirectory(folder, to: &actions)
        }
        guard prepared == 0 else { throw SystemFailure("prepare the start of", order.executable, code: prepared) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        resetSignals(&attributes, isApart: order.isApart)

        var pid: pid_t = 0
        let code = withCStrings(order.arguments) { arguments in
            withCStrings(order.environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&pid, order.executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SystemFailure("start", order.executable, code: code) }
        return pid
    }

    /// The child begins with every signal open and at its default, whatever this process blocks or ignores.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t, isApart: Bool) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = (isApart ? setSession : 0) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    /// POSIX_SPAWN_SETSID of <spawn.h>, a GNU extension: the child leads a session of its own.
    private static let setSession: Int32 = 0x80

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers)
    }
}

/// Finds the file behind the first word of a command.
enum ExecutableSearch {
    /// - Returns: the path, or a sentence saying why there is none.
    static func find(_ command: String, path: String?, workingDirectory: String) -> Result<String, SearchFailure> {
        guard !command.isEmpty else { return .failure(SearchFailure("The command is empty: there is nothing to run.")) }
        if command.contains("/") {
            let full = command.hasPrefix("/") ? command : "\(workingDirectory)/\(command)"
            return check(full, command)
        }
        let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        for folder in folders where access("\(folder)/\(command)", X_OK) == 0 {
            return .success("\(folder)/\(command)")
        }
        return .failure(
            SearchFailure(
                "The command \"\(command)\" was not found in PATH (\(folders.joined(separator: ", "))). "
                    + "Add the program to the environment or give its full path."))
    }

    private static func check(_ full: String, _ command: String) -> Result<String, SearchFailure> {
        if access(full, X_OK) == 0 { return .success(full) }
        if access(full, F_OK) == 0 {
            return .failure(
                SearchFailure("The file \"\(full)\" may not be executed. Set its execute bit (chmod +x \(command))."))
        }
        return .failure(SearchFailure("There is no file \"\(full)\" to run. Check the first word of the command."))
    }

    struct SearchFailure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
