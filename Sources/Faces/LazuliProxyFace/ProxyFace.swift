package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// A proxy for programs that call the cloud by its own host names: those names lead to this server, every other host is
/// tunnelled untouched. It listens on this machine alone, so it relays for nobody else.
package struct ProxyFace: Service {
    /// The certificate chain and the private key, both PEM, for a host name.
    package typealias IdentityMaker = @Sendable (_ host: String) throws -> (chainPEM: String, keyPEM: String)

    /// A listener of this server.
    package struct Upstream: Sendable {
        let host: String
        let port: Int
        let isTLS: Bool

        package init(host: String, port: Int, isTLS: Bool) {
            self.host = host
            self.port = port
            self.isTLS = isTLS
        }
    }

    package struct Settings: Sendable {
        package var port: Int
        package var management: Upstream
        package var blob: Upstream
        package var scoring: Upstream
        /// The PEM file of the authority that signed the listeners' certificates.
        package var authorityPath: String
        package var identity: IdentityMaker

        package init(
            port: Int, management: Upstream, blob: Upstream, scoring: Upstream, authorityPath: String,
            identity: @escaping IdentityMaker
        ) {
            self.port = port
            self.management = management
            self.blob = blob
            self.scoring = scoring
            self.authorityPath = authorityPath
            self.identity = identity
        }
    }

    private let settings: Settings
    private let relay: ProxyRelay
    private let logger: Logger
    private let ready: @Sendable () async -> Void

    /// - Parameter ready: called once when the proxy accepts connections.
    package init(_ settings: Settings, logger: Logger, ready: @escaping @Sendable () async -> Void) throws {
        self.settings = settings
        relay = try ProxyRelay(settings)
        self.logger = logger
        self.ready = ready
    }

    package func run() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: settings.port) { channel in
                channel.eventLoop.makeCompletedFuture { try ByteChannel(wrappingChannelSynchronously: channel) }
            }
        await ready()
        do {
            try await cancelWhenGracefulShutdown { try await serveAll(of: server) }
        } catch is CancellationError {
            // That is how it is told to stop.
        }
    }

    private func serveAll(of server: NIOAsyncChannel<ByteChannel, Never>) async throws {
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients { group.addTask { await serve(client) } }
            }
        }
    }

    private func serve(_ client: ByteChannel) async {
        do {
            try await relay.serve(client)
        } catch {
            // Either side may go away at any moment.
            logger.debug("A connection of the proxy ended.", metadata: ["reason": "\(error)"])
        }
    }
}

typealias ByteChannel = NIOAsyncChannel<ByteBuffer, ByteBuffer>
