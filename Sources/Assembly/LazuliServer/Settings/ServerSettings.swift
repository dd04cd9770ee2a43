package import Foundation
import LazuliResources

/// How a server is run. Every member has a default that needs no thought.
package struct ServerSettings: Sendable {
    /// The state folder: everything the server knows.
    package var home: URL
    /// The address all listeners bind to.
    package var host = "127.0.0.1"
    /// The management API (TLS). 0 takes any free port.
    package var port = 7701
    /// The blob service (TLS).
    package var blobPort = 7702
    /// The studio and MLflow (plain, this machine alone).
    package var httpPort = 7700
    /// Scoring (plain and TLS on one port). Nil takes 7703, or any free port when the plain listener has a free one.
    package var scoringPort: Int?
    /// The proxy of `lazuli env --proxy` (plain, this machine alone); nil goes beside the plain listener: its usual port,
    /// or any if that takes any.
    package var proxyPort: Int?
    /// Seconds that a call waits for the replicas of a deployment before it says that they are on their way.
    package var deploymentPatience = 10.0
    /// Names and addresses beside those of this machine that the certificate is made out to.
    package var names: [String] = []
    /// How many jobs that name no compute run at once.
    package var serverlessNodes = max(2, ProcessInfo.processInfo.activeProcessorCount)
    /// Addresses on the web that are served from elsewhere, by prefix.
    package var mirrors: [(prefix: String, replacement: String)] = []
    /// Whether calls on the plain listener need a token too; without, they speak for the owner.
    package var requireToken = false
    package var first = FirstWorkspace()

    package init(home: URL) { self.home = home }

    /// What a new state folder is furnished with.
    package struct FirstWorkspace: Sendable {
        package var subscription = "00000000-0000-0000-0000-000000000001"
        package var resourceGroup = "lazuli"
        package var workspace = "workspace"

        var scope: WorkspaceScope {
            WorkspaceScope(subscription: subscription, resourceGroup: resourceGroup, workspace: workspace)
        }
    }
}
