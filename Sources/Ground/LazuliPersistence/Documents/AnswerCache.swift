import GRDB
import LazuliResources
import Synchronization

/// Finished answers to reads of one document, kept in memory until a commit changes that document.
///
/// It watches the database's own commits, so that no writer has to think of it: before a write is acknowledged, what it
/// changed is forgotten here.
final class AnswerCache: TransactionObserver, Sendable {
    private struct State {
        var answers: [DocumentKey: Reply] = [:]
        var keys: [Int64: DocumentKey] = [:]
        /// Rows that the open transaction has touched.
        var touched: Set<Int64> = []
        var commits = 0
    }

    /// A reading that began before a commit must not be kept after it: this says which commits a reading knows of.
    struct Moment: Sendable { fileprivate let commits: Int }

    /// With answers of at most `largestAnswer` bytes: 16 MiB when all is full, a few in practice.
    private static let mostAnswers = 2_048
    private static let largestAnswer = 8_192

    private let state = Mutex(State())

    func answer(for key: DocumentKey) -> Reply? { state.withLock { $0.answers[key] } }

    /// To be taken before the document is read.
    func now() -> Moment { state.withLock { Moment(commits: $0.commits) } }

    func keep(_ reply: Reply, of document: Document, asOf moment: Moment) {
        guard case .text(let text) = reply.body, text.count <= Self.largestAnswer else { return }
        state.withLock { state in
            guard state.commits == moment.commits else { return }
            if state.answers.count >= Self.mostAnswers {
                state.answers = [:]
                state.keys = [:]
            }
            state.answers[document.key] = reply
            state.keys[document.id] = document.key
        }
    }

    // MARK: TransactionObserver

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { eventKind.tableName == DocumentTable.name }

    func databaseDidChange(with event: DatabaseEvent) { state.withLock { _ = $0.touched.insert(event.rowID) } }

    func databaseDidCommit(_ database: Database) {
        state.withLock { state in
            guard !state.touched.isEmpty else { return }
            state.commits += 1
            for row in state.touched {
                if let key = state.keys.removeValue(forKey: row) { state.answers[key] = nil }
            }
            state.touched = []
        }
    }

    func databaseDidRollback(_ database: Database) { state.withLock { $0.touched = [] } }
}
