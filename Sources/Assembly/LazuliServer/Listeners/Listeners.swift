import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import LazuliScoringFace
import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The listeners as long-lived services.
enum Listeners {
    static func tls<Responder: HTTPResponder>(
        _ responder: Responder, host: String, port: Int, _ certificates: ServerCertificates, _ logger: Logger,
        _ started: ListenerCount
    ) throws -> any Service where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let tls = try tlsConfiguration(certificates)
        return Application(
            responder: responder, server: try .tls(.http1(), tlsConfiguration: tls),
            configuration: configuration(host, port), onServerRunning: { _ in await started.one() }, logger: logger)
    }

    static func tlsConfiguration(_ certificates: ServerCertificates) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificates.chainPEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(certificates.keyPEM.utf8), format: .pem)
        return TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }

    static func plain<Responder: HTTPResponder>(
        _ responder: Responder, port: Int, _ logger: Logger, _ started: ListenerCount
    ) -> any Service where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        Application(
            responder: responder, configuration: configuration("127.0.0.1", port),
            onServerRunning: { _ in await started.one() }, logger: logger)
    }

    private static func configuration(_ host: String, _ port: Int) -> ApplicationConfiguration {
        ApplicationConfiguration(address: .hostname(host, port: port), serverName: "Lazuli")
    }
}

/// The scoring listener among the others.
struct ScoringService: Service {
    let listener: ScoringListener
    let started: ListenerCount

    func run() async throws { try await listener.run { await started.one() } }
}

/// Calls its closure when as many listeners as expected have started.
actor ListenerCount {
    private var waitingFor: Int
    private let ready: @Sendable () async throws -> Void

    init(expected: Int, ready: @escaping @Sendable () async throws -> Void) {
        waitingFor = expected
        self.ready = ready
    }

    func one() async {
        waitingFor -= 1
        guard waitingFor == 0 else { return }
        do {
            try await ready()
        } catch {
            // The server answers all the same; `lazuli status` would find no address, so it is said here.
            print("The address of the server could not be written: \(error)")
        }
    }
}
