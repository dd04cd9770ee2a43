public import LazuliResources

/// Knows which workspaces exist.
public protocol WorkspaceDirectory: Sendable {
    /// The workspace's names in the spelling they were made with.
    /// - Throws: `notFound`, saying which of the three names is wrong.
    func find(_ scope: WorkspaceScope) async throws -> WorkspaceScope
}
