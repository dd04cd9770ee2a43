import Glibc
import LazuliResources

extension Supervisor {
    /// Ends what a killed supervisor left running, removes its control groups and writes the outcome
    /// (`supervisorLost`), so that the folder is whole again. Call it when `status` says `.lost`.
    ///
    /// - Returns: the outcome that stands in the folder now; nil if the supervisor is alive or never came to life.
    @discardableResult
    public static func cleanUpAfterLostSupervisor(folder path: String) throws -> Outcome? {
        let files = SupervisedFolder(resolved(path))
        guard case .lost(let sentence) = status(folder: files.path),
            let record = files.supervisorRecord() ?? files.launchedRecord()
        else {
            if case .ended(let outcome) = status(folder: files.path) { return outcome }
            return nil
        }
        let state = StateFile.json(files.state).flatMap(StateRecord.init(json:))
        let survivors = ProcessTree.kill(seconds: 10) { livingProcesses(of: record, state, in: files.path) }
        for group in record.controlGroups { ControlGroupFolder.remove(group) }
        unlink(files.plan)
        var outcome = Outcome(
            reason: .supervisorLost, sentence: sentence, startedAt: startTime(state), endedAt: wallMilliseconds())
        if !survivors.isEmpty {
            let list = survivors.sorted().map(String.init).joined(separator: ", ")
            outcome.sentence += " Processes that could not be ended: \(list)."
        }
        do {
            try StateFile.replace(files.state, with: StateRecord.ended(outcome).json, durable: true)
        } catch let failure as SystemFailure {
            throw ServiceError(.internalError, failure.description, target: files.path)
        }
        return outcome
    }

    /// Processes of the job that still run: members of its control groups, its recorded main processes, every process
    /// that carries its mark, and all their descendants. Zombies do nothing any more.
    private static func livingProcesses(
        of record: SupervisorRecord, _ state: StateRecord?, in folder: String
    ) -> Set<Int32> {
        var roots = Set(record.controlGroups.flatMap(ControlGroupFolder.members))
        if case .started(let processes, _, _) = state {
            roots.formUnion(processes.filter(\.isAlive).map(\.pid))
        }
        let table = ProcessTable.all().filter { !$0.isZombie }
        for entry in table where ProcessTable.variable(SupervisedFolder.markVariable, of: entry.pid) == folder {
            roots.insert(entry.pid)
        }
        let all = roots.union(ProcessTable.descendants(of: roots, in: table).map(\.pid))
        return all.intersection(table.map(\.pid)).subtracting([getpid()])
    }

    private static func startTime(_ state: StateRecord?) -> Int64? {
        if case .started(_, let time, _) = state { time } else { nil }
    }

    private static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }
}
