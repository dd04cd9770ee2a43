import Synchronization

/// Tokens whose signature was checked before: checking again would cost a hundred times the look-up.
///
/// Bounded by two generations: when the young one is full it becomes the old one, and what is used moves back.
final class VerifiedTokens: Sendable {
    struct Entry: Sendable {
        let objectID: String
        /// Seconds since 1970.
        let expires: Int
        let run: String?
    }

    private struct State {
        var young: [String: Entry] = [:]
        var old: [String: Entry] = [:]
    }

    private static let mostPerGeneration = 2_048
    private let state = Mutex(State())

    func entry(of token: String) -> Entry? {
        state.withLock { state in
            if let entry = state.young[token] { return entry }
            guard let entry = state.old[token] else { return nil }
            Self.insert(entry, token, &state)
            return entry
        }
    }

    func keep(_ entry: Entry, for token: String) { state.withLock { Self.insert(entry, token, &$0) } }

    private static func insert(_ entry: Entry, _ token: String, _ state: inout State) {
        if state.young.count >= mostPerGeneration {
            state.old = state.young
            state.young = [:]
        }
        state.young[token] = entry
    }
}
