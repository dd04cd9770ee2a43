import LazuliMLflowStores

/// A store that takes in what a source holds. Doing it again changes nothing that is there.
///
/// Values come with the experiment's id of the target, and with an empty `artifactURI` where files are copied along.
protocol TrackingTarget: Sendable {
    /// How it is called in messages.
    var title: String { get }

    func add(_ experiments: [StoredExperiment]) async throws -> [TransferOutcome]
    func add(_ runs: [StoredRun]) async throws -> [TransferOutcome]
    func add(_ models: [StoredModel]) async throws -> [TransferOutcome]
    func add(_ models: [StoredRegisteredModel]) async throws -> [TransferOutcome]

    /// Where an owner's files go: a path that `files` and `put` take.
    func place(of owner: ArtifactOwner) -> String
    /// The address that the store gives such a place.
    func address(of place: String) -> String
    func files(at place: String) async throws -> [StoredFile]
    /// Copies a file of this machine into a place.
    func put(_ file: String, at path: String, in place: String) async throws
}

/// What files belong to.
enum ArtifactOwner: Hashable, Sendable {
    /// Ids, the experiment's that of the target.
    case run(String, experiment: String)
    case model(String, experiment: String)
    /// A registered version whose files belonged to no run.
    case version(String, Int64)

    var title: String {
        switch self {
        case .run(let id, _): "run \(id)"
        case .model(let id, _): "logged model \(id)"
        case .version(let name, let version): "registered model \(name), version \(version)"
        }
    }
}

/// What became of one thing.
struct TransferOutcome: Sendable {
    enum State: String, Sendable { case created, present, clash, failed }

    var id: String
    var state: State
    var message: String?
    /// Of an experiment: its id in the target.
    var experiment: String?
    /// The run's id in a target that gives its own.
    var newID: String?

    init(_ id: String, _ state: State, _ message: String? = nil, experiment: String? = nil, newID: String? = nil) {
        self.id = id
        self.state = state
        self.message = message
        self.experiment = experiment
        self.newID = newID
    }
}
