import LazuliMLflowStores
import LazuliResources

/// What a transfer did, in numbers.
struct TransferReport: Sendable {
    struct Counts: Sendable {
        var created = 0
        var present = 0
        var failed = 0

        var all: Int { created + present + failed }

        mutating func add(_ state: TransferOutcome.State) {
            switch state {
            case .created: created += 1
            case .present: present += 1
            case .clash, .failed: failed += 1
            }
        }

        var json: JSON { ["created": JSON(created), "present": JSON(present), "failed": JSON(failed)] }
    }

    var experiments = Counts()
    var runs = Counts()
    var metricPoints = 0
    var loggedModels = Counts()
    var registeredModels = Counts()
    var modelVersions = Counts()
    var files = Counts()
    var bytes: Int64 = 0
    /// Runs and models whose files stay in a storage of their own.
    var filesElsewhere = 0

    func json(errors: Int) -> JSON {
        [
            "experiments": experiments.json, "runs": runs.json, "metricPoints": JSON(metricPoints),
            "loggedModels": loggedModels.json, "registeredModels": registeredModels.json,
            "modelVersions": modelVersions.json, "files": files.json, "fileBytes": .integer(bytes),
            "filesElsewhere": JSON(filesElsewhere), "errors": JSON(errors),
        ]
    }
}

/// What a transfer knows on its way.
struct TransferState: Sendable {
    /// Files to copy, and where to.
    struct Load: Sendable {
        let owner: ArtifactOwner
        let origin: ArtifactOrigin
        /// Whether the owner was there before, perhaps with some of its files.
        var mayBeThere = true
        /// Whether an owner without files is a fault: a model that is ready has some.
        var needsFiles = false
    }

    /// A run or logged model: its address in the source, its owner in the target.
    struct Known: Sendable {
        let uri: String
        var owner: ArtifactOwner
    }

    var report = TransferReport()
    /// By id.
    private(set) var runs: [String: Known] = [:]
    private(set) var models: [String: Known] = [:]
    private(set) var loads: [String: Load] = [:]
    /// Ids of runs and models in a target that gives its own.
    private(set) var newIDs: [String: String] = [:]

    mutating func note(_ run: StoredRun, in experiment: String) {
        let owner = ArtifactOwner.run(run.id, experiment: experiment)
        runs[run.id] = Known(uri: run.artifactURI, owner: owner)
        report.metricPoints += run.metrics.reduce(0) { $0 + $1.values.count }
        note(Load(owner: owner, origin: run.artifacts), id: run.id)
    }

    mutating func note(_ model: StoredModel, in experiment: String) {
        let owner = ArtifactOwner.model(model.id, experiment: experiment)
        models[model.id] = Known(uri: model.artifactURI, owner: owner)
        note(
            Load(owner: owner, origin: model.artifacts, needsFiles: model.status == 2 && !model.isDeleted), id: model.id
        )
    }

    mutating func note(_ load: Load, id: String) {
        if case .elsewhere = load.origin {
            report.filesElsewhere += 1
        } else {
            loads[id] = load
        }
    }

    mutating func settle(run outcome: TransferOutcome) {
        settle(outcome) { .run($0, experiment: $1) }
        if let id = outcome.newID, case .run(_, let experiment)? = runs[outcome.id]?.owner {
            runs[outcome.id]?.owner = .run(id, experiment: experiment)
        }
    }

    mutating func settle(model outcome: TransferOutcome) {
        settle(outcome) { .model($0, experiment: $1) }
        if let id = outcome.newID, case .model(_, let experiment)? = models[outcome.id]?.owner {
            models[outcome.id]?.owner = .model(id, experiment: experiment)
        }
    }

    private mutating func settle(_ outcome: TransferOutcome, _ owner: (String, String) -> ArtifactOwner) {
        guard let load = loads[outcome.id] else { return }
        switch outcome.state {
        case .clash, .failed: loads[outcome.id] = nil
        case .created, .present:
            var settled = load
            if let id = outcome.newID {
                newIDs[outcome.id] = id
                switch load.owner {
                case .run(_, let experiment), .model(_, let experiment):
                    settled = Load(owner: owner(id, experiment), origin: load.origin, needsFiles: load.needsFiles)
                case .version: break
                }
            }
            settled.mayBeThere = outcome.state == .present
            loads[outcome.id] = settled
        }
    }
}

/// Finds the address in the target of a registered version's files.
struct VersionAddresses {
    let source: any TrackingSource
    let target: any TrackingTarget
    /// As it was when runs and models had been moved.
    let state: TransferState

    /// Whether the version comes from a run or a model that was moved.
    func isKnown(_ version: StoredVersion) -> Bool {
        version.runID.map { state.runs[$0] != nil } ?? false || version.modelID.map { state.models[$0] != nil } ?? false
    }

    func placed(_ version: StoredVersion, of name: String, _ state: inout TransferState) -> StoredVersion {
        var placed = version
        placed.runID = version.runID.map { state.newIDs[$0] ?? $0 }
        placed.modelID = version.modelID.map { state.newIDs[$0] ?? $0 }
        if let source = sourceInTarget(version, of: name, &state) {
            placed.source = source
            placed.storageLocation = nil
        }
        return placed
    }

    /// Nil for a source that means the same in the target.
    private func sourceInTarget(_ version: StoredVersion, of name: String, _ state: inout TransferState) -> String? {
        if let id = version.modelID, state.models[id] != nil { return "models:/\(state.newIDs[id] ?? id)" }
        if version.source.hasPrefix("models:/") { return nil }
        for uri in [version.storageLocation, version.source] {
            guard let uri else { continue }
            if uri.hasPrefix("runs:/") { return nil }
            if let found = belowRun(uri, version.runID) { return found }
        }
        let location = version.storageLocation ?? version.source
        let origin = source.origin(ofURI: location)
        if case .elsewhere = origin { return nil }
        guard !location.isEmpty else { return nil }
        let owner = ArtifactOwner.version(name, version.version)
        state.note(TransferState.Load(owner: owner, origin: origin, needsFiles: true), id: "\(name)/\(version.version)")
        return target.address(of: target.place(of: owner))
    }

    /// The same place below the run in the target.
    private func belowRun(_ uri: String, _ runID: String?) -> String? {
        guard let runID, let run = state.runs[runID] else { return nil }
        let known = Self.path(run.uri), path = Self.path(uri)
        guard path == known || path.hasPrefix(known + "/") else { return nil }
        return target.address(of: target.place(of: run.owner)) + path.dropFirst(known.count)
    }

    /// `file:///a`, `file:/a` and `/a` are one place.
    private static func path(_ uri: String) -> String {
        let plain = LocalArtifacts.localPath(uri) ?? uri
        return plain.hasSuffix("/") ? String(plain.dropLast()) : plain
    }
}
