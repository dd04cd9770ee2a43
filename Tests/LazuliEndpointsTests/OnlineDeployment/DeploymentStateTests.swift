import LazuliEndpoints
import Testing

@Suite("Where a deployment stands")
struct DeploymentStateTests {
    private static let events: [DeploymentState.Event] = [.submitted, .served, .refused, .removed]

    @Test(
        "Every state answers every event as the table says",
        arguments: [
            (nil, [.creating, .succeeded, .failed, .deleting]),
            (.creating, [.creating, .succeeded, .failed, .deleting]),
            (.updating, [.updating, .succeeded, .failed, .deleting]),
            (.succeeded, [.updating, .succeeded, .failed, .deleting]),
            // What never served is created anew.
            (.failed, [.creating, .succeeded, .failed, .deleting]),
            (.deleting, [.deleting, .deleting, .deleting, .deleting]),
        ] as [(DeploymentState?, [DeploymentState])])
    func table(state: DeploymentState?, expected: [DeploymentState]) {
        #expect(Self.events.map { DeploymentState.next(state, on: $0) } == expected)
    }

    @Test("An operation has come to its end when it succeeded or failed, and not before")
    func final() {
        let all: [DeploymentState] = [.creating, .updating, .succeeded, .failed, .deleting]
        #expect(all.filter(\.isFinal) == [.succeeded, .failed])
    }
}
