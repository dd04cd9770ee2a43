import Foundation
import Glibc
import LazuliResources
import Synchronization

/// Waits for the end of processes, our children or not, without polling.
public enum ProcessExit {
    /// Returns when this very process has ended.
    ///
    /// - Returns: how it ended if it was a child of ours that nobody had waited for; nil for any other process.
    /// - Throws: `CancellationError` when the calling task is cancelled first; `ServiceError` on a system too old.
    @discardableResult
    public static func wait(for identity: ProcessIdentity) async throws -> ProcessEnding? {
        try await ExitWatch.shared.wait(for: identity)
    }

    /// The same for a process known by its number alone. Returns nil at once if there is no such process.
    @discardableResult
    public static func wait(pid: Int32) async throws -> ProcessEnding? {
        guard let identity = ProcessIdentity(pid: pid) else { return nil }
        return try await wait(for: identity)
    }
}

/// One thread sleeps in poll(2) on a descriptor per process (pidfd_open(2)); a pipe wakes it when the set changes.
final class ExitWatch: Sendable {
    static let shared = ExitWatch()

    private typealias Waiter = CheckedContinuation<ProcessEnding?, any Error>

    private struct Watched {
        let descriptor: Int32
        var waiters: [UInt64: Waiter] = [:]
        /// Nobody will ask how it ended: take its end as soon as it comes.
        var isReapedAnyway = false
    }

    private struct State {
        var watched: [ProcessIdentity: Watched] = [:]
        var nextWaiter: UInt64 = 0
        var cancelled: Set<UInt64> = []
        var wakeEnd: Int32 = -1
    }

    private let state = Mutex(State())

    /// Waits for a child in nobody's name, so that it does not stay a zombie.
    func reapWhenEnded(_ identity: ProcessIdentity) {
        state.withLock { state in
            // Where the system is too old to watch, a zombie is the lesser evil: its state is read from its files.
            guard (try? watch(identity, &state)) == true else { return }
            state.watched[identity]?.isReapedAnyway = true
        }
    }

    func wait(for identity: ProcessIdentity) async throws -> ProcessEnding? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { add($0, number, to: identity) }
        } onCancel: {
            cancel(number, of: identity)
        }
    }

    private func add(_ waiter: Waiter, _ number: UInt64, to identity: ProcessIdentity) {
        // nil: the waiter was taken in and is answered later.
        let answer: Result<ProcessEnding?, any Error>? = state.withLock { state in
            if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
            do {
                guard try watch(identity, &state) else { return .success(nil) }
            } catch {
                return .failure(error)
            }
            state.watched[identity]?.waiters[number] = waiter
            return nil
        }
        if let answer { waiter.resume(with: answer) }
    }

    private func cancel(_ number: UInt64, of identity: ProcessIdentity) {
        let waiter = state.withLock { state in
            guard let waiter = state.watched[identity]?.waiters.removeValue(forKey: number) else {
                state.cancelled.insert(number)
                return nil as Waiter?
            }
            forgetIfUnwanted(identity, &state)
            return waiter
        }
        waiter?.resume(throwing: CancellationError())
    }

    /// A child that nobody waits for any more stays unreaped, so that whoever asks later learns how it ended.
    private func forgetIfUnwanted(_ identity: ProcessIdentity, _ state: inout State) {
        guard let watched = state.watched[identity], watched.waiters.isEmpty, !watched.isReapedAnyway else { return }
        state.watched[identity] = nil
        close(watched.descriptor)
        try? wake(&state)
    }

    /// - Returns: whether the process is there to be watched.
    private func watch(_ identity: ProcessIdentity, _ state: inout State) throws -> Bool {
        if state.watched[identity] != nil { return true }
        let descriptor = SystemSymbol.openProcess(identity.pid)
        if descriptor < 0 && errno == ESRCH { return false }
        guard descriptor >= 0 else {
            throw ServiceError(
                .internalError, "\(SystemFailure("watch", "process \(identity.pid)")) Linux 5.3 or newer is needed.")
        }
        // Looked at after opening: from here on the descriptor cannot pass to another process.
        guard ProcessTable.entry(identity.pid)?.startTicks == identity.startTicks else {
            close(descriptor)
            return false
        }
        state.watched[identity] = Watched(descriptor: descriptor)
        try wake(&state)
        return true
    }

    private func wake(_ state: inout State) throws {
        if state.wakeEnd < 0 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw ServiceError(.internalError, SystemFailure("open", "a pipe").description)
            }
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
            state.wakeEnd = ends[1]
            let readEnd = ends[0]
            Thread.detachNewThread { self.run(wakeUp: readEnd) }
        }
        var byte: UInt8 = 1
        write(state.wakeEnd, &byte, 1)  // A full pipe wakes just as well.
    }

    private func run(wakeUp: Int32) {
        while true {
            let watched = state.withLock { Array($0.watched.mapValues(\.descriptor)) }
            var descriptors = [pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)]
            descriptors += watched.map { pollfd(fd: $0.value, events: Int16(POLLIN), revents: 0) }
            guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { continue }
            if descriptors[0].revents != 0 { drain(wakeUp) }
            for (index, entry) in watched.enumerated() where descriptors[index + 1].revents != 0 {
                finish(entry.key)
            }
        }
    }

    private func finish(_ identity: ProcessIdentity) {
        let (ending, waiters) = state.withLock { state -> (ProcessEnding?, [UInt64: Waiter]) in
            // The descriptor polled may have been closed and used again meanwhile: believe the process table.
            guard !identity.isAlive, let watched = state.watched.removeValue(forKey: identity) else {
                return (nil, [:])
            }
            close(watched.descriptor)
            var word: Int32 = 0
            let isOurChild = waitpid(identity.pid, &word, WNOHANG) == identity.pid
            return (isOurChild ? ProcessEnding(waitStatus: word) : nil, watched.waiters)
        }
        for waiter in waiters.values { waiter.resume(returning: ending) }
    }

    private func drain(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 256)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
