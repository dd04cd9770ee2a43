import LazuliEndpoints
import LazuliResources
import NIOCore

/// One deployment at the gateway: the requests that wait, the replicas they go to, and what was counted.
final class DeploymentLane {
    private(set) var served: ServedDeployment
    private(set) var numbers = TrafficNumbers()
    private(set) var replicas: [ReplicaConnection] = []
    /// Requests that no replica has room for, oldest first.
    private var waiting = CircularBuffer<ScoringCall>()
    /// Those that watch for the lane to be as it was last shown.
    private var settled: [() -> Void] = []
    private var connecting: Set<ReplicaAddress> = []
    /// Hosts that hang: a new connection to one would be accepted, and the next request be lost in it.
    private var shunned: Set<ReplicaAddress> = []
    private var lastChosen = 0
    private var isRemoved = false
    private let gateway: Gateway
    private var log: RequestLogWriter
    /// The header line that says who answered.
    private let nameLine: String

    init(_ served: ServedDeployment, gateway: Gateway) {
        self.served = served
        self.gateway = gateway
        log = RequestLogWriter(served.log)
        nameLine = "azureml-model-deployment: \(served.id.name)\r\n"
    }

    // MARK: - The picture

    /// Takes over what is served now. `done` is called when new replicas are connected and old ones have answered.
    func show(_ picture: ServedDeployment, done: @escaping () -> Void) {
        if picture.log != served.log {
            log.flush()
            log = RequestLogWriter(picture.log)
        }
        served = picture
        shunned.formIntersection(picture.replicas)
        settled.append(done)
        reconcile()
        serveWaiting()
    }

    /// Nothing is asked of it any more; what it has taken in is answered.
    func remove(done: @escaping () -> Void) {
        isRemoved = true
        settled.append(done)
        reconcile()
    }

    /// The replicas there should be connections to.
    private var wanted: [ReplicaAddress] { isRemoved ? [] : served.replicas.filter { !shunned.contains($0) } }

    private func reconcile() {
        let wanted = wanted
        for replica in replicas where !wanted.contains(replica.address) { replica.isLeaving = true }
        // Replicas that leave take what waits with them only if others come.
        if isRemoved, !waiting.isEmpty { for replica in replicas { replica.isLeaving = false } }
        for address in wanted where isMissing(address) { connect(address) }
        settleIfDone()
    }

    private func isMissing(_ address: ReplicaAddress) -> Bool {
        !connecting.contains(address) && !replicas.contains { $0.address == address }
    }

    private func connect(_ address: ReplicaAddress) {
        guard connecting.insert(address).inserted else { return }
        gateway.connect(ReplicaConnection(address, lane: self, gateway: gateway)) { [weak self] replica in
            guard let self else { return }
            connecting.remove(address)
            if let replica { replicas.append(replica) }
            reconcileLater(replica != nil)
        }
    }

    private func reconcileLater(_ isConnected: Bool) {
        // The picture may have changed meanwhile, and the replica may be one that leaves.
        if isConnected { reconcile() } else { settleIfDone() }
        serveWaiting()
        // A host that is there and does not answer yet is tried again by the next sweep.
        if !isConnected { gateway.needsSweep() }
    }

    private func settleIfDone() {
        for replica in replicas where replica.isLeaving && replica.underWay.isEmpty {
            replicas.removeAll { $0 === replica }
            replica.close()
        }
        guard connecting.isEmpty, !replicas.contains(where: \.isLeaving), !isRemoved || waiting.isEmpty else { return }
        let watchers = settled
        settled = []
        for watcher in watchers { watcher() }
    }

    // MARK: - Requests

    func take(_ call: ScoringCall, at now: NIODeadline) {
        if waiting.isEmpty, let replica = roomiest() { return replica.send(call, at: now) }
        guard waiting.count < RequestSettings.longestQueue * max(1, served.replicas.count) else {
            return refuse(call, now, .busy)
        }
        if replicas.isEmpty, connecting.isEmpty {
            // Replicas that are shown and not connected have just ended: their controller is about to say what comes.
            guard served.isComing || !served.replicas.isEmpty else { return refuse(call, now, .absent) }
            gateway.tell(.wanted(served.id))
        }
        waiting.append(call)
        gateway.needsSweep()
    }

    private func roomiest() -> ReplicaConnection? {
        guard replicas.count > 1 else { return replicas.first.flatMap { $0.hasRoom ? $0 : nil } }
        // Of equals the one after the last: requests that come one by one are shared too.
        var best: Int?
        for step in 1...replicas.count {
            let place = (lastChosen + step) % replicas.count
            guard replicas[place].hasRoom else { continue }
            if best.map({ replicas[place].underWay.count < replicas[$0].underWay.count }) ?? true { best = place }
        }
        guard let best else { return nil }
        lastChosen = best
        return replicas[best]
    }

    func serveWaiting() {
        guard !waiting.isEmpty else { return settleIfNeeded() }
        let now = NIODeadline.now()
        while let call = waiting.first, let replica = roomiest() {
            waiting.removeFirst()
            // A client that went away before its turn costs nobody anything.
            if call.isWanted { replica.send(call, at: now) } else { count(call, status: 499, ByteBuffer(), now) }
        }
        if isRemoved { reconcile() }
        settleIfNeeded()
    }

    private func settleIfNeeded() { if !settled.isEmpty { settleIfDone() } }

    func answered(_ call: ScoringCall, with reply: HostFrame.Reply, spent: Int64, at now: NIODeadline) {
        numbers.busyNanoseconds += UInt64(max(0, spent))
        var answer = ScoringAnswer(status: reply.status, body: reply.body)
        answer.headers = gateway.allocator.buffer(capacity: 160 + reply.head.readableBytes)
        if reply.head.readableBytes == 0 {
            answer.headers.writeStaticString("Content-Type: application/json\r\n")
        } else {
            answer.headers.writeImmutableBuffer(reply.head)
        }
        finish(call, answer, now)
    }

    /// Adds what every answer bears, sends it and writes it down.
    private func finish(_ call: ScoringCall, _ given: ScoringAnswer, _ now: NIODeadline) {
        var answer = given
        answer.headers.writeString(nameLine)
        call.writeIdentity(to: &answer.headers)
        call.answer(answer)
        count(call, status: answer.status, answer.body, now)
    }

    private func count(_ call: ScoringCall, status: Int, _ body: ByteBuffer, _ now: NIODeadline) {
        let sent = body.readableBytes
        let at = gateway.wallClock(now)
        let latency = (now - call.received).nanoseconds / 1000
        let received = call.raw.body.readableBytes
        numbers.record(status: status, microseconds: UInt64(max(0, latency)), received: received, sent: sent, at: at)
        let wait = ((call.sent ?? now) - call.received).nanoseconds / 1000
        log.append(
            RequestRow(
                time: at, latency: UInt32(clamping: latency), wait: UInt32(clamping: wait),
                status: UInt16(clamping: status), isMirrored: call.isMirrored, requestBytes: UInt32(clamping: received),
                answerBytes: UInt32(clamping: sent), requestID: call.requestID.text, trace: call.trace),
            request: call.raw.body, answer: body)
        gateway.needsLogFlush()
    }

    // MARK: - What goes wrong

    private enum Trouble {
        case busy, absent, waitedTooLong
        case tookTooLong
        case died
    }

    private func refuse(_ call: ScoringCall, _ now: NIODeadline, _ trouble: Trouble) {
        finish(call, answer(trouble), now)
    }

    private func answer(_ trouble: Trouble) -> ScoringAnswer {
        let name = "Deployment \"\(served.id.name)\" of endpoint \"\(served.id.endpoint)\""
        let reason = served.reason.isEmpty ? "" : " \(served.reason)"
        switch trouble {
        case .busy:
            return .failure(
                429, "TooManyRequests",
                "\(name) has as many requests waiting as it takes. Send fewer at once, or raise instance_count.",
                headers: [("Retry-After", "1")])
        case .waitedTooLong where replicas.isEmpty:
            return .failure(503, "NotReady", "\(name) has no instance that is ready.\(reason)", headers: Self.later)
        case .waitedTooLong:
            return .failure(
                429, "TooManyRequests",
                "The request waited for \(served.requests.queueWait.milliseconds) ms and no instance was free. "
                    + "Send fewer at once, or raise instance_count or max_queue_wait_ms.",
                headers: [("Retry-After", "1")])
        case .absent:
            return .failure(
                503, "NotReady",
                reason.isEmpty ? "\(name) has no instance that is ready." : "\(name) is not served.\(reason)",
                headers: Self.later)
        case .tookTooLong:
            return .failure(
                408, "RequestTimeout",
                "The scoring took longer than \(served.requests.timeout.milliseconds) ms (request_timeout_ms) and was ended. "
                    + "Raise it in request_settings if the model needs longer.")
        case .died:
            return .failure(
                502, "ModelHostEnded",
                "The process of the model ended while it worked on this request. The reason is in the deployment's log."
            )
        }
    }

    private static let later = [("Retry-After", "2")]

    /// A connection ended. The request that the host worked on is lost with it; the others had not begun.
    func lost(_ replica: ReplicaConnection, _ underWay: [(id: UInt32, call: ScoringCall)]) {
        replicas.removeAll { $0 === replica }
        let now = NIODeadline.now()
        switch replica.progress?.work ?? .several {
        case .request(let id, _): settle(underWay, now, culprit: { $0 == id }, .died)
        case .several: settle(underWay, now, culprit: { _ in true }, .died)
        case .nothing: settle(underWay, now, culprit: { _ in false }, .died)
        }
        settleIfDone()
        gateway.needsSweep()
    }

    private func settle(
        _ calls: [(id: UInt32, call: ScoringCall)], _ now: NIODeadline, culprit: (UInt32) -> Bool, _ trouble: Trouble
    ) {
        for (id, call) in calls.reversed() {
            call.retries += 1
            call.waitsSince = now
            if culprit(id) || call.retries > ScoringCall.mostRetries {
                refuse(call, now, trouble)
            } else {
                waiting.prepend(call)
            }
        }
        if !waiting.isEmpty, replicas.isEmpty { gateway.tell(.wanted(served.id)) }
        serveWaiting()
    }

    // MARK: - Time

    /// Answers what has waited or worked for too long, and connects to what is not connected.
    /// - Returns: whether there is something to look at again soon.
    func sweep(at now: NIODeadline) -> Bool {
        let limit = TimeAmount.nanoseconds(Int64(served.requests.timeout * 1e9))
        for replica in replicas {
            guard let id = replica.overdue(limit: limit, at: now) else { continue }
            replicas.removeAll { $0 === replica }
            shunned.insert(replica.address)
            gateway.tell(.overdue(served.id, replica.address))
            settle(replica.giveUp(), now, culprit: { $0 == id }, .tookTooLong)
        }
        dropImpatient(now)
        if isRemoved || wanted.contains(where: isMissing) { reconcile() } else { settleIfNeeded() }
        return !waiting.isEmpty || replicas.contains { !$0.underWay.isEmpty } || !settled.isEmpty
    }

    private func dropImpatient(_ now: NIODeadline) {
        while let call = waiting.first {
            let isCold = replicas.isEmpty && served.isComing && !isRemoved
            let patience = isCold ? max(served.requests.queueWait, Self.coldStart) : served.requests.queueWait
            guard now - call.waitsSince > .nanoseconds(Int64(patience * 1e9)) else { return }
            waiting.removeFirst()
            refuse(call, now, .waitedTooLong)
        }
    }

    /// Seconds that a request waits for a deployment that is on its way.
    private static let coldStart = 60.0

    func flushLog() { log.flush() }

    /// The numbers with what is under way now.
    var report: TrafficNumbers {
        var report = numbers
        report.queued = waiting.count
        report.inFlight = replicas.reduce(0) { $0 + $1.underWay.count }
        return report
    }

    var anyReplica: ReplicaConnection? { replicas.first { $0.isOpen && !$0.isLeaving } }
}

extension Double {
    /// Of seconds.
    fileprivate var milliseconds: Int { Int((self * 1000).rounded()) }
}

extension ScoringCall {
    func writeIdentity(to headers: inout ByteBuffer) {
        headers.writeStaticString("x-ms-request-id: ")
        requestID.write(to: &headers)
        headers.writeStaticString("\r\n")
        if let client = raw.head.values.clientRequestID {
            headers.writeStaticString("x-ms-client-request-id: ")
            raw.headBytes.withUnsafeReadableBytes { _ = headers.writeBytes($0[client]) }
            headers.writeStaticString("\r\n")
        }
        if raw.head.values.origin != nil { headers.writeString(CrossOrigin.lines) }
    }

    /// The trace id of W3C's `traceparent`: `00-<32 digits>-…`.
    var trace: [UInt8] {
        guard let range = raw.head.values.trace, range.count >= 35 else { return [] }
        let text = raw.headBytes.withUnsafeReadableBytes { bytes in
            String(decoding: bytes[(range.lowerBound + 3)..<(range.lowerBound + 35)], as: UTF8.self)
        }
        return Hexadecimal.bytes(text) ?? []
    }
}

/// Lets web pages of other origins call endpoints: the key in the request is what guards them.
enum CrossOrigin {
    static let lines = "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n"
    static let preflight =
        lines + "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
        + "Access-Control-Allow-Headers: Authorization, Content-Type, azureml-model-deployment, traceparent, "
        + "x-ms-request-id, x-ms-client-request-id\r\nAccess-Control-Max-Age: 86400\r\n"
}
