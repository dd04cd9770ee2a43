import Testing

@testable import LazuliLearning

@Suite("How processors are shared")
struct ParallelismTests {
    @Test("Small tables: a trial for each processor, on one thread")
    func small() {
        let shared = Parallelism(processors: 8, trials: nil, cells: 200_000)
        #expect((shared.trials, shared.threads) == (8, 1))
    }

    @Test("Large tables: fewer trials, on more threads, until one trial has all of them")
    func large() {
        let some = Parallelism(processors: 8, trials: nil, cells: 30_000_000)
        #expect((some.trials, some.threads) == (2, 4))
        let one = Parallelism(processors: 8, trials: nil, cells: 3_000_000_000)
        #expect((one.trials, one.threads) == (1, 8))
    }

    @Test("Fewer trials than processors, as the user wants it: the others help where there is enough to do")
    func wanted() {
        let large = Parallelism(processors: 4, trials: 2, cells: 5_000_000)
        #expect((large.trials, large.threads) == (2, 2))
        #expect(Parallelism(processors: 4, trials: 1, threads: 3, cells: 5_000_000).threads == 3)
        let small = Parallelism(processors: 4, trials: 2, cells: 5_000)
        #expect((small.trials, small.threads) == (2, 1))
        #expect(Parallelism(processors: 2, trials: 16, cells: 5_000).trials == 2)
        #expect(Parallelism(processors: 2, trials: 0, cells: 0).trials == 1)
    }
}
