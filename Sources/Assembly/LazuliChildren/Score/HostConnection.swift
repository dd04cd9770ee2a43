import Glibc
import LazuliInference

/// One connection of the server: frames in, frames out.
final class HostConnection {
    let descriptor: Int32
    private var input = UnsafeMutablePointer<UInt8>.allocate(capacity: HostConnection.firstCapacity)
    private var capacity = HostConnection.firstCapacity
    private var filled = 0
    private var output = AnswerBuffer()
    private var sent = 0
    /// The other side has said that it writes no more, or broke the rules.
    private(set) var isOver = false

    private static let firstCapacity = 64 << 10
    /// Answers beyond this wait before more is read.
    private static let mostUnsent = 8 << 20
    /// Milliseconds that a host on its way out waits for a reader that has stopped.
    private static let longestStall: Int32 = 5000

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        input.deallocate()
        close(descriptor)
    }

    var hasUnsent: Bool { sent < output.count }

    /// What poll(2) is to wait for.
    var events: Int16 {
        let wantsInput = !isOver && output.count - sent < Self.mostUnsent
        return Int16(wantsInput ? POLLIN : 0) | Int16(hasUnsent ? POLLOUT : 0)
    }

    /// Reads what has come, answers all whole frames in it, and sends the answers in one go.
    func work(_ service: HostService, _ progress: ProgressFile) {
        guard receive() else { return flush() }
        var position = 0
        while let frame = Frame(input + position, filled - position) {
            guard frame.isValid else {
                isOver = true
                break
            }
            progress.begin(frame.id)
            service.answer(frame, into: &output)
            position += frame.size
        }
        progress.rest()
        consume(position)
        flush()
    }

    /// - Returns: whether something new is there.
    private func receive() -> Bool {
        guard !isOver else { return false }
        reserve()
        let count = recv(descriptor, input + filled, capacity - filled, 0)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { isOver = true }
        guard count > 0 else { return false }
        filled += count
        return true
    }

    /// Makes room for the frame that has begun, or for more frames.
    private func reserve() {
        let wanted = max(Frame.announced(input, filled), filled + Self.firstCapacity / 2)
        guard wanted > capacity else { return }
        capacity = max(wanted, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: input, count: filled)
        input.deallocate()
        input = larger
    }

    private func consume(_ count: Int) {
        filled -= count
        if count > 0, filled > 0 { memmove(input, input + count, filled) }
        // A large body's memory is given back.
        guard filled == 0, capacity > 1 << 22 else { return }
        input.deallocate()
        capacity = Self.firstCapacity
        input = .allocate(capacity: capacity)
    }

    /// Sends what is unsent, for as long as the other side goes on reading.
    func flushWaiting() {
        while hasUnsent {
            var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&waited, 1, Self.longestStall) > 0 else { return }
            flush()
        }
    }

    private func flush() {
        while hasUnsent {
            let rest = UnsafeRawBufferPointer(rebasing: output.bytes[sent...])
            let count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN {
                    isOver = true
                    output.removeAll()
                    sent = 0
                }
                return
            }
            sent += count
        }
        output.removeAll()
        sent = 0
    }
}
