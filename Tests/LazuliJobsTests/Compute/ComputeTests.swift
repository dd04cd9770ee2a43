import LazuliDomain
import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("Computes")
struct ComputeTests {
    @Test("A size is found in any case and says what a job on it may use")
    func sizes() throws {
        let size = try VMSize.named("STANDARD_ds3_V2")
        #expect(size.name == "Standard_DS3_v2" && size.cores == 4 && size.memoryGiB == 14)
        #expect(size.memoryBytes == 14 << 30)
        #expect(try VMSize.named("Standard_D1_v2").memoryBytes == 7 << 29)
    }

    @Test(
        "A size that is not known is refused with the nearest that is",
        arguments: [
            ("Standard_DS3v2", "Standard_DS3_v2"), ("Standard_NC6s_v2", "Standard_NC6s_v3"),
            ("standard_d2_v22", "Standard_D2_v2"),
        ])
    func unknownSize(name: String, nearest: String) throws {
        let error = try #require(throws: ServiceError.self) { try VMSize.named(name) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("Did you mean \"\(nearest)\"?"))
    }

    @Test("Every size has a name of its own, cores and memory")
    func table() {
        #expect(Set(VMSize.all.map { $0.name.lowercased() }).count == VMSize.all.count)
        for size in VMSize.all { #expect(size.cores > 0 && size.memoryGiB > 0 && size.gpus >= 0, "\(size.name)") }
    }

    @Test(
        "A cluster is read with its nodes and idle time; what is left out has a default",
        arguments: [
            (.emptyObject, 0, 1, 120.0),
            (["minNodeCount": 1, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT5M"], 1, 4, 300),
            (["maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": nil], 0, 2, 120),
        ] as [(JSON, Int, Int, Double)])
    func clusters(scale: JSON, minimum: Int, maximum: Int, idle: Double) throws {
        let target = try ComputeTarget(
            name: "c",
            properties: [
                "computeType": "AmlCompute", "properties": ["vmSize": "Standard_D2_v2", "scaleSettings": scale],
            ])
        #expect(target.kind == .cluster(minimum: minimum, maximum: maximum, idleSeconds: idle))
        #expect(target.size == "Standard_D2_v2")
        #expect(target.capacity(serverlessNodes: 9) == maximum)
    }

    @Test("An instance runs unless it is stopped", arguments: [("Running", 1), ("Stopped", 0), ("", 1)])
    func instances(state: String, capacity: Int) throws {
        let target = try ComputeTarget(
            name: "c", properties: ["computeType": "ComputeInstance", "properties": ["state": .string(state)]])
        #expect(target.capacity(serverlessNodes: 9) == capacity)
    }

    @Test(
        "Jobs on attached computes are refused in a sentence",
        arguments: ["Kubernetes", "Databricks", "VirtualMachine"])
    func attached(type: String) throws {
        let error = try #require(throws: ServiceError.self) {
            try ComputeTarget(name: "c", properties: ["computeType": .string(type)])
        }
        #expect(error.code == .notImplemented)
        #expect(error.message.contains(type))
    }

    @Test("No compute is the machine itself")
    func serverless() {
        let target = ComputeTarget.serverless(size: "Standard_D2_v2")
        #expect(target.kind == .serverless && target.name == "serverless")
        #expect(target.capacity(serverlessNodes: 7) == 7)
    }
}
