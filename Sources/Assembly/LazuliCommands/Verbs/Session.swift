import Foundation
import LazuliClient
import LazuliResources

/// One command's connection, workspace and screen.
struct Session: Sendable {
    let connection: Connection
    let scope: WorkspaceScope
    let screen: Screen

    var arm: ARMClient { connection.arm }
    var history: RunHistory { RunHistory(arm: arm, scope: scope) }
    var datastores: DatastoreAccess { DatastoreAccess(arm: arm, scope: scope) }

    /// The path of a kind's collection, of one resource, or of one version.
    func path(_ kind: ResourceKind, name: String? = nil, version: String? = nil, parent: String? = nil) -> String {
        let name = name.map { "/" + PercentEncoding.segment($0) } ?? ""
        switch kind.home {
        case .workspaces:
            return "/subscriptions/\(scope.subscription)/resourceGroups/\(scope.resourceGroup)/providers/"
                + "\(WorkspaceScope.provider)/workspaces\(name)"
        case .workspace(let segment): return "\(scope.id)/\(segment)\(name)"
        case .versions(let segment):
            return "\(scope.id)/\(segment)\(name)" + (version.map { "/versions/" + PercentEncoding.segment($0) } ?? "")
        case .deployments(let segment):
            return "\(scope.id)/\(segment)/\(PercentEncoding.segment(parent ?? ""))/deployments\(name)"
        }
    }

    func uploads() -> SnapshotUpload {
        SnapshotUpload(arm: arm, scope: scope, watch: screen.uploadWatcher())
    }

    func waits(_ what: String) -> @Sendable (String) -> Void { screen.waitWatcher(what) }
}
