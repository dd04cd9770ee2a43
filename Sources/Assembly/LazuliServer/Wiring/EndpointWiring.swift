import Crypto
import Foundation
import LazuliAccess
import LazuliDomain
import LazuliEndpoints
import LazuliEnvironments
import LazuliInference
import LazuliProcesses
import LazuliPython
import LazuliResources
import LazuliScoringFace
import NIOSSL

/// What endpoints get from the rest of the server: environments, the Python worker, native libraries, a listener.
struct EndpointWiring: Sendable {
    let ground: ServerGround
    let environments: JobEnvironments

    func settings() throws -> EndpointSettings {
        let home = ground.folder, libraries = NativeLibraryStore(home: home.home)
        return EndpointSettings(
            folder: home.endpoints, sockets: try Self.socketFolder(of: home.home), executable: OwnProgram.path,
            scoringAddress: ground.addresses.scoring, patience: ground.settings.deploymentPatience,
            worker: { try PythonWorker.unpacked(in: home.tools) },
            environment: { try await environments.ready($0, onLine: $1) },
            native: { try Self.nativeFinding($0, type: $1) },
            library: { try await libraries.folder(of: Self.wheel(of: $0)) })
    }

    private static func wheel(of library: String) throws -> NativeWheel {
        guard let wheel = NativeWheel(rawValue: library) else {
            throw ServiceError(.internalError, "No wheel is known to hold the library \(library).")
        }
        return wheel
    }

    private static func nativeFinding(_ model: URL, type: String) throws -> NativeFinding {
        switch NativeModel.find(in: model.path) {
        case .native(let models): return .serves(libraries: NativeModel.libraries(of: models).map(\.rawValue))
        case .notNative(let reason) where type == "triton_model":
            throw ServiceError(.invalidArgument, reason, target: "$.properties.model")
        case .notNative(let reason): return .needsPython(reason)
        }
    }

    /// Socket paths may have 107 bytes, and state folders lie wherever users put them: the sockets are in a folder of the
    /// system's temporary one, named after the state folder.
    private static func socketFolder(of home: URL) throws -> URL {
        let mark = SHA256.hash(data: Data(home.standardizedFileURL.path.utf8)).prefix(6).hexadecimal
        let folder = URL(filePath: "/tmp/lazuli-\(getuid())-\(mark)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let owner = try FileManager.default.attributesOfItem(atPath: folder.path)[.ownerAccountID] as? Int
        guard owner == Int(getuid()) else {
            throw ServiceError(
                .conflict, "\(folder.path) belongs to another user. Remove it, or start with another --home.")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        return folder
    }

    static func listener(_ ground: ServerGround) async throws -> ScoringListener {
        let addresses = ground.addresses
        return try await ScoringListener(
            .init(
                host: addresses.host, port: addresses.scoringPort, address: addresses.scoring,
                tls: try NIOSSLContext(configuration: Listeners.tlsConfiguration(ground.certificates)),
                tokens: ground.access.tokens, authorizer: ground.access.authorizer,
                page: EndpointPage(home: ground.folder.home).file), clock: ground.clock, logger: ground.logger)
    }
}
