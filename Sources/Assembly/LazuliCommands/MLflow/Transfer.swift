import LazuliMLflowStores
import LazuliResources

/// Copies what one store holds into another: experiments, then runs, logged models, the registry, and last the files.
///
/// What fails is noted and the rest goes on; a second transfer does what is left.
struct Transfer: Sendable {
    let source: any TrackingSource
    let target: any TrackingTarget
    /// Names of experiments; empty for all of them and the registry.
    var experiments: [String] = []
    var copiesFiles = true
    let screen: Screen
    let faults: FaultLog

    /// Calls of the target under way at a time.
    private static let lanes = 3

    func run() async throws -> TransferReport {
        var state = TransferState()
        let chosen = try await chosenExperiments()
        let placed = try await add(chosen, &state)
        for (experiment, id) in placed { try await moveRuns(of: experiment, to: id, &state) }
        for (experiment, id) in placed { try await moveModels(of: experiment, to: id, &state) }
        try await moveRegistry(&state)
        screen.clearLine()
        if copiesFiles {
            await FileTransfer(source: source, target: target, screen: screen, faults: faults).run(&state)
        }
        screen.clearLine()
        return state.report
    }

    private func chosenExperiments() async throws -> [StoredExperiment] {
        let all = try await source.experiments()
        for name in experiments where !all.contains(where: { $0.name == name }) {
            throw ServiceError(
                .notFound,
                "\(source.title) has no experiment \"\(name)\"." + NearestName.hint(name, among: all.map(\.name)))
        }
        return experiments.isEmpty ? all : all.filter { experiments.contains($0.name) }
    }

    /// - Returns: the experiments with their ids in the target.
    private func add(
        _ chosen: [StoredExperiment], _ state: inout TransferState
    ) async throws -> [(StoredExperiment, String)] {
        let outgoing = chosen.map { experiment in
            var outgoing = experiment
            if case .elsewhere = source.origin(ofURI: experiment.artifactLocation) { return outgoing }
            outgoing.artifactLocation = ""
            return outgoing
        }
        var placed: [(StoredExperiment, String)] = []
        for (experiment, outcome) in zip(chosen, try await target.add(outgoing)) {
            count(outcome, "experiment \"\(experiment.name)\"", &state.report.experiments)
            if let id = outcome.experiment { placed.append((experiment, id)) }
        }
        return placed
    }

    // MARK: Runs

    private func moveRuns(of experiment: StoredExperiment, to id: String, _ state: inout TransferState) async throws {
        var batch = RunBatch()
        try await withThrowingTaskGroup(of: [TransferOutcome].self) { group in
            var underWay = 0
            try await source.runs(of: experiment) { run in
                state.note(run, in: id)
                batch.add(placedRun(run, id))
                guard batch.isFull else { return }
                if underWay >= Self.lanes, let done = try await group.next() {
                    underWay -= 1
                    countRuns(done, &state)
                }
                let full = batch.runs
                batch = RunBatch()
                underWay += 1
                group.addTask { try await target.add(full) }
            }
            for try await done in group { countRuns(done, &state) }
        }
        if !batch.runs.isEmpty { countRuns(try await target.add(batch.runs), &state) }
    }

    private func placedRun(_ run: StoredRun, _ id: String) -> StoredRun {
        var placed = run
        placed.experimentID = id
        if case .elsewhere = run.artifacts { return placed }
        placed.artifactURI = ""
        return placed
    }

    private func countRuns(_ outcomes: [TransferOutcome], _ state: inout TransferState) {
        for outcome in outcomes {
            count(outcome, "run \(outcome.id)", &state.report.runs)
            state.settle(run: outcome)
        }
        screen.redraw("\(state.report.runs.all) runs, \(state.report.metricPoints) metric points")
    }

    private func count(_ outcome: TransferOutcome, _ title: String, _ counts: inout TransferReport.Counts) {
        counts.add(outcome.state)
        switch outcome.state {
        case .created, .present:
            if let message = outcome.message { screen.notice(message) }
        case .clash, .failed: faults.note("\(title): \(outcome.message ?? "it was refused.")")
        }
    }

    // MARK: Models

    private func moveModels(of experiment: StoredExperiment, to id: String, _ state: inout TransferState) async throws {
        var batch: [StoredModel] = []
        var outcomes: [TransferOutcome] = []
        try await source.loggedModels(of: experiment) { model in
            state.note(model, in: id)
            var placed = model
            placed.experimentID = id
            placed.sourceRunID = model.sourceRunID.map { state.newIDs[$0] ?? $0 }
            if case .elsewhere = model.artifacts {} else { placed.artifactURI = "" }
            batch.append(placed)
            guard batch.count >= 50 else { return }
            outcomes += try await target.add(batch)
            batch = []
        }
        if !batch.isEmpty { outcomes += try await target.add(batch) }
        for outcome in outcomes {
            count(outcome, "logged model \(outcome.id)", &state.report.loggedModels)
            state.settle(model: outcome)
        }
    }

    private func moveRegistry(_ state: inout TransferState) async throws {
        let all = try await source.registeredModels()
        let addresses = VersionAddresses(source: source, target: target, state: state)
        for model in all.sorted(by: { $0.createdAt < $1.createdAt }) {
            guard experiments.isEmpty || model.versions.contains(where: addresses.isKnown) else { continue }
            var placed = model
            if !experiments.isEmpty { placed.versions = model.versions.filter(addresses.isKnown) }
            placed.versions = placed.versions.map { addresses.placed($0, of: model.name, &state) }
            for outcome in try await target.add([placed]) {
                let isModel = outcome.id == model.name
                if isModel {
                    count(outcome, "registered model \(outcome.id)", &state.report.registeredModels)
                } else {
                    count(outcome, "model version \(outcome.id)", &state.report.modelVersions)
                }
            }
        }
    }
}

/// Runs gathered for one call.
struct RunBatch {
    private(set) var runs: [StoredRun] = []
    private var weight = 0

    /// About the bytes of a body that a server likes.
    private static let heaviest = 3 << 20
    private static let longest = 250

    var isFull: Bool { weight >= Self.heaviest || runs.count >= Self.longest }

    mutating func add(_ run: StoredRun) {
        runs.append(run)
        let texts = (run.params + run.tags).reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 24 }
        let data = run.datasets.reduce(0) {
            $0 + $1.source.utf8.count + ($1.schema?.utf8.count ?? 0) + ($1.profile?.utf8.count ?? 0)
        }
        weight += 400 + texts + data + run.metrics.reduce(0) { $0 + $1.values.count * 40 + 60 }
    }
}
