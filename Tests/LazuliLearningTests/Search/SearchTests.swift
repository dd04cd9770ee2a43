import LazuliResources
import Testing

@testable import LazuliLearning

@Suite("The search")
struct SearchTests {
    private func candidate(_ algorithm: String = "LightGBM") -> Candidate {
        Candidate(algorithm, .trees, ["num_leaves": 31, "learning_rate": 0.1])
    }

    private func search(
        _ candidates: Int, folds: Int = 2, trials: Int? = nil, patience: Int? = nil, sample: Int? = nil
    ) -> Search {
        Search(
            portfolio: (0..<candidates).map { _ in candidate() }, folds: folds, firstSample: sample,
            limits: .init(deadline: 100, trials: trials, patience: patience), seed: 1)
    }

    private func reply(_ order: TrainingOrder, fault: String? = nil) -> TrainingReply {
        TrainingReply(number: order.number, rounds: 10, seconds: 1, processorSeconds: 1, fault: fault)
    }

    private func next(_ search: inout Search) throws -> TrainingOrder {
        let order = search.next(now: 0, reserve: 0)
        return try #require(order)
    }

    @Test("Both folds of the first candidate start at once")
    func startsFolds() throws {
        var search = search(2)
        let orders = [try next(&search), try next(&search)]
        #expect(orders.map(\.fold) == [0, 1])
    }

    @Test("When the portfolio is used up, members of the ensemble are varied too, and none is tried twice")
    func variesMembers() throws {
        var search = Search(
            portfolio: [
                candidate(), Candidate("ExtremeRandomTrees", .trees, ["minSamplesLeaf": 8, "maxFeatures": 0.5]),
            ],
            folds: 1, limits: .init(deadline: 100), seed: 1)
        var tried: [Candidate] = []
        for _ in 0..<12 {
            let order = try next(&search)
            tried.append(order.candidate)
            let isForest = order.candidate.algorithm == "ExtremeRandomTrees"
            _ = search.note(reply(order), loss: isForest ? 2 : 1, predictions: [])
            search.note(members: [1], isProgress: false)
        }
        #expect(tried.dropFirst(2).contains { $0.algorithm == "ExtremeRandomTrees" })
        #expect(tried.indices.allSatisfy { !tried[..<$0].contains(tried[$0]) })
    }

    @Test("Never more candidates are tried than were allowed")
    func keepsTrials() {
        var search = search(5, folds: 1, trials: 3), started = 0
        while let order = search.next(now: 0, reserve: 0) {
            started += 1
            _ = search.note(reply(order), loss: 1, predictions: [])
        }
        #expect(started == 3)
    }

    @Test("Nothing starts when what is left must be kept for the end")
    func keepsReserve() {
        var search = search(2)
        let late = search.next(now: 60, reserve: 45), early = search.next(now: 50, reserve: 45)
        #expect(late == nil && early != nil)
    }

    @Test("An order may take no longer than what is left without the reserve")
    func boundsOrders() {
        var search = search(2)
        let order = search.next(now: 10, reserve: 20)
        #expect(order?.seconds == 70)
    }

    @Test("A candidate that fails is told with its reason, and the next one starts")
    func goesOnAfterFailure() throws {
        var search = search(2, folds: 1)
        let order = try next(&search)
        let ended = search.note(reply(order, fault: "No memory."), loss: nil, predictions: [])
        #expect(ended?.state == .failed("No memory."))
        let other = try next(&search)
        #expect(other.number == 1)
    }

    @Test("A booster that is far behind after its first fold gets no second one")
    func givesUp() throws {
        var search = search(3)
        for _ in 0..<4 {
            let order = try next(&search)
            _ = search.note(reply(order), loss: 1, predictions: [])
        }
        let third = try next(&search)
        let ended = search.note(reply(third), loss: 2, predictions: [])
        #expect(ended?.state == .outrun)
    }

    @Test("A large table begins with a model of a sample, and the candidate is tried again on all rows")
    func beginsWithSample() throws {
        var search = search(1, folds: 1, sample: 500)
        let first = try next(&search)
        #expect(first.sample == 500)
        _ = search.note(reply(first), loss: 1, predictions: [])
        let second = try next(&search)
        #expect(second.sample == nil && second.candidate == first.candidate)
    }

    @Test("After the portfolio come variations of what did best, within their bounds")
    func varies() throws {
        var search = search(1, folds: 1)
        let first = try next(&search)
        _ = search.note(reply(first), loss: 1, predictions: [])
        for _ in 0..<20 {
            let order = try next(&search)
            let leaves = try #require(order.candidate.parameters["num_leaves"].integer)
            #expect((4...255).contains(leaves))
            _ = search.note(reply(order), loss: 1, predictions: [])
        }
    }

    @Test("An order survives being written down")
    func ordersAsJSON() throws {
        var search = search(1)
        let order = try next(&search)
        #expect(TrainingOrder(order.json) == order)
    }
}
