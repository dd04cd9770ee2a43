import LazuliResources

/// What a supervisor is to do: the processes of one job, their limits and their end.
public struct SupervisorPlan: Sendable, Equatable {
    /// One process per rank; usually one.
    public var processes: [Command]
    public var limits: Limits
    public var files: Files

    public init(processes: [Command], limits: Limits = Limits(), files: Files = Files()) {
        self.processes = processes
        self.limits = limits
        self.files = files
    }

    /// What the processes may not write, where the system can see to it.
    public struct Files: Sendable, Equatable {
        /// Files and folders that can be read only.
        public var readOnly: [String] = []
        /// What may be written even below those.
        public var writable: [String] = []

        public init(readOnly: [String] = [], writable: [String] = []) {
            self.readOnly = readOnly
            self.writable = writable
        }
    }

    public struct Command: Sendable, Equatable {
        /// The words of the command; the first is looked up in the PATH of `environment`.
        public var arguments: [String]
        /// The complete environment; nothing is inherited from the server.
        public var environment: [String: String]
        public var workingDirectory: String
        /// Receives standard output and standard error, in the order they were written.
        public var logPath: String

        public init(
            arguments: [String], environment: [String: String] = [:], workingDirectory: String, logPath: String
        ) {
            self.arguments = arguments
            self.environment = environment
            self.workingDirectory = workingDirectory
            self.logPath = logPath
        }
    }

    /// Limits of the whole job; nil means none.
    public struct Limits: Sendable, Equatable {
        public var memoryBytes: Int64?
        /// Cores of processor time, for instance 0.5 or 4.
        public var processorCores: Double?
        public var diskQuota: DiskQuota?
        /// Each log file may grow to this size.
        public var logBytes: Int64 = 4 << 30
        public var timeoutSeconds: Double?
        /// Between the request to end (SIGTERM) and the end by force (SIGKILL).
        public var graceSeconds: Double = 10
        public var enforcement: Enforcement = .strongest
        /// Whether memory and logs are looked at now and then for the outcome's sake. What lives for weeks, such as a
        /// model host, goes without where the system enforces the limits alone.
        public var observesUse = true

        public init() {}
    }

    /// How memory and processor limits are enforced.
    public enum Enforcement: String, Sendable {
        /// Control groups where this machine allows them, else watching.
        case strongest
        /// Without control groups, even where they would work.
        case watchingOnly
    }

    /// Bytes that a set of folders may hold together.
    public struct DiskQuota: Sendable, Equatable {
        public var bytes: Int64
        public var folders: [String]

        public init(bytes: Int64, folders: [String]) {
            self.bytes = bytes
            self.folders = folders
        }
    }
}

extension SupervisorPlan {
    /// Writes `plan.json` into the folder, readable by its owner alone: the environment of a job may hold secrets.
    public func write(to folder: String) throws {
        do {
            try StateFile.replace(SupervisedFolder(folder).plan, with: json, mode: 0o600, durable: false)
        } catch let failure as SystemFailure {
            throw ServiceError(.internalError, failure.description, target: folder)
        }
    }

    var json: JSON {
        [
            "processes": .array(processes.map(\.json)),
            "limits": limits.json,
            "readOnly": .array(files.readOnly.map(JSON.string)), "writable": .array(files.writable.map(JSON.string)),
        ]
    }

    init(json: JSON) throws {
        guard let list = json["processes"].array, !list.isEmpty else {
            throw PlanProblem(description: "The plan names no process to start.")
        }
        processes = try list.map(Command.init(json:))
        limits = Limits(json: json["limits"])
        func paths(_ member: String) -> [String] { json[member].array?.compactMap(\.string) ?? [] }
        files = Files(readOnly: paths("readOnly"), writable: paths("writable"))
    }

    struct PlanProblem: Error, CustomStringConvertible { let description: String }
}

extension SupervisorPlan.Command {
    var json: JSON {
        [
            "arguments": .array(arguments.map(JSON.string)), "environment": JSON(environment),
            "workingDirectory": .string(workingDirectory), "logPath": .string(logPath),
        ]
    }

    init(json: JSON) throws {
        guard let arguments = json["arguments"].array?.compactMap(\.string),
            let folder = json["workingDirectory"].string, let log = json["logPath"].string
        else {
            throw SupervisorPlan.PlanProblem(
                description: "A process of the plan lacks arguments, workingDirectory or logPath.")
        }
        let variables = json["environment"].object?.pairs.compactMap { pair in
            pair.value.string.map { (pair.key, $0) }
        }
        self.init(
            arguments: arguments, environment: Dictionary(variables ?? []) { _, last in last },
            workingDirectory: folder, logPath: log)
    }
}

extension SupervisorPlan.Limits {
    var json: JSON {
        .object(dropping: [
            ("memoryBytes", memoryBytes.map(JSON.integer)),
            ("processorCores", processorCores.map(JSON.number)),
            ("diskQuota", diskQuota.map(\.json)),
            ("logBytes", .integer(logBytes)),
            ("timeoutSeconds", timeoutSeconds.map(JSON.number)),
            ("graceSeconds", .number(graceSeconds)),
            ("enforcement", .string(enforcement.rawValue)), ("observesUse", .bool(observesUse)),
        ])
    }

    init(json: JSON) {
        self.init()
        memoryBytes = json["memoryBytes"].integer.map(Int64.init)
        processorCores = json["processorCores"].number
        diskQuota = SupervisorPlan.DiskQuota(json: json["diskQuota"])
        logBytes = json["logBytes"].integer.map(Int64.init) ?? logBytes
        timeoutSeconds = json["timeoutSeconds"].number
        graceSeconds = json["graceSeconds"].number ?? graceSeconds
        observesUse = json["observesUse"].bool ?? observesUse
        enforcement = json["enforcement"].string.flatMap(SupervisorPlan.Enforcement.init) ?? enforcement
    }
}

extension SupervisorPlan.DiskQuota {
    var json: JSON { ["bytes": .integer(bytes), "folders": .array(folders.map(JSON.string))] }

    init?(json: JSON) {
        guard let bytes = json["bytes"].integer else { return nil }
        self.init(bytes: Int64(bytes), folders: json["folders"].array?.compactMap(\.string) ?? [])
    }
}
