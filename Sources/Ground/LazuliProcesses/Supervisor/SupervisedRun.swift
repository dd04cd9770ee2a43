import Glibc
import LazuliResources

/// One run of one plan, from the first file to the last. Single-threaded: state changes only between two signals.
final class SupervisedRun {
    private let folder: SupervisedFolder
    private var limiters = LimiterSet(limiters: [])
    private var running: [Int32: Int] = [:]
    private var endings: [Int: ProcessEnding] = [:]
    private var usage = TreeUsage()
    private var startedAt: Int64?
    /// Why the job's inputs are not protected from it; empty when they are.
    private var openInputs = ""

    init(folder: SupervisedFolder) {
        self.folder = folder
    }

    func perform() throws {
        guard SystemSymbol.becomeChildSubreaper(), let identity = ProcessIdentity(pid: getpid()) else {
            throw SystemFailure("become", "parent of orphaned processes")
        }
        var record = SupervisorRecord(identity: identity, controlGroups: [])
        try StateFile.replace(folder.supervisor, with: record.json, durable: false)

        var outcome: Outcome
        do {
            guard let json = StateFile.json(folder.plan) else {
                throw SupervisorPlan.PlanProblem(description: "The plan of the job cannot be read: \(folder.plan).")
            }
            let plan = try SupervisorPlan(json: json)
            limiters = choose(plan, identity)
            record.controlGroups = limiters.controlGroups
            try StateFile.replace(folder.supervisor, with: record.json, durable: false)
            openInputs = ReadOnlyView.enter(protecting: plan.files.readOnly, writable: plan.files.writable) ?? ""
            outcome = try supervise(plan)
        } catch {
            stopAll(grace: 0)
            outcome = Outcome(
                reason: .couldNotStart, sentence: "The job could not be started. \(error)", startedAt: startedAt,
                endedAt: wallMilliseconds())
        }
        outcome.processorSeconds = usage.processorSeconds
        outcome.peakMemoryBytes = usage.peakBytes
        outcome.limits = [limiters.description, openInputs].filter { !$0.isEmpty }.joined(separator: ". ")
        limiters.remove()
        unlink(folder.plan)
        try StateFile.replace(folder.state, with: StateRecord.ended(outcome).json, durable: true)
    }

    private func choose(_ plan: SupervisorPlan, _ identity: ProcessIdentity) -> LimiterSet {
        let limits = plan.limits
        guard limits.memoryBytes != nil || limits.processorCores != nil else { return limiters }
        return LimiterSet.choose(
            for: limits, in: limits.enforcement == .strongest ? .ofThisProcess() : ControlGroups(),
            name: "lazuli-job-\(identity.pid)-\(identity.startTicks)")
    }

    // MARK: - From start to end

    private func supervise(_ plan: SupervisorPlan) throws -> Outcome {
        if StateFile.exists(folder.cancelRequest) {
            return Outcome(
                reason: .cancelled, sentence: "The job was cancelled before it started.", endedAt: wallMilliseconds())
        }
        try startProcesses(plan)
        let started = StateRecord.started(
            processes: running.keys.sorted().compactMap(ProcessIdentity.init(pid:)), at: startedAt ?? 0,
            limits: limiters.description)
        try StateFile.replace(folder.state, with: started.json, durable: false)
        unlink(folder.plan)

        let stop = watch(plan)
        // A process of the tree that still lives has lost its purpose; it gets a moment to say goodbye.
        stopAll(grace: stop == nil ? min(1, plan.limits.graceSeconds) : 0)
        return decide(plan, stop)
    }

    private func startProcesses(_ plan: SupervisorPlan) throws {
        try limiters.enter()
        defer { limiters.leave() }
        for (index, command) in plan.processes.enumerated() {
            let pid = try start(command)
            running[pid] = index
            if startedAt == nil { startedAt = wallMilliseconds() }
        }
    }

    private func start(_ command: SupervisorPlan.Command) throws -> Int32 {
        var info = stat()
        guard stat(command.workingDirectory, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
            throw SupervisorPlan.PlanProblem(
                description: "Its working directory does not exist: \(command.workingDirectory).")
        }
        let executable = try ExecutableSearch.find(
            command.arguments.first ?? "", path: command.environment["PATH"],
            workingDirectory: command.workingDirectory
        ).get()
        var environment = command.environment
        environment[SupervisedFolder.markVariable] = folder.path
        return try SpawnedProcess.start(
            SpawnedProcess.Order(
                executable: executable, arguments: command.arguments, environment: environment,
                workingDirectory: command.workingDirectory, log: command.logPath))
    }

    // MARK: - Watching

    /// - Returns: why the supervisor ended the job, nil if the job ended by itself.
    private func watch(_ plan: SupervisorPlan) -> StopCause? {
        let limits = plan.limits
        var observer = LimitObserver(plan: plan, limiters: limiters)
        var stop: StopCause?
        var killAt = Double.infinity
        while !running.isEmpty || (stop != nil && hasChildren()) {
            let wake = min(observer.nextLook, killAt)
            let signal = SupervisorSignals.next(within: wake - MonotonicTime.now)
            reap()
            if stop == nil {
                stop = signal == SIGTERM || signal == SIGINT ? .cancelled : firstFailure(plan)
                if stop == nil && !running.isEmpty { stop = observer.look(&usage) }
                if let stop {
                    ProcessTree.signalOwnDescendants(SIGTERM)
                    killAt = MonotonicTime.now + (stop.isUrgent ? 0 : limits.graceSeconds)
                }
            }
            if MonotonicTime.now >= killAt {
                stopAll(grace: 0)
                break
            }
            if stop != nil { observer.pause() }
        }
        reap()
        return stop
    }

    /// With several processes, one that fails ends the others: they would wait for it forever.
    private func firstFailure(_ plan: SupervisorPlan) -> StopCause? {
        guard plan.processes.count > 1, !running.isEmpty,
            let failed = endings.first(where: { !$0.value.succeeded })
        else { return nil }
        return .processFailed(failed.key)
    }

    /// Takes the end of every process that has ended, orphans of the job included.
    private func reap() {
        var word: Int32 = 0
        var resources = rusage()
        while true {
            let pid = wait4(-1, &word, WNOHANG, &resources)
            guard pid > 0 else { return }
            usage.add(resources)
            if let index = running.removeValue(forKey: pid) { endings[index] = ProcessEnding(waitStatus: word) }
        }
    }

    private func hasChildren() -> Bool {
        var info = siginfo_t()
        return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0
    }

    /// Ends what is left of the tree: SIGTERM, then SIGKILL after the grace, until nobody is there.
    private func stopAll(grace: Double) {
        reap()
        guard hasChildren() else { return }
        if grace > 0 {
            ProcessTree.signalOwnDescendants(SIGTERM)
            let deadline = MonotonicTime.now + grace
            while hasChildren() && MonotonicTime.now < deadline {
                _ = SupervisorSignals.next(within: deadline - MonotonicTime.now)
                reap()
            }
        }
        _ = ProcessTree.kill(seconds: 10) {
            self.reap()
            guard self.hasChildren() else { return [] }
            return Set(ProcessTable.descendants(of: [getpid()], in: ProcessTable.all()).map(\.pid))
        }
    }

    // MARK: - The verdict

    private func decide(_ plan: SupervisorPlan, _ stop: StopCause?) -> Outcome {
        let deciding = OutcomeSentence.decidingProcess(endings, stop)
        let status = deciding.flatMap { endings[$0] }
        let killed = status?.succeeded == true ? nil : limiters.killedByLimit()
        let (reason, sentence) = OutcomeSentence.of(
            status: status, process: deciding ?? 0, of: plan.processes.count, stop: stop, killedByLimit: killed)
        return Outcome(
            reason: reason, sentence: sentence, status: status, startedAt: startedAt, endedAt: wallMilliseconds())
    }
}
