import GRDB
import LazuliPersistence
import LazuliResources
import Synchronization

/// The principals and assignments of the database, held in memory so that a decision costs no query.
///
/// Services reload it after each write, before they answer: a change is in force at the next call.
final class AccessDirectory: Sendable {
    private struct Question: Hashable {
        let principalID: String
        let action: String
        let scope: String
    }

    private struct State {
        var byObjectID: [String: Principal] = [:]
        var byClientID: [String: Principal] = [:]
        var assignments: [String: [RoleAssignment]] = [:]
        /// Answers given since the last reload.
        var decisions: [Question: Bool] = [:]
        /// The number of the reload that this state came from.
        var generation = 0
    }

    /// Clients choose the scopes they ask about, so the answers kept are bounded.
    private static let mostDecisions = 16_384

    private let database: StateDatabase
    private let state = Mutex(State())
    private let reloads = Mutex(0)

    init(database: StateDatabase) async throws {
        self.database = database
        try await reload()
    }

    /// Reads the tables anew. Of two reloads at once, the one that began later wins: it has seen both writes.
    func reload() async throws {
        let generation = reloads.withLock { count in
            count += 1
            return count
        }
        let (principals, assignments) = try await database.read { database in
            (try Self.principals(in: database), try RoleAssignmentService.all(in: database))
        }
        state.withLock { state in
            guard generation > state.generation else { return }
            state = State(
                byObjectID: Dictionary(principals.map { ($0.objectID, $0) }, uniquingKeysWith: { $1 }),
                byClientID: Dictionary(principals.map { ($0.clientID, $0) }, uniquingKeysWith: { $1 }),
                assignments: Dictionary(grouping: assignments, by: \.principalID),
                generation: generation)
        }
    }

    var principals: [Principal] { state.withLock { Array($0.byObjectID.values) } }

    var assignments: [RoleAssignment] { state.withLock { $0.assignments.values.flatMap { $0 } } }

    func principal(objectID: String) -> Principal? { state.withLock { $0.byObjectID[objectID] } }

    func principal(clientID: String) -> Principal? { state.withLock { $0.byClientID[clientID] } }

    func assignments(of principalID: String) -> [RoleAssignment] {
        state.withLock { $0.assignments[principalID] ?? [] }
    }

    /// Whether one of the principal's roles at or above the scope allows the action.
    func allows(_ action: String, principalID: String, at scope: String) -> Bool {
        let question = Question(principalID: principalID, action: action, scope: scope)
        return state.withLock { state in
            if let known = state.decisions[question] { return known }
            let target = AccessScope(scope)
            let name = ActionName(action)
            let allowed = (state.assignments[principalID] ?? []).contains {
                $0.scope.covers(target) && $0.role.allows(name)
            }
            if state.decisions.count >= Self.mostDecisions { state.decisions.removeAll(keepingCapacity: true) }
            state.decisions[question] = allowed
            return allowed
        }
    }

    private static func principals(in database: Database) throws -> [Principal] {
        try Row.fetchAll(database, sql: "SELECT * FROM principal").map { row in
            Principal(
                objectID: row["objectID"], clientID: row["clientID"], displayName: row["displayName"],
                kind: Principal.Kind(rawValue: row["kind"]) ?? .service, created: row["created"],
                isLocalUser: row["isLocalUser"])
        }
    }
}
