import LazuliEndpoints
import Testing

@testable import LazuliScoringFace

@Suite("The gateway sharing out requests")
struct TrafficTests {
    private func answers(_ bench: GatewayBench) async -> [String: UInt64] {
        await bench.listener.traffic(of: "e").mapValues { $0.statuses[200] ?? 0 }
    }

    @Test("Of ten thousand requests each deployment gets its share within 1.5 points")
    func shares() async throws {
        try await GatewayBench.with(.init(seed: 4)) { bench in
            let replicas = [try await bench.replica("a"), try await bench.replica("b"), try await bench.replica("c")]
            await bench.publish(
                zip(["blue", "green", "grey"], replicas).map { bench.deployment($0, [$1]) },
                traffic: ["blue": 70, "green": 30, "grey": 0])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let client = try await bench.client()
                        try await client.send(String(repeating: GatewayBench.score(), count: 2_500))
                        for _ in 0..<2_500 { #expect(try await client.answer().status == 200) }
                    }
                }
                try await group.waitForAll()
            }
            let counts = await answers(bench)
            #expect(counts.values.reduce(0, +) == 10_000)
            #expect((6_850...7_150).contains(counts["blue"] ?? 0) && counts["grey"] == 0, "\(counts)")
            for replica in replicas { try await replica.end() }
        }
    }

    @Test("A header picks the deployment, whatever its share is")
    func header() async throws {
        try await GatewayBench.with { bench in
            let replicas = [try await bench.replica("a"), try await bench.replica("b")]
            await bench.publish([bench.deployment("blue", [replicas[0]]), bench.deployment("green", [replicas[1]])])
            for name in ["blue", "green"] {
                let answer = try await bench.ask(GatewayBench.score("{}", ["azureml-model-deployment: \(name)"]))
                #expect(answer.status == 200 && answer.headers["azureml-model-deployment"] == name)
            }
            #expect(await answers(bench) == ["blue": 1, "green": 1])
            for replica in replicas { try await replica.end() }
        }
    }

    @Test("A deployment that is not there is answered with the nearest, but not to the SDK, which leaves the header in")
    func unknown() async throws {
        try await GatewayBench.withReplica { bench, _ in
            let header = "azureml-model-deployment: blew"
            let answer = try await bench.ask(GatewayBench.score("{}", [header]))
            #expect(answer.status == 404 && answer.body.contains("Did you mean \\\"blue\\\"?"), "\(answer.body)")
            let agent = "User-Agent: azure-ai-ml/1.30.0 azsdk-python-core/1.35.0"
            #expect(try await bench.ask(GatewayBench.score("{}", [header, agent])).status == 200)
        }
    }

    @Test("One deployment without a share gets all, one of several gets none and the caller hears how to change it")
    func noTraffic() async throws {
        try await GatewayBench.withReplica { bench, replica in
            await bench.publish([bench.deployment("blue", [replica])], traffic: [:])
            #expect(try await bench.ask(GatewayBench.score()).status == 200)
            await bench.publish([bench.deployment("blue", [replica]), bench.deployment("green", [])], traffic: [:])
            let answer = try await bench.ask(GatewayBench.score())
            #expect(answer.status == 404 && answer.body.contains("--traffic"))
            await bench.publish([])
            #expect(try await bench.ask(GatewayBench.score()).status == 404)
        }
    }

    @Test("A mirror gets copies whose answers nobody waits for")
    func mirror() async throws {
        try await GatewayBench.withReplica { bench, blue in
            let shadow = try await bench.replica("s") { _ in .hold }
            await bench.publish(
                [bench.deployment("blue", [blue]), bench.deployment("shadow", [shadow])], mirror: ["shadow": 100])
            let answer = try await bench.ask(GatewayBench.score("[7]"))
            #expect(answer.status == 200 && answer.headers["azureml-model-deployment"] == "blue")
            for await copy in shadow.arrivals.prefix(1) { #expect(copy.body == "[7]") }
            try await shadow.release()
            try await shadow.end()
        }
    }

    @Test("A queue that is full is answered at once, with when to come back")
    func fullQueue() async throws {
        try await GatewayBench.withReplica { bench, blue in
            let cold = bench.deployment("cold", [], isComing: true)
            await bench.publish([bench.deployment("blue", [blue]), cold], mirror: ["cold": 100])
            // Each leaves a copy in the other's queue.
            let client = try await bench.client()
            try await client.send(String(repeating: GatewayBench.score(), count: RequestSettings.longestQueue))
            for _ in 0..<RequestSettings.longestQueue { #expect(try await client.answer().status == 200) }
            let numbers = await bench.listener.traffic(of: "e")["cold"]
            #expect(numbers?.queued == RequestSettings.longestQueue)
            let answer = try await client.ask(GatewayBench.score("{}", ["azureml-model-deployment: cold"]))
            #expect(answer.status == 429 && answer.headers["retry-after"] == "1")
        }
    }

    @Test("A request that waited for as long as it may is answered with when to come back")
    func waitedTooLong() async throws {
        try await GatewayBench.with { bench in
            let replica = try await bench.replica("r") { _ in .hold }
            await bench.publish([bench.deployment("blue", [replica], queueWait: 0.05)])
            async let first = bench.askAtOnce(10)
            for await _ in replica.arrivals.prefix(4) {}
            let waiting = try await bench.ask(GatewayBench.score())
            #expect(waiting.status == 429 && waiting.headers["retry-after"] == "1")
            #expect(waiting.body.contains("50 ms"))
            try await replica.release()
            #expect(try await first == Array(repeating: 200, count: 4) + Array(repeating: 429, count: 6))
            try await replica.end()
        }
    }
}
