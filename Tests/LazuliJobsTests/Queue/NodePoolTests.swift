import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("The nodes of a compute")
struct NodePoolTests {
    private func cluster(_ minimum: Int = 0, _ maximum: Int = 3, idle: String = "PT2M") throws -> ComputeTarget {
        try ComputeTarget(
            name: "cpu",
            properties: [
                "computeType": "AmlCompute",
                "properties": [
                    "scaleSettings": [
                        "minNodeCount": JSON(minimum), "maxNodeCount": JSON(maximum),
                        "nodeIdleTimeBeforeScaleDown": .string(idle),
                    ]
                ],
            ])
    }

    private func instance(_ state: String) throws -> ComputeTarget {
        try ComputeTarget(
            name: "ci", properties: ["computeType": "ComputeInstance", "properties": ["state": .string(state)]])
    }

    @Test("A cluster holds jobs up to its nodes, and again when they end")
    func capacity() throws {
        var pool = NodePool(try cluster())
        #expect(pool.canHold(3, serverlessNodes: 9) && !pool.canHold(4, serverlessNodes: 9))
        pool.take(2, for: try JobRecords.job(1, nodes: 2))
        #expect(pool.busy == 2 && pool.canHold(1, serverlessNodes: 9) && !pool.canHold(2, serverlessNodes: 9))
        pool.take(1, for: try JobRecords.job(2))
        #expect(!pool.canHold(1, serverlessNodes: 9))
        pool.release(1, at: 0)
        #expect(pool.busy == 1 && pool.canHold(2, serverlessNodes: 9))
        pool.release(1, at: 0)
        #expect(pool.busy == 1)
        pool.release(2, at: 0)
        #expect(pool.isUnused)
    }

    @Test("The machine itself holds as many jobs as it is told; an instance one, a stopped one none")
    func otherComputes() throws {
        #expect(NodePool(.serverless(size: nil)).canHold(2, serverlessNodes: 2))
        #expect(!NodePool(.serverless(size: nil)).canHold(3, serverlessNodes: 2))
        #expect(NodePool(try instance("Running")).canHold(1, serverlessNodes: 9))
        #expect(!NodePool(try instance("Running")).canHold(2, serverlessNodes: 9))
        #expect(!NodePool(try instance("Stopped")).canHold(1, serverlessNodes: 9))
    }

    @Test(
        "Freed nodes stay warm for the idle time, then go",
        arguments: [
            (Int64(0), 2), (119_999, 2), (120_000, 0), (1_000_000, 0),
        ])
    func idleTime(later: Int64, idle: Int) throws {
        var pool = NodePool(try cluster())
        pool.take(2, for: try JobRecords.job(1, nodes: 2))
        #expect(pool.load(at: 5000) == NodeLoad(busy: 2, idle: 0))
        pool.release(1, at: 5000)
        #expect(pool.load(at: 5000 + later) == NodeLoad(busy: 0, idle: idle))
    }

    @Test("A job that comes takes a warm node before a cold one")
    func warmNodes() throws {
        var pool = NodePool(try cluster())
        pool.take(2, for: try JobRecords.job(1, nodes: 2))
        pool.release(1, at: 0)
        pool.take(1, for: try JobRecords.job(2))
        #expect(pool.load(at: 1) == NodeLoad(busy: 1, idle: 1))
        #expect(pool.load(at: 200_000) == NodeLoad(busy: 1, idle: 0))
    }

    @Test("The minimum of a cluster is kept for ever, busy ones counted in")
    func minimum() throws {
        var pool = NodePool(try cluster(2, 3))
        #expect(pool.load(at: 0) == NodeLoad(busy: 0, idle: 2))
        pool.take(1, for: try JobRecords.job(1))
        #expect(pool.load(at: 0) == NodeLoad(busy: 1, idle: 1))
        pool.take(2, for: try JobRecords.job(2, nodes: 2))
        #expect(pool.load(at: 0) == NodeLoad(busy: 3, idle: 0))
    }

    @Test("A cluster that shrinks shows no more warm nodes than it may have")
    func shrinking() throws {
        var pool = NodePool(try cluster())
        pool.take(3, for: try JobRecords.job(1, nodes: 3))
        pool.release(1, at: 0)
        pool.update(try cluster(0, 1))
        #expect(pool.load(at: 1) == NodeLoad(busy: 0, idle: 1))
        #expect(!pool.canHold(2, serverlessNodes: 9))
    }

    @Test("A waiting job is told what it waits for")
    func explanations() throws {
        var pool = NodePool(try cluster())
        for id in 1...3 { pool.take(1, for: try JobRecords.job(Int64(id), name: "job-\(id)")) }
        let waiting = try JobRecords.job(9)
        #expect(
            pool.explanation(for: waiting, ahead: 0, serverlessNodes: 9)
                == "Waits for a node of cpu: 3 of 3 are busy with job-1, job-2, job-3.")
        #expect(pool.explanation(for: waiting, ahead: 2, serverlessNodes: 9).hasSuffix(" 2 jobs are ahead of it."))
        let wide = pool.explanation(for: try JobRecords.job(9, nodes: 2), ahead: 0, serverlessNodes: 9)
        #expect(wide.hasPrefix("Waits for 2 nodes of cpu"))
        let never = pool.explanation(for: try JobRecords.job(9, nodes: 4), ahead: 0, serverlessNodes: 9)
        #expect(never.contains("4 nodes") && never.contains("3 at most"))
        pool.update(try cluster(0, 4))
        pool.take(1, for: try JobRecords.job(4, name: "job-4"))
        #expect(pool.explanation(for: waiting, ahead: 0, serverlessNodes: 9).contains("job-3 and 1 more"))
    }

    @Test("A job on a stopped instance is told to have it started")
    func stopped() throws {
        let sentence = NodePool(try instance("Stopped"))
            .explanation(for: try JobRecords.job(), ahead: 0, serverlessNodes: 9)
        #expect(sentence == "Waits for compute instance \"ci\" to be started: it is stopped.")
    }
}
