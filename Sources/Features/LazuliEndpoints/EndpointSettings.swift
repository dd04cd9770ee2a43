package import Foundation
package import LazuliDomain
import LazuliResources

/// What the assembly gives to the serving of models.
package struct EndpointSettings: Sendable {
    /// The folder that holds a folder per deployment.
    package var folder: URL
    /// A short path for unix sockets, whose paths may have 107 bytes at most.
    package var sockets: URL
    /// This program, which is the supervisor and the native host too.
    package var executable: String
    /// The folder that holds the Python worker.
    package var worker: @Sendable () throws -> URL
    /// Makes or finds an environment; tells its progress line by line.
    package var environment:
        @Sendable (_ asset: ResolvedAsset, _ onLine: @escaping @Sendable (String) -> Void) async throws
            -> ReadyEnvironment
    /// Whether a model needs no Python.
    package var native: @Sendable (_ model: URL, _ type: String) throws -> NativeFinding
    /// The folder of a native library, fetched on first need.
    package var library: @Sendable (_ name: String) async throws -> String
    /// Where endpoints are reached: `http://127.0.0.1:7703`.
    package var scoringAddress: String
    /// Seconds that a call waits for the replicas before it answers that they are on their way: most come up in less
    /// time than a client's next question.
    package var patience: Double

    package init(
        folder: URL, sockets: URL, executable: String, scoringAddress: String, patience: Double,
        worker: @escaping @Sendable () throws -> URL,
        environment:
            @escaping @Sendable (ResolvedAsset, @escaping @Sendable (String) -> Void) async throws
            -> ReadyEnvironment,
        native: @escaping @Sendable (URL, String) throws -> NativeFinding,
        library: @escaping @Sendable (String) async throws -> String
    ) {
        self.folder = folder
        self.sockets = sockets
        self.executable = executable
        self.scoringAddress = scoringAddress
        self.patience = patience
        self.worker = worker
        self.environment = environment
        self.native = native
        self.library = library
    }

    package func address(of endpoint: String) -> String { "\(scoringAddress)/endpoints/\(endpoint)" }
}

/// Whether the native host can serve a model.
package enum NativeFinding: Sendable, Equatable {
    /// It can, with these libraries.
    case serves(libraries: [String])
    /// It cannot, and why.
    case needsPython(String)
}
