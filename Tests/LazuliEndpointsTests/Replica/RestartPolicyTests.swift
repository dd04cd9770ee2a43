import Testing

@testable import LazuliEndpoints

@Suite("Starting again")
struct RestartPolicyTests {
    @Test("The first start comes at once, the next ones after pauses that double up to half a minute")
    func pauses() {
        var policy = RestartPolicy()
        #expect((0..<9).map { _ in policy.ended(after: 0.5) } == [0, 1, 2, 4, 8, 16, 30, 30, 30])
    }

    @Test("Three quick ends in a row are a loop")
    func loop() {
        var policy = RestartPolicy()
        let looping = (0..<4).map { _ in
            _ = policy.ended(after: 1)
            return policy.isLooping
        }
        #expect(looping == [false, false, true, true])
    }

    @Test("A long life is no failure at the start: the count begins again")
    func longLife() {
        var policy = RestartPolicy()
        for _ in 0..<5 { _ = policy.ended(after: 1) }
        #expect(policy.ended(after: RestartPolicy.settled) == 0)
        #expect(!policy.isLooping && policy.failures == 1)
        #expect(policy.ended(after: RestartPolicy.settled.nextDown) == 1)
    }

    @Test("A replica that served clears what was before it")
    func served() {
        var policy = RestartPolicy()
        for _ in 0..<5 { _ = policy.ended(after: 1) }
        policy.served()
        #expect(policy == RestartPolicy())
        #expect(policy.ended(after: 1) == 0)
    }

    @Test("No number of ends overflows the pause")
    func many() {
        var policy = RestartPolicy()
        for _ in 0..<10_000 { #expect(policy.ended(after: 0) <= 30) }
    }
}
