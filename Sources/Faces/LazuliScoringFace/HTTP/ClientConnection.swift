import NIOCore

/// One client's connection: reads requests, one under way at a time, and writes their answers.
final class ClientConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A client may be this slow, in seconds.
    enum Patience {
        /// From the first byte of a head to its last.
        static let head: Int64 = 20
        /// Between two parts of a body.
        static let body: Int64 = 30
        static let idle: Int64 = 120
    }

    private let gateway: Gateway
    private var reader: RequestReader
    private var context: ChannelHandlerContext?
    /// The request that is being answered.
    private var current: RequestHead?
    private var isClosing = false
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
        // The head must come in one stretch of time; a body only has to go on.
        if current == nil, !reader.isInside || reader.isInsideBody { lastProgress = .now() }
        reader.append(&bytes)
        if current == nil { proceed(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that has said all it wants to say still waits for its answer.
        if case ChannelEvent.inputClosed = event {
            isClosing = true
            if current == nil { context.close(promise: nil) }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func proceed(_ context: ChannelHandlerContext) {
        guard !isClosing || reader.isInside else { return }
        switch reader.next() {
        case .needsMore: return
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
    }

    // MARK: - Writing

    /// Answers the request under way.
    func send(_ answer: ScoringAnswer) {
        guard let context, let head = current else { return }
        current = nil
        let stays = head.keepsAlive && !answer.closes && !isClosing
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
            if reader.isInside { proceed(context) }
        } else {
            end(with: bytes, context)
        }
    }

    /// Closing at once would discard what the client still sends, and with it our answer: it is read over for a moment.
    private func end(with bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        isClosing = true
        reader = RequestReader(largestBody: 0)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in
            channel.close(mode: .output).whenComplete { _ in
                channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
            }
        }
    }

    // MARK: - Slow clients

    /// Ends the connection if its client has kept it waiting for too long.
    func checkPatience(at now: NIODeadline) {
        guard let context, current == nil, !isClosing else { return }
        let limit = reader.isInsideBody ? Patience.body : reader.isInside ? Patience.head : Patience.idle
        guard now - lastProgress > .seconds(limit) else { return }
        guard reader.isInside else { return context.close(promise: nil) }
        var head = RequestHead.unread
        head.keepsAlive = false
        current = head
        send(.failure(408, "RequestTimeout", "The request did not arrive within \(limit) s.", closes: true))
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
