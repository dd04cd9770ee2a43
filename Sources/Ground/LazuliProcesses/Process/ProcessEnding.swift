import Glibc

/// How a process ended, as its parent learns it from wait(2).
public enum ProcessEnding: Sendable, Hashable {
    case exited(code: Int32)
    case signaled(Int32)

    /// Decodes the status word of wait(2): the low seven bits are the signal, the next byte the exit code.
    init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(code: (status >> 8) & 0xff) : .signaled(signal)
    }

    public var succeeded: Bool { self == .exited(code: 0) }

    /// `exit code 3`, `signal 9 (SIGKILL: killed at once)`.
    public var words: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): SignalName.words(signal)
        }
    }
}

/// Signals by name, with what usually stands behind them. Source: signal(7).
enum SignalName {
    static func words(_ signal: Int32) -> String {
        guard let (name, meaning) = known[signal] else { return "signal \(signal)" }
        return "signal \(signal) (\(name): \(meaning))"
    }

    private static let known: [Int32: (String, String)] = [
        SIGHUP: ("SIGHUP", "terminal closed"), SIGINT: ("SIGINT", "interrupted"), SIGQUIT: ("SIGQUIT", "quit"),
        SIGILL: ("SIGILL", "an instruction this processor does not have"), SIGABRT: ("SIGABRT", "aborted itself"),
        SIGBUS: ("SIGBUS", "bad memory access, often a full /dev/shm"), SIGFPE: ("SIGFPE", "arithmetic fault"),
        SIGKILL: ("SIGKILL", "killed at once"), SIGSEGV: ("SIGSEGV", "invalid memory access"),
        SIGPIPE: ("SIGPIPE", "wrote to a closed pipe"), SIGTERM: ("SIGTERM", "asked to end"),
        SIGXCPU: ("SIGXCPU", "processor time used up"), SIGXFSZ: ("SIGXFSZ", "file too large"),
    ]
}
