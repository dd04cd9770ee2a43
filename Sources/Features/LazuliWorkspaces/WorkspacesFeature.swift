package import LazuliPersistence

/// Workspaces and what comes with them: groups, storage accounts, datastores, connections.
package enum WorkspacesFeature {
    package static let migrations: [Migration] = [WorkspaceTable.migration]
}
