import LazuliResources

/// The files of one supervised job. Everything a server must know after its own restart stands here.
struct SupervisedFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// What to do; removed once it is done, because the environment in it may hold secrets.
    var plan: String { "\(path)/plan.json" }
    /// Who supervises, and in which control groups the job runs.
    var supervisor: String { "\(path)/supervisor.json" }
    /// Whom the server launched; it counts until `supervisor.json` is there.
    var launched: String { "\(path)/launched.json" }
    /// `started`, then `ended`.
    var state: String { "\(path)/state.json" }
    /// Its existence asks for the end of the job.
    var cancelRequest: String { "\(path)/cancel" }
    /// What the supervisor itself says when it fails; empty otherwise.
    var supervisorLog: String { "\(path)/supervisor.log" }

    func supervisorRecord() -> SupervisorRecord? {
        StateFile.json(supervisor).flatMap(SupervisorRecord.init(json:))
    }

    func launchedRecord() -> SupervisorRecord? {
        StateFile.json(launched).flatMap(SupervisorRecord.init(json:))
    }

    /// Every process of a job carries this variable, so that those a lost supervisor left behind can be recognised.
    static let markVariable = "LAZULI_JOB_FOLDER"
}

/// The content of `supervisor.json`.
struct SupervisorRecord: Equatable {
    var identity: ProcessIdentity
    var controlGroups: [String]

    var json: JSON {
        ["identity": identity.json, "controlGroups": .array(controlGroups.map(JSON.string))]
    }

    init(identity: ProcessIdentity, controlGroups: [String]) {
        self.identity = identity
        self.controlGroups = controlGroups
    }

    init?(json: JSON) {
        guard let identity = ProcessIdentity(json: json["identity"]) else { return nil }
        self.init(identity: identity, controlGroups: json["controlGroups"].array?.compactMap(\.string) ?? [])
    }
}

/// The content of `state.json`.
enum StateRecord: Equatable {
    case started(processes: [ProcessIdentity], at: Int64, limits: String)
    case ended(Outcome)

    var json: JSON {
        switch self {
        case .started(let processes, let time, let limits):
            [
                "state": "started", "processes": .array(processes.map(\.json)), "startedAt": .integer(time),
                "limits": .string(limits),
            ]
        case .ended(let outcome):
            ["state": "ended", "outcome": outcome.json]
        }
    }

    init?(json: JSON) {
        switch json["state"].string {
        case "started":
            let processes = json["processes"].array?.compactMap(ProcessIdentity.init(json:)) ?? []
            self = .started(
                processes: processes, at: Int64(json["startedAt"].integer ?? 0), limits: json["limits"].string ?? "")
        case "ended":
            guard let outcome = Outcome(json: json["outcome"]) else { return nil }
            self = .ended(outcome)
        default:
            return nil
        }
    }
}
