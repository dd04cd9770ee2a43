package import LazuliDomain
package import LazuliResources
import Synchronization

/// Remembers which workspaces exist, since every call asks. A deleted workspace is forgotten by `forget`.
package final class CachedWorkspaceDirectory: WorkspaceDirectory {
    private let service: WorkspaceService
    private let known = Mutex<[WorkspaceScope: WorkspaceScope]>([:])

    package init(_ service: WorkspaceService) { self.service = service }

    package func find(_ scope: WorkspaceScope) async throws -> WorkspaceScope {
        if let found = known.withLock({ $0[scope] }) { return found }
        let found = try await service.record(of: scope).scope
        known.withLock { $0[scope] = found }
        return found
    }

    package func forgetAll() { known.withLock { $0.removeAll() } }
}
