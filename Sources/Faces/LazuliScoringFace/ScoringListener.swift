package import LazuliDomain
package import LazuliEndpoints
package import LazuliResources
package import Logging
import NIOCore
import NIOPosix
package import NIOSSL
import ServiceLifecycle

/// The scoring listener: HTTP and TLS on one port, told apart by a connection's first byte, and the gateway behind it.
package final class ScoringListener: ScoringGateway {
    /// Where it listens and what it needs of others.
    package struct Settings: Sendable {
        package var host: String
        package var port: Int
        /// `http://127.0.0.1:7703`
        package var address: String
        package var tls: NIOSSLContext
        package var tokens: any TokenVerifier
        package var authorizer: any Authorizer
        /// A file of an endpoint's page.
        package var page: @Sendable (_ file: String, _ endpoint: String) async throws -> (bytes: [UInt8], type: String)?

        package init(
            host: String, port: Int, address: String, tls: NIOSSLContext, tokens: any TokenVerifier,
            authorizer: any Authorizer,
            page: @escaping @Sendable (String, String) async throws -> (bytes: [UInt8], type: String)?
        ) {
            self.host = host
            self.port = port
            self.address = address
            self.tls = tls
            self.tokens = tokens
            self.authorizer = authorizer
            self.page = page
        }
    }

    package let events: AsyncStream<GatewayEvent>
    private let settings: Settings
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: any EventLoop
    private let gateway: NIOLoopBoundBox<Gateway>
    private let logger: Logger

    package convenience init(_ settings: Settings, clock: WallClock, logger: Logger) async throws {
        try await self.init(settings, gateway: .init(), clock: clock, logger: logger)
    }

    init(_ settings: Settings, gateway limits: Gateway.Settings, clock: WallClock, logger: Logger) async throws {
        self.settings = settings
        self.logger = logger
        let (events, input) = AsyncStream.makeStream(of: GatewayEvent.self)
        self.events = events
        let loop = group.next()
        self.loop = loop
        gateway = try await loop.submit {
            let gateway = Gateway(
                loop: loop, settings: limits,
                authority: ScoringAuthority(tokens: settings.tokens, authorizer: settings.authorizer),
                pages: ScoringPages(address: settings.address, files: settings.page), clock: clock, logger: logger,
                tell: { input.yield($0) })
            return NIOLoopBoundBox(gateway, eventLoop: loop)
        }.get()
    }

    // MARK: - Listening

    /// Takes connections until the server is told to stop.
    /// - Parameter started: called once connections are taken.
    package func run(started: @escaping @Sendable () async -> Void) async throws {
        let gateway = gateway
        let channel = try await listen()
        await started()
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await channel.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            channel.close(promise: nil)
        }
        try? await loop.submit {
            gateway.value.flushLogs()
            gateway.value.closeIdleClients()
        }.get()
    }

    /// - Returns: what takes connections until it is closed.
    func listen() async throws -> any Channel {
        let gateway = gateway, tls = settings.tls
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handlers = channel.pipeline.syncOperations
                    try handlers.addHandler(SecurityDetector(tls))
                    try handlers.addHandler(ClientConnection(gateway.value))
                }
            }
            .bind(host: settings.host, port: settings.port).get()
    }

    // MARK: - ScoringGateway

    package func publish(_ endpoint: ServedEndpoint) async {
        await onLoop { gateway, done in gateway.show(endpoint, done: done) }
    }

    package func withdraw(_ endpoint: String) async {
        await onLoop { gateway, done in gateway.withdraw(endpoint, done: done) }
    }

    package func traffic(of endpoint: String) async -> [String: TrafficNumbers] {
        let gateway = gateway
        return (try? await loop.submit { gateway.value.traffic(of: endpoint) }.get()) ?? [:]
    }

    private func onLoop(_ body: @escaping @Sendable (Gateway, @escaping () -> Void) -> Void) async {
        let gateway = gateway, loop = loop
        await withCheckedContinuation { continuation in
            loop.execute { body(gateway.value) { continuation.resume() } }
        }
    }
}

/// Looks at a connection's first byte: a TLS handshake begins with 22, an HTTP request with a letter.
private final class SecurityDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    private static let handshake: UInt8 = 22

    private let tls: NIOSSLContext
    private var isDecided = false

    init(_ tls: NIOSSLContext) { self.tls = tls }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDecided else { return context.fireChannelRead(data) }
        let bytes = unwrapInboundIn(data)
        let isSecure = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == Self.handshake
        let handlers = context.pipeline.syncOperations
        if isSecure {
            do {
                try handlers.addHandler(NIOSSLServerHandler(context: tls), position: .before(self))
            } catch {
                return context.close(promise: nil)
            }
        }
        // From the pipeline's head where TLS was put before us; we leave last, or the bytes would be lost.
        isDecided = true
        if isSecure { context.pipeline.fireChannelRead(bytes) } else { context.fireChannelRead(data) }
        handlers.removeHandler(self, promise: nil)
    }
}
