import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("The processes of a distributed job")
struct DistributionTests {
    @Test("A job of one process on one node gets no rank variables")
    func single() {
        let plain = Distribution(.null, nodes: 1)
        #expect(plain.processCount == 1)
        #expect(plain.variables(process: 0, port: 9).isEmpty)
    }

    @Test("Several nodes without a framework still know their places")
    func nodesAlone() {
        let nodes = Distribution(.null, nodes: 3)
        let variables = nodes.variables(process: 2, port: 9)
        #expect(nodes.processCount == 3)
        #expect(variables["NODE_RANK"] == "2" && variables["WORLD_SIZE"] == "3" && variables["LOCAL_RANK"] == "0")
    }

    @Test(
        "PyTorch processes have a rank in the world and one in their node",
        arguments: [
            (0, "0", "0"), (1, "0", "1"), (2, "1", "0"), (3, "1", "1"),
        ])
    func pytorch(rank: Int, node: String, local: String) {
        let job = Distribution(["distributionType": "PyTorch", "processCountPerInstance": 2], nodes: 2)
        let variables = job.variables(process: rank, port: 4321)
        #expect(job.processCount == 4)
        #expect(variables["RANK"] == "\(rank)" && variables["WORLD_SIZE"] == "4")
        #expect(
            variables["NODE_RANK"] == node && variables["LOCAL_RANK"] == local && variables["LOCAL_WORLD_SIZE"] == "2")
        #expect(variables["MASTER_ADDR"] == "127.0.0.1" && variables["MASTER_PORT"] == "4321")
        #expect(variables["OMPI_COMM_WORLD_RANK"] == nil && variables["TF_CONFIG"] == nil)
    }

    @Test("MPI processes have the variables of its launcher beside")
    func mpi() {
        let job = Distribution(["distributionType": "Mpi", "processCountPerInstance": 4], nodes: 1)
        let variables = job.variables(process: 3, port: 9)
        #expect(variables["OMPI_COMM_WORLD_RANK"] == "3" && variables["OMPI_COMM_WORLD_SIZE"] == "4")
        #expect(variables["OMPI_COMM_WORLD_LOCAL_RANK"] == "3" && variables["OMPI_COMM_WORLD_LOCAL_SIZE"] == "4")
    }

    @Test(
        "TensorFlow processes read who they are from their cluster's configuration",
        arguments: [
            (0, "worker", 0), (1, "worker", 1), (2, "ps", 0),
        ])
    func tensorFlow(rank: Int, type: String, index: Int) throws {
        let job = Distribution(
            ["distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 1], nodes: 3)
        #expect(job.processCount == 3)
        let text = try #require(job.variables(process: rank, port: 100)["TF_CONFIG"])
        #expect(
            try JSON(parsing: text) == [
                "cluster": ["worker": ["127.0.0.1:101", "127.0.0.1:102"], "ps": ["127.0.0.1:103"]],
                "task": ["type": .string(type), "index": JSON(index)],
            ])
    }

    @Test("Without parameter servers the cluster names none, and the workers are the nodes")
    func tensorFlowWorkers() throws {
        let job = Distribution(["distributionType": "TensorFlow"], nodes: 2)
        let text = try #require(job.variables(process: 1, port: 100)["TF_CONFIG"])
        #expect(try JSON(parsing: text)["cluster"] == ["worker": ["127.0.0.1:101", "127.0.0.1:102"]])
    }

    @Test("Counts below one mean one", arguments: [0, -4])
    func lowCounts(count: Int) {
        let job = Distribution(["distributionType": "PyTorch", "processCountPerInstance": JSON(count)], nodes: count)
        #expect(job.processCount == 1)
        #expect(job.variables(process: 0, port: 9)["WORLD_SIZE"] == "1")
    }

    @Test(
        "Counts that make no sense are refused when the job is submitted",
        arguments: [
            ["processCountPerInstance": 0], ["processCountPerInstance": 101], ["workerCount": -1], ["workerCount": 0],
            ["parameterServerCount": -1], ["processCountPerInstance": .integer(.max)],
        ] as [JSON])
    func refused(distribution: JSON) throws {
        let error = try #require(throws: ServiceError.self) { try Distribution.check(distribution) }
        #expect(error.code == .invalidArgument)
        #expect(error.target == "$.properties.distribution.\(distribution.object?.keys.first ?? "")")
    }

    @Test(
        "Counts that make sense are taken",
        arguments: [
            .null, ["processCountPerInstance": 1], ["workerCount": 100, "parameterServerCount": 0],
            ["distributionType": "Mpi"],
        ] as [JSON])
    func accepted(distribution: JSON) throws {
        try Distribution.check(distribution)
    }

    @Test("A job stored with counts that make no sense ends no process")
    func senselessCounts() {
        let few = Distribution(["distributionType": "TensorFlow", "workerCount": -1], nodes: 1)
        #expect(few.processCount == 1)
        #expect(few.variables(process: 0, port: 9)["TF_CONFIG"] != nil)
        let many: JSON = ["distributionType": "PyTorch", "processCountPerInstance": .integer(.max)]
        #expect(Distribution(many, nodes: .max).processCount <= Distribution.most * Distribution.most)
    }
}
