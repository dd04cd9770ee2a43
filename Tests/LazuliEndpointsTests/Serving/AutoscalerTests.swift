import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("Following the load")
struct AutoscalerTests {
    /// One scaler with the load it looks at; a moment's load is given as busy replicas.
    private struct Bench {
        var scaler = Autoscaler()
        var numbers = TrafficNumbers()
        var time: Int64 = 1_000_000_000
        var instances: Int
        let deployment: OnlineDeployment

        init(_ least: Int, _ most: Int, instances: Int, workers: Int = 1) {
            deployment = OnlineDeployment([
                "properties": [
                    "environmentVariables": ["WORKER_COUNT": .string("\(workers)")],
                    "scaleSettings": [
                        "scaleType": "TargetUtilization", "minInstances": JSON(least), "maxInstances": JSON(most),
                        "pollingInterval": "PT1S", "targetUtilizationPercentage": 50,
                    ],
                ]
            ])
            self.instances = scaler.look(numbers, deployment, instances: instances, at: time)
        }

        /// Lets time pass in looks of a second.
        /// - Parameter busy: replicas that worked all the while.
        @discardableResult
        mutating func pass(seconds: Int, busy: Double, queued: Int = 0) -> Int {
            numbers.queued = queued
            for _ in 0..<seconds {
                time += 1_000
                numbers.busyNanoseconds += UInt64(busy * 1e9)
                if busy > 0 { numbers.lastRequestAt = time }
                instances = scaler.look(numbers, deployment, instances: instances, at: time)
            }
            return instances
        }
    }

    @Test(
        "There are as many instances as keep each below its target",
        arguments: [(0.2, 1), (0.5, 1), (0.6, 2), (1.0, 2), (1.4, 3), (2.5, 5)])
    func grows(busy: Double, expected: Int) {
        var bench = Bench(1, 10, instances: 1)
        #expect(bench.pass(seconds: 1, busy: busy) == expected)
    }

    @Test("An instance of several workers does the work of several")
    func workers() {
        var bench = Bench(1, 10, instances: 1, workers: 4)
        #expect(bench.pass(seconds: 1, busy: 2) == 1)
        #expect(bench.pass(seconds: 1, busy: 3) == 2)
    }

    @Test("A queue asks for one more at each look, however idle the replicas seem")
    func queue() {
        var bench = Bench(1, 4, instances: 1)
        #expect(bench.pass(seconds: 1, busy: 0.1, queued: 3) == 2)
        #expect(bench.pass(seconds: 1, busy: 0.1, queued: 3) == 3)
    }

    @Test("Neither load nor rest leads out of what was asked for")
    func bounds() {
        var bench = Bench(2, 3, instances: 2)
        #expect(bench.pass(seconds: 5, busy: 50, queued: 10) == 3)
        #expect(bench.pass(seconds: 600, busy: 0) == 2)
    }

    @Test("Instances go when the load was low for 30 seconds, not before")
    func calm() {
        var bench = Bench(1, 4, instances: 1)
        #expect(bench.pass(seconds: 1, busy: 2) == 4)
        #expect(bench.pass(seconds: 29, busy: 0.2) == 4)
        #expect(bench.pass(seconds: 1, busy: 0.2) == 1)
    }

    @Test("A peak in between starts the wait for calm again")
    func peak() {
        var bench = Bench(1, 4, instances: 1)
        bench.pass(seconds: 1, busy: 2)
        bench.pass(seconds: 20, busy: 0.2)
        bench.pass(seconds: 1, busy: 2)
        #expect(bench.pass(seconds: 29, busy: 0.2) == 4)
        #expect(bench.pass(seconds: 1, busy: 0.2) == 1)
    }

    /// Seconds without a request after which a deployment may go to zero.
    private static let idle = Int(Autoscaler.idleBeforeZero / 1_000)

    @Test("A deployment goes to zero after its time without a request, if its least is zero")
    func zero() {
        var bench = Bench(0, 2, instances: 1)
        bench.pass(seconds: 1, busy: 0.1)
        #expect(bench.pass(seconds: Self.idle - 1, busy: 0) == 1)
        #expect(bench.pass(seconds: 1, busy: 0) == 0)
        var other = Bench(1, 2, instances: 1)
        #expect(other.pass(seconds: 600, busy: 0) == 1)
    }

    @Test("What was just started waits as long for its first request as for its next")
    func fresh() {
        var bench = Bench(0, 4, instances: 3)
        #expect(bench.pass(seconds: 29, busy: 0) == 3)
        #expect(bench.pass(seconds: max(0, Self.idle - 30), busy: 0) > 0)
        #expect(bench.pass(seconds: 1, busy: 0) == 0)
    }

    @Test("What a request woke stays as if it had served it")
    func woken() {
        var bench = Bench(0, 2, instances: 1)
        #expect(bench.pass(seconds: 120, busy: 0) == 0)
        bench.scaler.woken(at: bench.time)
        bench.instances = 1
        #expect(bench.pass(seconds: Self.idle - 1, busy: 0) == 1)
        #expect(bench.pass(seconds: 1, busy: 0) == 0)
    }

    @Test("A look that comes too early changes nothing")
    func early() {
        var bench = Bench(1, 4, instances: 1)
        bench.numbers.busyNanoseconds += 5_000_000_000
        let early = bench.scaler.look(bench.numbers, bench.deployment, instances: 1, at: bench.time + 500)
        #expect(early == 1)
    }

    @Test("A new order starts with its instance count, within its bounds", arguments: [(1, 2), (3, 3), (9, 5)])
    func order(capacity: Int, expected: Int) {
        let scaled = OnlineDeployment([
            "sku": ["capacity": JSON(capacity)],
            "properties": [
                "scaleSettings": ["scaleType": "TargetUtilization", "minInstances": 2, "maxInstances": 5]
            ],
        ])
        #expect(Autoscaler().instances(for: scaled) == expected)
        let fixed = OnlineDeployment(["sku": ["capacity": JSON(capacity)], "properties": .emptyObject])
        #expect(Autoscaler().instances(for: fixed) == capacity)
        var scaler = Autoscaler()
        #expect(scaler.look(TrafficNumbers(), fixed, instances: 1, at: 1) == capacity)
    }
}
