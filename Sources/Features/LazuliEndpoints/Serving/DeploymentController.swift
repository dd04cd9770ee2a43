import Foundation
import LazuliDomain
import LazuliProcesses
import LazuliResources

/// Keeps one deployment's replicas as its document asks: starts, watches, replaces, scales and ends them.
///
/// All changes come in by `send` and are worked off one after the other, so that no two of them meet; what takes long
/// (an environment, an `init()`) goes on beside and comes back as a command.
actor DeploymentController {
    enum Command: Sendable {
        /// The document was written: bring the replicas to it.
        case apply(DeploymentOrder)
        case prepared(DeploymentOrder, Result<PreparedContent, ServiceError>)
        case started(order: Int64, adopted: [Replica], new: [Replica], Result<Void, ServiceError>)
        case ended(Replica)
        case refill
        case overdue(ReplicaAddress)
        /// A request waits and there is no replica.
        case wanted
        case look
        case stop(removesFiles: Bool)
    }

    let id: DeploymentID
    private let tools: DeploymentTools
    private let folder: DeploymentFolder
    private let log: LineLog

    private let commands: AsyncStream<Command>
    private let input: AsyncStream<Command>.Continuation

    private var order: DeploymentOrder?
    /// What the serving replicas are made from.
    private var current: PreparedContent?
    /// What the newest order wants, while its first replicas come up.
    private var next: PreparedContent?
    /// Those that serve.
    private var replicas: [Replica] = []
    /// Those that come up.
    private var coming: [Replica] = []
    /// The submission whose end was told.
    private var reported: Int64 = -1
    private var restarts = RestartPolicy()
    /// Why replicas keep ending, for as long as they do.
    private var trouble = ""
    private var scaler = Autoscaler()
    private var wantedInstances = 1

    init(_ id: DeploymentID, tools: DeploymentTools) {
        self.id = id
        self.tools = tools
        folder = DeploymentFolder(id, in: tools.settings.folder)
        log = LineLog(folder.log)
        (commands, input) = AsyncStream.makeStream(of: Command.self)
    }

    nonisolated func send(_ command: Command) { input.yield(command) }

    /// Works off commands until it is told to stop; the replicas are ended then.
    func run() async {
        var removesFolder = false
        await withDiscardingTaskGroup { group in
            for await command in commands {
                if case .stop(let removesFiles) = command {
                    removesFolder = removesFiles
                    break
                }
                await handle(command, &group)
            }
            group.cancelAll()
        }
        await end(replicas + coming)
        if removesFolder { try? FileManager.default.removeItem(at: folder.root) }
    }

    private func handle(_ command: Command, _ group: inout DiscardingTaskGroup) async {
        switch command {
        case .apply(let order): apply(order, &group)
        case .prepared(let order, let result): await prepared(order, result, &group)
        case .started(let order, let adopted, let new, let result):
            await started(order, adopted, new, result, &group)
        case .ended(let replica): await ended(replica, &group)
        case .refill: fill(&group)
        case .overdue(let address): await replace(address, &group)
        case .wanted: wake(&group)
        case .look: await look(&group)
        case .stop: break
        }
    }

    // MARK: - A new order

    private func apply(_ order: DeploymentOrder, _ group: inout DiscardingTaskGroup) {
        self.order = order
        wantedInstances = scaler.instances(for: order.deployment)
        let tools = tools, id = id, folder = folder
        group.addTask { self.send(.prepared(order, await tools.prepare(order, id, folder))) }
    }

    private func prepared(
        _ done: DeploymentOrder, _ result: Result<PreparedContent, ServiceError>, _ group: inout DiscardingTaskGroup
    ) async {
        guard done.submission == order?.submission else { return }
        switch result {
        case .failure(let error): await refuse(error.description)
        case .success(let content) where content.fingerprint == current?.fingerprint && !replicas.isEmpty:
            next = nil
            await settle(&group)
        case .success(let content):
            next = content
            adopt(content, &group)
        }
    }

    /// Takes up replicas that an earlier server left, and starts what is missing.
    private func adopt(_ content: PreparedContent, _ group: inout DiscardingTaskGroup) {
        let isFirst = current == nil
        let left = isFirst ? Replica.running(in: content.folder, sockets: tools.settings.sockets) : []
        for replica in left { watch(replica, &group) }
        start(max(0, wantedReplicas - left.count), of: content, besides: left, &group)
    }

    private var wantedReplicas: Int { wantedInstances * (order?.deployment.workersPerInstance ?? 1) }

    // MARK: - Starting

    private func start(
        _ count: Int, of content: PreparedContent, besides adopted: [Replica] = [],
        _ group: inout DiscardingTaskGroup
    ) {
        guard let order else { return }
        var new: [Replica] = []
        var failure: ServiceError?
        do {
            for _ in 0..<count { new.append(try tools.start(content, log: folder.log)) }
        } catch {
            failure = error as? ServiceError ?? ServiceError(.internalError, "\(error)")
        }
        coming += new
        for replica in new { watch(replica, &group) }
        let tools = tools, log = folder.log, all = new, early = failure
        group.addTask {
            let result: Result<Void, ServiceError> =
                if let early { .failure(early) } else {
                    await tools.readiness(of: all, within: order.deployment.startLimit, log: log)
                }
            self.send(.started(order: order.submission, adopted: adopted, new: all, result))
        }
    }

    private func watch(_ replica: Replica, _ group: inout DiscardingTaskGroup) {
        group.addTask {
            _ = try? await ProcessExit.wait(for: replica.supervisor)
            if !replica.supervisor.isAlive { self.send(.ended(replica)) }
        }
    }

    private func started(
        _ number: Int64, _ adopted: [Replica], _ new: [Replica], _ result: Result<Void, ServiceError>,
        _ group: inout DiscardingTaskGroup
    ) async {
        coming.removeAll { new.contains($0) }
        guard number == order?.submission else { return await end(adopted + new) }
        if case .failure(let error) = result {
            await end(adopted + new)
            return await couldNotStart(error.message, &group)
        }
        guard let replacement = next else {
            replicas += adopted + new
            return await settle(&group)
        }
        let old = replicas
        current = replacement
        next = nil
        replicas = adopted + new
        recovered()
        await settle(&group)
        await end(old)
        tools.removeOtherGenerations(than: replacement.fingerprint, folder)
    }

    private func couldNotStart(_ sentence: String, _ group: inout DiscardingTaskGroup) async {
        if reported != order?.submission { return await refuse(sentence) }
        await pauseBeforeRefill(lived: 0, sentence, &group)
    }

    /// The replicas are as they were wanted, or soon will be: tell the gateway, then whoever waits.
    private func settle(_ group: inout DiscardingTaskGroup) async {
        await trim()
        await publish(reason: trouble)
        fill(&group)
        guard coming.isEmpty else { return }
        await report(.served, reasonWhenServed)
    }

    private func recovered() {
        restarts = RestartPolicy()
        trouble = ""
    }

    private var reasonWhenServed: String {
        wantedInstances == 0 ? "Scaled to zero: the next request starts an instance." : trouble
    }

    private func refuse(_ sentence: String) async {
        log.append("[lazuli] \(sentence)")
        next = nil
        await publish(reason: sentence)
        await report(.refused, sentence)
    }

    private func report(_ event: DeploymentState.Event, _ reason: String) async {
        reported = order?.submission ?? reported
        await tools.report(event, reason, id, order)
    }

    // MARK: - Ends

    private func ended(_ replica: Replica, _ group: inout DiscardingTaskGroup) async {
        guard let place = replicas.firstIndex(of: replica) else { return }
        replicas.remove(at: place)
        let sentence = replica.outcome?.sentence ?? "It ended without a word."
        replica.removeFiles()
        await pauseBeforeRefill(lived: Double(tools.clock.now() - replica.startedAt) / 1000, sentence, &group)
    }

    private func pauseBeforeRefill(
        lived seconds: Double, _ sentence: String, _ group: inout DiscardingTaskGroup
    ) async {
        let pause = restarts.ended(after: seconds)
        let soon = pause > 0 ? " The next starts in \(Int(pause)) s." : ""
        var reason = "A replica ended and is being replaced. \(sentence)"
        if restarts.isLooping {
            let excerpt = FailureExcerpt.from(log: folder.log.path).map { " The log says: \($0.sentence)" } ?? ""
            reason =
                "Crash loop: replicas ended \(restarts.failures) times in a row soon after their start. "
                + sentence + excerpt
            trouble = reason
        }
        log.append("[lazuli] \(reason)\(soon)")
        await publish(reason: reason)
        await report(.served, reason)
        group.addTask {
            try? await Task.sleep(for: .seconds(pause))
            self.send(.refill)
        }
    }

    /// Starts what is missing.
    private func fill(_ group: inout DiscardingTaskGroup) {
        guard let current, next == nil else { return }
        let missing = wantedReplicas - replicas.count - coming.count
        if missing > 0 { start(missing, of: current, &group) }
    }

    /// A worker that hangs is ended by force and replaced; others go on meanwhile.
    private func replace(_ address: ReplicaAddress, _ group: inout DiscardingTaskGroup) async {
        guard let replica = replicas.first(where: { $0.address == address }) else { return }
        log.append("[lazuli] A request took longer than its limit; the replica is replaced.")
        replicas.removeAll { $0 == replica }
        group.addTask { await replica.end() }
        fill(&group)
        await publish(reason: "A replica hung and is being replaced.")
    }

    private func end(_ gone: [Replica]) async {
        await withTaskGroup(of: Void.self) { group in
            for replica in gone { group.addTask { await replica.end() } }
        }
    }

    // MARK: - Scale

    /// Ends what is too much: the gateway lets go of it first.
    private func trim() async {
        let surplus = replicas.count - wantedReplicas
        guard surplus > 0 else { return }
        let gone = Array(replicas.suffix(surplus))
        replicas.removeLast(surplus)
        await publish(reason: "")
        await end(gone)
    }

    private func wake(_ group: inout DiscardingTaskGroup) {
        guard wantedInstances == 0, replicas.isEmpty, coming.isEmpty, next == nil else { return }
        log.append("[lazuli] A request woke the deployment.")
        wantedInstances = 1
        scaler.woken(at: tools.clock.now())
        fill(&group)
    }

    private func look(_ group: inout DiscardingTaskGroup) async {
        tools.rotate(folder.log)
        await noticeRecovery()
        guard let order, case .target = order.deployment.scaling, next == nil, coming.isEmpty else { return }
        let numbers = await tools.gateway.traffic(of: id.endpoint)[id.name] ?? TrafficNumbers()
        let wanted = scaler.look(numbers, order.deployment, instances: wantedInstances, at: tools.clock.now())
        guard wanted != wantedInstances else { return }
        log.append("[lazuli] Scales from \(wantedInstances) to \(wanted) instances.")
        wantedInstances = wanted
        await settle(&group)
    }

    /// Replicas that have lived long enough end what was called a crash loop.
    private func noticeRecovery() async {
        let now = tools.clock.now(), settled = Int64(RestartPolicy.settled * 1000)
        guard restarts.isLooping, !replicas.isEmpty, replicas.allSatisfy({ now - $0.startedAt > settled }) else {
            return
        }
        recovered()
        await publish(reason: "")
        await report(.served, "")
    }

    // MARK: - What others see

    private func publish(reason: String) async {
        guard let order else { return }
        // A replica that just ended is replaced before anybody hears of it: its requests wait for the next.
        let canCome = next != nil || current != nil
        await tools.show(
            ServedDeployment(
                id: id, requests: order.deployment.requests, replicas: replicas.map(\.address),
                isComing: canCome && !restarts.isLooping, reason: reason,
                log: RequestLogPlace(file: folder.requestLog.path, keepsBodies: order.deployment.keepsBodies)))
    }

    /// The processes of the replicas, and how many instances there are and should be.
    func standing() -> (processes: [ProcessIdentity], instances: Int, wanted: Int) {
        let workers = max(1, order?.deployment.workersPerInstance ?? 1)
        return (replicas.flatMap(\.processes), replicas.count / workers, wantedInstances)
    }
}
