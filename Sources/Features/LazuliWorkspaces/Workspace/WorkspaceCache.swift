import LazuliDomain
package import LazuliResources
import Synchronization

/// Remembers which workspaces exist, since every call asks.
final class WorkspaceCache: Sendable {
    private let known = Mutex<[WorkspaceScope: WorkspaceScope]>([:])

    func found(_ scope: WorkspaceScope) -> WorkspaceScope? { known.withLock { $0[scope] } }
    func remember(_ scope: WorkspaceScope, as found: WorkspaceScope) { known.withLock { $0[scope] = found } }
    func forgetAll() { known.withLock { $0.removeAll() } }
}

extension WorkspaceService: WorkspaceDirectory {
    package func find(_ scope: WorkspaceScope) async throws -> WorkspaceScope {
        if let found = cache.found(scope) { return found }
        let found = try await record(of: scope).scope
        cache.remember(scope, as: found)
        return found
    }
}
