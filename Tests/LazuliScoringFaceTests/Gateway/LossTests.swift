import LazuliEndpoints
import NIOCore
import Testing

@testable import LazuliScoringFace

@Suite("The gateway when replicas come and go")
struct LossTests {
    @Test("Of a replica that dies the request it worked on is lost, and all others are answered by another")
    func dying() async throws {
        try await GatewayBench.with { bench in
            let first = Shared<UInt32?>(nil)
            let dying = try await bench.replica("dying") { request in
                if request.number == 0 { first.value = request.id }
                return request.number == 2 ? .die(at: first.value) : .hold
            }
            let other = try await bench.replica("other") { _ in .hold }
            await bench.publish([bench.deployment("blue", [dying, other])])
            async let statuses = bench.askAtOnce(8)
            for await _ in dying.arrivals.prefix(3) {}
            try await other.release()
            #expect(try await statuses == Array(repeating: 200, count: 7) + [502])
            try await other.end()
        }
    }

    @Test("A replica that dies between two requests loses none")
    func dyingIdle() async throws {
        try await GatewayBench.with { bench in
            let dying = try await bench.replica("dying") { $0.number == 2 ? .die(at: nil) : .hold }
            let other = try await bench.replica("other") { _ in .hold }
            await bench.publish([bench.deployment("blue", [dying, other])])
            async let statuses = bench.askAtOnce(8)
            for await _ in dying.arrivals.prefix(3) {}
            try await other.release()
            #expect(try await statuses == Array(repeating: 200, count: 8))
            try await other.end()
        }
    }

    @Test("A request that its replica never ends is answered, the others by the replica's successor")
    func hanging() async throws {
        try await GatewayBench.with { bench in
            let hanging = try await bench.replica("hanging") { $0.number == 0 ? .hang : .hold }
            let next = try await bench.replica("next")
            await bench.publish([bench.deployment("blue", [hanging])])
            async let statuses = bench.askAtOnce(3)
            for await _ in hanging.arrivals.prefix(3) {}
            await bench.publish([bench.deployment("blue", [hanging], timeout: 0.05)])
            var overdue: [ReplicaAddress] = []
            for await event in bench.listener.events {
                guard case .overdue(let id, let address) = event else { continue }
                #expect(id.name == "blue")
                overdue.append(address)
                break
            }
            #expect(overdue == [hanging.address])
            await bench.publish([bench.deployment("blue", [next], timeout: 30)])
            #expect(try await statuses == [200, 200, 408])
            try await hanging.end()
            let asked = await hanging.arrivals.reduce(0) { count, _ in count + 1 }
            #expect(asked == 0, "What hangs was asked again.")
            try await next.end()
        }
    }

    @Test("A request wakes a deployment that is scaled to zero and is answered once a replica is there")
    func waking() async throws {
        try await GatewayBench.with { bench in
            await bench.publish([bench.deployment("blue", [], isComing: true)])
            async let statuses = bench.askAtOnce(1)
            for await event in bench.listener.events {
                guard case .wanted(let id) = event else { continue }
                #expect(id == DeploymentID(scope: GatewayBench.scope, endpoint: "e", name: "blue"))
                break
            }
            let replica = try await bench.replica("r")
            await bench.publish([bench.deployment("blue", [replica])])
            #expect(try await statuses == [200])
            try await replica.end()
        }
    }

    @Test("A deployment that will not come says so, with its reason, and when to come back")
    func absent() async throws {
        try await GatewayBench.with { bench in
            await bench.publish([bench.deployment("blue", [], reason: "The script has an error.")])
            let answer = try await bench.ask(GatewayBench.score())
            #expect(answer.status == 503 && answer.headers["retry-after"] == "2")
            #expect(answer.body.contains("The script has an error."))
        }
    }

    @Test("Replicas that are swapped under load answer what they took in: no request is lost")
    func swaps() async throws {
        try await GatewayBench.with { bench in
            let isOver = Shared(false)
            var current = try await bench.replica("r0")
            await bench.publish([bench.deployment("blue", [current])])
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let client = try await bench.client()
                        var statuses: [Int] = []
                        while !isOver.value {
                            statuses.append(try await client.ask(GatewayBench.score()).status)
                        }
                        return statuses
                    }
                }
                for number in 1...30 {
                    let next = try await bench.replica("r\(number)")
                    for await _ in current.arrivals.prefix(3) {}
                    await bench.publish([bench.deployment("blue", [next])])
                    try await current.end()
                    current = next
                }
                isOver.value = true
                for try await statuses in group { #expect(statuses.allSatisfy { $0 == 200 }) }
            }
            try await current.end()
        }
    }

    @Test("A picture that takes a replica away is shown once the replica has answered")
    func leaving() async throws {
        try await GatewayBench.with { bench in
            let old = try await bench.replica("old") { $0.number == 0 ? .hold : .answer() }
            let new = try await bench.replica("new")
            await bench.publish([bench.deployment("blue", [old])])
            async let statuses = bench.askAtOnce(1)
            for await _ in old.arrivals.prefix(1) {}
            let isReleased = Shared(false), isReplaced = Shared(false)
            async let shown: Bool = {
                await bench.publish([bench.deployment("blue", [new])])
                return isReleased.value
            }()
            // Asked until the new one is: the old one still works then.
            async let probes: Void = {
                while !isReplaced.value { _ = try await bench.ask(GatewayBench.score()) }
            }()
            for await _ in new.arrivals.prefix(1) {}
            isReplaced.value = true
            try await probes
            isReleased.value = true
            try await old.release()
            #expect(await shown)
            #expect(try await statuses == [200])
            for replica in [old, new] { try await replica.end() }
        }
    }

    @Test("An endpoint that is withdrawn answers what waits, and ends however little can be done about it")
    func withdrawn() async throws {
        try await GatewayBench.with { bench in
            await bench.publish([bench.deployment("blue", [], isComing: true, queueWait: 0.03)])
            async let statuses = bench.askAtOnce(1)
            for await event in bench.listener.events { if case .wanted = event { break } }
            await bench.listener.withdraw("e")
            let (waited, late) = (try await statuses, try await bench.ask(GatewayBench.score()).status)
            #expect(waited == [503] && late == 404)
        }
    }

    @Test("A host that speaks out of turn is left, and a request that meets only such hosts is answered")
    func babble() async throws {
        try await GatewayBench.withReplica(.init(), { _ in .babble }) { bench, _ in
            let answer = try await bench.ask(GatewayBench.score())
            #expect(answer.status == 502)
        }
    }

    @Test("Of two pictures the one of the higher edition counts, in whatever order they come")
    func editions() async throws {
        try await GatewayBench.withReplica { bench, replica in
            var picture = ServedEndpoint(
                name: "e", scope: GatewayBench.scope, access: .keys(["new"]), traffic: TrafficSplit(["blue": 100]),
                mirror: TrafficSplit(), deployments: [bench.deployment("blue", [replica])])
            picture.edition = 2
            await bench.listener.publish(picture)
            (picture.edition, picture.access) = (1, .keys(["old"]))
            await bench.listener.publish(picture)
            for (key, status) in [("old", 401), ("new", 200)] {
                let answer = try await bench.ask(GatewayBench.score(key: key))
                #expect(answer.status == status)
            }
        }
    }
}
