import NIOCore

/// One client's connection: reads requests, one under way at a time, and writes their answers.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How slow a client may be.
    struct Patience {
        /// From the first byte of a head to its last.
        var head = TimeAmount.seconds(20)
        /// Between two parts of a body.
        var body = TimeAmount.seconds(30)
        var idle = TimeAmount.seconds(120)
        /// Between two looks at all clients.
        var look = TimeAmount.seconds(2)
    }

    /// A client that sends on while it waits for an answer is read from no further than this many bytes.
    private static let readAhead = 64 << 10
    /// Bytes that are read over behind a last request.
    private static let mostReadOver = 64 << 20
    private var bytesReadOver = 0

    private let gateway: Gateway
    private var reader: RequestReader
    private var context: ChannelHandlerContext?
    /// The request that is being answered.
    private var current: RequestHead?
    /// Nothing is read any more: the last answer is on its way.
    private var isClosing = false
    /// The client will send no more.
    private var isInputClosed = false
    private var isOutputClosed = false
    private var isProceeding = false
    private var isReadHeld = false
    private(set) var lastProgress = NIODeadline.now()

    init(_ gateway: Gateway) {
        self.gateway = gateway
        reader = RequestReader(largestBody: gateway.settings.largestBody)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        gateway.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        gateway.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: - Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isClosing else { return readOver(bytes.readableBytes, context) }
        // The head must come in one stretch of time; a body only has to go on.
        if current == nil, !reader.isInside || reader.isInsideBody { lastProgress = .now() }
        reader.append(&bytes)
        if current == nil { proceed(context) }
    }

    /// What comes after a last request is of no use. A client that goes on for long is cut off, answer or not.
    private func readOver(_ count: Int, _ context: ChannelHandlerContext) {
        bytesReadOver += count
        if bytesReadOver > Self.mostReadOver { context.close(promise: nil) }
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = current != nil && !isInputClosed && reader.waitingBytes >= Self.readAhead
        if !isReadHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that has said all it wants to say still waits for its answer.
        if case ChannelEvent.inputClosed = event {
            isInputClosed = true
            if isOutputClosed {
                context.close(promise: nil)
            } else if current == nil, !isClosing {
                end(with: ByteBuffer(), context)
            }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Takes the next request. A loop, as many may have come at once and be answered on the spot.
    private func proceed(_ context: ChannelHandlerContext) {
        guard !isProceeding else { return }
        isProceeding = true
        defer { isProceeding = false }
        while current == nil, !isClosing, reader.isInside, step(context) {}
    }

    /// - Returns: whether there may be more to read.
    private func step(_ context: ChannelHandlerContext) -> Bool {
        switch reader.next() {
        case .needsMore:
            // Half a request of a client that sends no more will never be a whole one.
            if isInputClosed { end(with: ByteBuffer(), context) }
            return false
        case .sendContinue:
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        case .refused(let status, let sentence):
            var head = RequestHead.unread
            head.keepsAlive = false
            current = head
            send(.failure(status, "BadRequest", sentence, closes: true))
        case .request(let raw):
            current = raw.head
            gateway.take(raw, from: self)
        }
        return true
    }

    // MARK: - Writing

    /// Answers the request under way.
    func send(_ answer: ScoringAnswer) {
        guard let context, let head = current else { return }
        current = nil
        let stays = head.keepsAlive && !answer.closes && (!isInputClosed || reader.isInside)
        var bytes = context.channel.allocator.buffer(
            capacity: 160 + answer.headers.readableBytes + answer.body.readableBytes)
        StatusLine.write(answer.status, to: &bytes)
        bytes.writeImmutableBuffer(answer.headers)
        bytes.writeStaticString("Content-Length: ")
        bytes.writeDecimal(answer.body.readableBytes)
        if !stays {
            bytes.writeStaticString("\r\nConnection: close\r\n\r\n")
        } else if head.isOldHTTP {
            bytes.writeStaticString("\r\nConnection: keep-alive\r\n\r\n")
        } else {
            bytes.writeStaticString("\r\n\r\n")
        }
        if head.method != .head { bytes.writeImmutableBuffer(answer.body) }
        lastProgress = .now()
        if stays {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            proceed(context)
            if isReadHeld { read(context: context) }
        } else {
            end(with: bytes, context)
        }
    }

    /// Closing at once would discard what the client still sends, and with it our answer: it is read over for a moment.
    private func end(with bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        isClosing = true
        reader = RequestReader(largestBody: 0)
        if isReadHeld { read(context: context) }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { _ in
            channel.close(mode: .output).assumeIsolated().whenComplete { _ in
                self.isOutputClosed = true
                guard !self.isInputClosed else { return channel.close(promise: nil) }
                channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
            }
        }
    }

    // MARK: - Slow clients

    /// Ends the connection if its client has kept it waiting for too long.
    func checkPatience(at now: NIODeadline) {
        guard let context, current == nil, !isClosing else { return }
        let patience = gateway.settings.patience
        let limit = reader.isInsideBody ? patience.body : reader.isInside ? patience.head : patience.idle
        guard now - lastProgress > limit else { return }
        guard reader.isInside else { return context.close(promise: nil) }
        var head = RequestHead.unread
        head.keepsAlive = false
        current = head
        send(
            .failure(
                408, "RequestTimeout", "The request did not arrive within \(limit.nanoseconds / 1_000_000_000) s.",
                closes: true))
    }

    func close() { context?.close(promise: nil) }
    var isIdle: Bool { current == nil && !reader.isInside }
}

extension RequestHead {
    /// For an answer to a request whose head could not be read.
    static let unread = RequestHead(method: .other)
}

extension ByteBuffer {
    /// Decimal digits without a string in between.
    mutating func writeDecimal(_ number: Int) {
        guard number >= 10 else {
            writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
            return
        }
        writeDecimal(number / 10)
        writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
