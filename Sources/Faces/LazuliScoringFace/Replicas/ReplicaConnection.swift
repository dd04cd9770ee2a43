import LazuliEndpoints
import Logging
import NIOCore

/// The gateway's connection to one replica: sends it requests, several ahead, and matches the replies.
final class ReplicaConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let address: ReplicaAddress
    private weak var lane: DeploymentLane?
    private let gateway: Gateway
    let progress: ProgressPage?

    private var context: ChannelHandlerContext?
    private var incoming = ByteBuffer()
    private var outgoing = ByteBuffer()
    private var isFlushPlanned = false
    /// From anywhere: a host that worked for an earlier server must not take a number for one it knows.
    private var nextID = UInt32.random(in: .min ... .max)
    /// What was sent and not answered, oldest first.
    private(set) var underWay = CircularBuffer<(id: UInt32, call: ScoringCall)>()
    private var description: (id: UInt32, EventLoopPromise<ByteBuffer>)?
    /// Leaves the picture: gets nothing new.
    var isLeaving = false
    /// A request took too long: what is under way was taken back.
    private(set) var isBroken = false
    private var lastReply = NIODeadline.now()
    /// How long a request occupies the replica, smoothed (nanoseconds).
    private(set) var pace: Double = 1_000_000

    init(_ address: ReplicaAddress, lane: DeploymentLane, gateway: Gateway) {
        self.address = address
        self.lane = lane
        self.gateway = gateway
        progress = ProgressPage(path: address.progress)
    }

    var isOpen: Bool { context != nil && !isBroken }

    /// How many requests may be ahead: fast models get many, so that neither side waits for the other; slow ones only
    /// what they work on, so that no request stands behind a slow one while another replica is free.
    var window: Int { max(lane?.served.requests.concurrency ?? 1, min(64, Int(Self.ahead / pace))) }
    /// Nanoseconds of work that a replica is given ahead.
    private static let ahead = 4_000_000.0

    var hasRoom: Bool { isOpen && !isLeaving && underWay.count < window }

    // MARK: - Sending

    func send(_ call: ScoringCall, at now: NIODeadline) {
        if underWay.isEmpty { lastReply = now }
        nextID &+= 1
        call.sent = now
        underWay.append((nextID, call))
        HostFrame.writeScore(call, id: nextID, to: &outgoing)
        if call.raw.body.readableBytes < Self.copied {
            outgoing.writeImmutableBuffer(call.raw.body)
        } else {
            write()
            context?.write(wrapOutboundOut(call.raw.body), promise: nil)
        }
        planFlush()
    }

    /// Bodies above this many bytes are passed on, not copied.
    private static let copied = 64 << 10

    func describe() -> EventLoopFuture<ByteBuffer>? {
        guard let context, description == nil else { return description?.1.futureResult }
        nextID &+= 1
        let promise = context.eventLoop.makePromise(of: ByteBuffer.self)
        description = (nextID, promise)
        HostFrame.writeDescribe(id: nextID, to: &outgoing)
        planFlush()
        return promise.futureResult
    }

    /// One write for all that this turn of the loop brings.
    private func planFlush() {
        guard !isFlushPlanned, let context else { return }
        isFlushPlanned = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushPlanned = false
            self.write()
            self.context?.flush()
        }
    }

    private func write() {
        guard outgoing.readableBytes > 0, let context else { return }
        context.write(wrapOutboundOut(outgoing), promise: nil)
        outgoing = context.channel.allocator.buffer(capacity: min(outgoing.readableBytes, Self.copied))
    }

    // MARK: - Receiving

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if incoming.readableBytes == 0 { incoming = bytes } else { incoming.writeBuffer(&bytes) }
        do {
            while let reply = try HostFrame.nextReply(&incoming) { accept(reply) }
        } catch {
            gateway.logger.error("a model host spoke out of turn", metadata: ["replica": "\(address.id)"])
            context.close(promise: nil)
        }
        if incoming.readableBytes == 0 { incoming = ByteBuffer() }
    }

    func channelReadComplete(context: ChannelHandlerContext) { lane?.serveWaiting() }

    private func accept(_ reply: HostFrame.Reply) {
        if let (id, promise) = description, id == reply.id {
            description = nil
            return promise.succeed(reply.body)
        }
        guard let place = underWay.firstIndex(where: { $0.id == reply.id }) else { return }
        let call = underWay[place].call
        underWay.remove(at: place)
        let now = NIODeadline.now()
        // Serial hosts begin on a request when they have answered the one before.
        let began = max(lastReply, call.sent ?? lastReply)
        let spent = (now - began).nanoseconds
        lastReply = now
        pace += (Double(max(spent, 10_000)) - pace) / 16
        lane?.answered(call, with: reply, spent: spent, at: now)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        description?.1.fail(ChannelError.ioOnClosedChannel)
        description = nil
        lane?.lost(self, takeBack())
    }

    func close() { context?.close(promise: nil) }

    /// Hands back what is under way; what comes of it now is nobody's.
    private func takeBack() -> [(id: UInt32, call: ScoringCall)] {
        let all = Array(underWay)
        underWay.removeAll()
        return all
    }

    // MARK: - Hanging

    /// The request that the replica has worked on for longer than is allowed, if there is one.
    func overdue(limit: TimeAmount, at now: NIODeadline) -> UInt32? {
        guard let first = underWay.first else { return nil }
        switch progress?.work ?? .several {
        case .request(let id, let since):
            let isLate = now.uptimeNanoseconds > since &+ UInt64(limit.nanoseconds)
            guard isLate, underWay.contains(where: { $0.id == id }) else { return nil }
            return id
        case .several:
            return underWay.first { now - ($0.call.sent ?? now) > limit }?.id
        case .nothing:
            // Between two requests, or stuck where it says nothing: then nothing has come back for long.
            return now - lastReply > limit + Self.silence ? first.id : nil
        }
    }

    private static let silence = TimeAmount.seconds(10)

    func giveUp() -> [(id: UInt32, call: ScoringCall)] {
        isBroken = true
        // Before it is closed, which would count all of it as lost.
        let all = takeBack()
        context?.close(promise: nil)
        return all
    }
}
