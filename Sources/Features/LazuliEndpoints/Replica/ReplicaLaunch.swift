import Foundation
import LazuliProcesses
import LazuliResources

/// How every replica of a generation is started. Kept in a file, so that a restarted server need not prepare again.
struct ReplicaLaunch: Sendable, Equatable {
    var executable: String
    /// What stands between the executable and the plan's path.
    var arguments: [String]
    var environment: [String: String]
    var workingDirectory: String
    /// The members of the host's plan that all replicas share.
    var plan: JSON
    var memoryBytes: Int64?
    var cores: Double?
    /// The model's files are others' too: a script may read them only.
    var readOnly: [String]

    var json: JSON {
        .object(dropping: [
            ("executable", .string(executable)), ("arguments", .array(arguments.map(JSON.string))),
            ("environment", JSON(environment)), ("workingDirectory", .string(workingDirectory)), ("plan", plan),
            ("memoryBytes", memoryBytes.map(JSON.integer)), ("cores", cores.map(JSON.number)),
            ("readOnly", .array(readOnly.map(JSON.string))),
        ])
    }

    init(
        executable: String, arguments: [String], environment: [String: String], workingDirectory: String, plan: JSON,
        memoryBytes: Int64?, cores: Double?, readOnly: [String]
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.plan = plan
        self.memoryBytes = memoryBytes
        self.cores = cores
        self.readOnly = readOnly
    }

    init?(json: JSON) {
        guard let executable = json["executable"].string, let folder = json["workingDirectory"].string else {
            return nil
        }
        func strings(_ member: String) -> [String] { json[member].array?.compactMap(\.string) ?? [] }
        let variables = (json["environment"].object?.pairs ?? []).compactMap { pair in
            pair.value.string.map { (pair.key, $0) }
        }
        self.init(
            executable: executable, arguments: strings("arguments"),
            environment: Dictionary(variables, uniquingKeysWith: { $1 }), workingDirectory: folder, plan: json["plan"],
            memoryBytes: json["memoryBytes"].integer.map(Int64.init), cores: json["cores"].number,
            readOnly: strings("readOnly"))
    }
}
