import NIOCore
import NIOPosix
import NIOSSL

/// Serves one connection of the proxy: reads its head, connects it, and copies bytes both ways.
struct ProxyRelay: Sendable {
    private let settings: ProxyFace.Settings
    private let leaves: LeafContexts
    /// Trusts our own listeners.
    private let trust: NIOSSLContext

    private static let patience = TimeAmount.seconds(30)

    init(_ settings: ProxyFace.Settings) throws {
        self.settings = settings
        leaves = LeafContexts(settings.identity)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(settings.authorityPath)
        trust = try NIOSSLContext(configuration: configuration)
    }

    func serve(_ client: ByteChannel) async throws {
        try await client.executeThenClose { inbound, _ in
            var source = Source(inbound.makeAsyncIterator())
            do {
                let timer = client.channel.eventLoop.scheduleTask(in: Self.patience) {
                    client.channel.close(promise: nil)
                }
                guard let head = try await source.head() else { return timer.cancel() }
                timer.cancel()
                try await connect(head, client, &source)
            } catch let problem as ProxyProblem {
                try await client.channel.writeAndFlush(problem.answer)
            }
        }
    }

    private func connect(
        _ head: ProxyHead, _ client: ByteChannel, _ source: inout Source
    ) async throws {
        if head.method == "CONNECT" {
            guard let address = TunnelAddress(head.target) else {
                throw ProxyProblem(400, "CONNECT takes host:port, not \"\(head.target)\".")
            }
            try await tunnel(to: address, client, &source)
        } else if let address = PlainAddress(head.target) {
            let isScoring = ServedHosts.listener(for: address.host) == .scoring
            let upstream =
                isScoring
                ? settings.scoring : ProxyFace.Upstream(host: address.host, port: address.port, isTLS: false)
            let channel = try await open(upstream, named: address.authority)
            source.putBack(head.forwarded(to: address))
            try await copy(client, &source, channel, telling: ClosingAnswer())
        } else {
            throw ProxyProblem(
                400, "This is a proxy. Point HTTPS_PROXY at it, as `lazuli env --proxy` does, and call hosts by name.")
        }
    }

    private func tunnel(
        to address: TunnelAddress, _ client: ByteChannel, _ source: inout Source
    ) async throws {
        let established = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
        guard address.port == 443, let listener = ServedHosts.listener(for: address.host) else {
            let world = ProxyFace.Upstream(host: address.host, port: address.port, isTLS: false)
            let channel = try await open(world, named: "\(address.host):\(address.port)")
            try await client.channel.setOption(.allowRemoteHalfClosure, value: true).get()
            source.endsHalf = true
            try await client.channel.writeAndFlush(established)
            return try await copy(client, &source, channel)
        }
        let channel = try await open(upstream(listener), named: address.host)
        let context = try leaves.context(for: address.host)
        try await client.channel.writeAndFlush(established)
        let early = source.takeRest()
        try await client.channel.eventLoop.submit {
            let pipeline = client.channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: context), position: .first)
            if early.readableBytes > 0 { pipeline.fireChannelRead(NIOAny(early)) }
        }.get()
        try await copy(client, &source, channel)
    }

    private func upstream(_ listener: ServedHosts.Listener) -> ProxyFace.Upstream {
        switch listener {
        case .management: settings.management
        case .blob: settings.blob
        case .scoring: settings.scoring
        }
    }

    // MARK: The other side

    private func open(_ upstream: ProxyFace.Upstream, named name: String) async throws -> ByteChannel {
        let trust = upstream.isTLS ? trust : nil
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(10))
                .connect(host: upstream.host, port: upstream.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let trust {
                            let handler = try NIOSSLClientHandler(context: trust, serverHostname: nil)
                            try channel.pipeline.syncOperations.addHandler(handler)
                        }
                        return try ByteChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw ProxyProblem(502, "\(name) cannot be reached: \(error)")
        }
    }

    /// Copies both ways until one side is gone. A client that has sent everything may still be answered.
    /// - Parameter closing: edits the answer to a plain request; nil leaves every byte as it is.
    private func copy(
        _ client: ByteChannel, _ source: inout Source, _ upstream: ByteChannel, telling closing: ClosingAnswer? = nil
    ) async throws {
        try await upstream.executeThenClose { answers, _ in
            async let answered: Void = Self.send(answers, to: client.channel, closing)
            do {
                while let piece = try await source.next() { try await upstream.channel.writeAndFlush(piece) }
                try await upstream.channel.close(mode: source.endsHalf ? .output : .all)
            } catch {
                try? await upstream.channel.close()
            }
            await answered
        }
    }

    private static func send(
        _ answers: NIOAsyncChannelInboundStream<ByteBuffer>, to client: any Channel, _ closing: ClosingAnswer?
    ) async {
        var closing = closing
        do {
            for try await piece in answers { try await client.writeAndFlush(closing?.take(piece) ?? piece) }
            if let rest = closing?.rest() { try await client.writeAndFlush(rest) }
        } catch {
            // The connection that is left is closed below, which tells its side all there is to tell.
        }
        try? await client.close()
    }

    /// What a client sends, with room to put something back in front.
    struct Source {
        private var buffer = ByteBuffer()
        private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        /// Whether the end of what is sent is not the end of the connection.
        var endsHalf = false

        init(_ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) { self.iterator = iterator }

        /// The first request's head; nil when the client left before it was whole.
        mutating func head() async throws -> ProxyHead? {
            while true {
                if let head = try ProxyHead.take(from: &buffer) { return head }
                guard let piece = try await iterator.next() else { return nil }
                buffer.writeImmutableBuffer(piece)
            }
        }

        mutating func putBack(_ front: ByteBuffer) {
            var front = front
            front.writeImmutableBuffer(buffer)
            buffer = front
        }

        mutating func takeRest() -> ByteBuffer {
            defer { buffer = ByteBuffer() }
            return buffer
        }

        mutating func next() async throws -> ByteBuffer? {
            if buffer.readableBytes > 0 { return takeRest() }
            return try await iterator.next()
        }
    }
}
