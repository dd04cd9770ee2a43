import Foundation
import LazuliResources

/// The processes of a job that runs on several nodes or with several processes a node, and their rank variables.
struct Distribution: Sendable {
    let type: String
    let nodes: Int
    let processesPerNode: Int
    let workers: Int
    let parameterServers: Int

    init(_ distribution: JSON, nodes: Int) {
        type = distribution["distributionType"].string ?? ""
        func count(_ member: String, _ usual: Int, from least: Int) -> Int {
            min(max(least, distribution[member].integer ?? usual), Self.most)
        }
        self.nodes = min(max(1, nodes), Self.most)
        processesPerNode = count("processCountPerInstance", 1, from: 1)
        workers = count("workerCount", self.nodes, from: 1)
        parameterServers = count("parameterServerCount", 0, from: 0)
    }

    /// The largest count of any kind; larger ones are refused when the job is submitted.
    static let most = 100

    /// - Throws: `invalidArgument` for a count that makes no sense.
    static func check(_ distribution: JSON) throws {
        for member in ["processCountPerInstance", "workerCount", "parameterServerCount"] {
            guard let count = distribution[member].integer else { continue }
            guard ((member == "parameterServerCount" ? 0 : 1)...most).contains(count) else {
                throw ServiceError(
                    .invalidArgument, "\(member) is \(count); it must be between 1 and \(most).",
                    target: "$.properties.distribution.\(member)")
            }
        }
    }

    var processCount: Int { type == "TensorFlow" ? max(1, workers + parameterServers) : nodes * processesPerNode }

    /// - Parameter port: a free port of this machine for the processes to meet at.
    func variables(process rank: Int, port: Int) -> [String: String] {
        guard processCount > 1 || !type.isEmpty else { return [:] }
        let node = rank / processesPerNode, local = rank % processesPerNode
        var variables = [
            "AZUREML_NODE_COUNT": "\(nodes)", "AZ_BATCH_MASTER_NODE": "127.0.0.1:\(port)", "NODE_RANK": "\(node)",
            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)", "WORLD_SIZE": "\(processCount)", "RANK": "\(rank)",
            "LOCAL_RANK": "\(local)", "LOCAL_WORLD_SIZE": "\(processesPerNode)",
        ]
        switch type {
        case "Mpi":
            variables["OMPI_COMM_WORLD_RANK"] = "\(rank)"
            variables["OMPI_COMM_WORLD_SIZE"] = "\(processCount)"
            variables["OMPI_COMM_WORLD_LOCAL_RANK"] = "\(local)"
            variables["OMPI_COMM_WORLD_LOCAL_SIZE"] = "\(processesPerNode)"
        case "TensorFlow": variables["TF_CONFIG"] = tensorFlowConfiguration(rank, port).text
        default: break
        }
        return variables
    }

    private func tensorFlowConfiguration(_ rank: Int, _ port: Int) -> JSON {
        func addresses(_ from: Int, _ count: Int) -> JSON {
            .array((from..<(from + count)).map { .string("127.0.0.1:\(port + 1 + $0)") })
        }
        var cluster: JSON = ["worker": addresses(0, workers)]
        if parameterServers > 0 { cluster["ps"] = addresses(workers, parameterServers) }
        let isWorker = rank < workers
        return [
            "cluster": cluster,
            "task": ["type": isWorker ? "worker" : "ps", "index": JSON(isWorker ? rank : rank - workers)],
        ]
    }
}
