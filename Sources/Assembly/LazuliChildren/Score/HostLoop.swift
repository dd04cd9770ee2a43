import Glibc

/// Waits for requests on all connections, and answers them one after the other.
final class HostLoop {
    private let listener: HostListener
    private let stop: StopSignal
    private let service: HostService
    private let progress: ProgressFile
    private var connections: [HostConnection] = []
    private var polled: [pollfd] = []

    init(listener: HostListener, stop: StopSignal, service: HostService, progress: ProgressFile) {
        self.listener = listener
        self.stop = stop
        self.service = service
        self.progress = progress
    }

    /// Runs until SIGTERM; then answers what has come in already.
    func run() {
        collect()
        while true {
            let ready = poll(&polled, nfds_t(polled.count), -1)
            if ready < 0 { continue }
            if polled[0].revents != 0 { return drain() }
            var changed = false
            for (index, connection) in connections.enumerated() where polled[index + 2].revents != 0 {
                connection.work(service, progress)
                polled[index + 2].events = connection.events
                changed = changed || (connection.isOver && !connection.hasUnsent)
            }
            if polled[1].revents != 0 { changed = accept() || changed }
            if changed { collect() }
        }
    }

    private func accept() -> Bool {
        var accepted = false
        while let caller = listener.accept() {
            connections.append(HostConnection(caller))
            accepted = true
        }
        return accepted
    }

    /// Forgets connections that are over, and lists what is to be waited for.
    private func collect() {
        connections.removeAll { $0.isOver && !$0.hasUnsent }
        polled = [entry(stop.descriptor, Int16(POLLIN)), entry(listener.descriptor, Int16(POLLIN))]
        polled += connections.map { entry($0.descriptor, $0.events) }
    }

    private func entry(_ descriptor: Int32, _ events: Int16) -> pollfd {
        pollfd(fd: descriptor, events: events, revents: 0)
    }

    private func drain() {
        for connection in connections {
            connection.work(service, progress)
            connection.flushWaiting()
        }
    }
}
