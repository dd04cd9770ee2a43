import Synchronization

/// A store of MLflow's that can be read from one end to the other.
///
/// What cannot be read is noted in the fault log, and the reading goes on.
public protocol TrackingSource: Sendable {
    /// How it is called in messages.
    var title: String { get }

    /// All experiments, deleted ones too, the lowest ids first.
    func experiments() async throws -> [StoredExperiment]
    /// Hands over an experiment's runs, deleted ones too, one after the other.
    func runs(of experiment: StoredExperiment, _ take: (StoredRun) async throws -> Void) async throws
    func loggedModels(of experiment: StoredExperiment, _ take: (StoredModel) async throws -> Void) async throws
    func registeredModels() async throws -> [StoredRegisteredModel]
    /// Where the files behind an address are, for models that were registered from a place of their own.
    func origin(ofURI uri: String) -> ArtifactOrigin
    /// The files below a place, by path below it; none if it does not exist.
    func files(at origin: ArtifactOrigin) async throws -> [StoredFile]
    /// Lends a file as one of this machine for as long as `use` runs.
    func withFile(_ file: StoredFile, at origin: ArtifactOrigin, _ use: (String) async throws -> Void) async throws
}

/// A file of a run or a model.
public struct StoredFile: Sendable, Equatable {
    /// Below the place where it was found, with slashes.
    public let path: String
    /// In bytes.
    public let size: Int64

    public init(path: String, size: Int64) {
        self.path = path
        self.size = size
    }
}

/// What went wrong on the way: told at once, and counted.
public final class FaultLog: Sendable {
    private let counted = Mutex(0)
    private let tell: @Sendable (String) -> Void

    public init(tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

    public var count: Int { counted.withLock { $0 } }

    public func note(_ text: String) {
        counted.withLock { $0 += 1 }
        tell(text)
    }
}
