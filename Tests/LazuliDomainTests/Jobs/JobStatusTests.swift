import LazuliDomain
import Testing

@Suite("The life of a job")
struct JobStatusTests {
    private static let events: [JobEvent] = [
        .admitted, .prepared, .started, .exited, .succeeded, .failed, .cancelRequested, .canceled,
    ]

    /// What each status makes of each event, in the order of `events`; a dash where the event has no place.
    private static let table: [(JobStatus, String)] = [
        (.notStarted, "Preparing - - - - Failed CancelRequested Canceled"),
        (.starting, "- - Running Finalizing Completed Failed CancelRequested Canceled"),
        (.provisioning, "- - - - - Failed CancelRequested Canceled"),
        (.preparing, "- Starting Running - - Failed CancelRequested Canceled"),
        (.queued, "Preparing - - - - Failed CancelRequested Canceled"),
        (.running, "- - - Finalizing Completed Failed CancelRequested Canceled"),
        (.finalizing, "- - - - Completed Failed CancelRequested Canceled"),
        (.cancelRequested, "- - - - Canceled Canceled - Canceled"),
        (.completed, "- - - - - - - -"),
        (.failed, "- - - - - - - -"),
        (.canceled, "- - - - - - - -"),
    ]

    @Test("Every status answers every event as the table says", arguments: table)
    func transitions(status: JobStatus, row: String) {
        let found = Self.events.map { status.next(on: $0)?.rawValue ?? "-" }.joined(separator: " ")
        #expect(found == row)
    }

    @Test("The table has every status once")
    func complete() {
        #expect(Set(Self.table.map(\.0)) == Set(JobStatus.allCases))
        #expect(Self.table.count == JobStatus.allCases.count)
    }

    @Test("Only completed, failed and canceled are final")
    func final() {
        #expect(JobStatus.allCases.filter(\.isFinal) == [.completed, .failed, .canceled])
    }

    @Test("Wherever a job stands, it can be made to end", arguments: JobStatus.allCases.filter { !$0.isFinal })
    func ends(status: JobStatus) {
        #expect(status.next(on: .canceled) == .canceled)
        #expect(status.next(on: .failed)?.isFinal == true)
    }
}
