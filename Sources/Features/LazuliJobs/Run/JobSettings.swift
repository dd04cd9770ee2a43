package import Foundation
package import LazuliDomain
package import LazuliResources

/// What the assembly gives to the running of jobs.
package struct JobSettings: Sendable {
    /// The folder that holds a folder per job.
    package var jobsFolder: URL
    /// This program, which also is the supervisor.
    package var executable: String
    /// Makes or finds the environment; tells its progress line by line.
    package var environment:
        @Sendable (_ asset: ResolvedAsset, _ onLine: @escaping @Sendable (String) -> Void) async throws
            -> ReadyEnvironment
    /// The variables that point stock clients inside the job at this server, as the job's submitter.
    package var serverVariables:
        @Sendable (_ scope: WorkspaceScope, _ submitter: Caller) async throws -> [String: String]
    /// A link by which a file of a workspace's artifact container can be read without a token.
    package var artifactLink: @Sendable (_ scope: WorkspaceScope, _ path: String) async throws -> String
    /// Addresses that are served from elsewhere, by prefix; for machines without a way out.
    package var mirrors: [(prefix: String, replacement: String)]
    /// How many nodes the machine offers to jobs that name no compute.
    package var serverlessNodes: Int

    package init(
        jobsFolder: URL, executable: String, serverlessNodes: Int, mirrors: [(prefix: String, replacement: String)],
        environment:
            @escaping @Sendable (ResolvedAsset, @escaping @Sendable (String) -> Void) async throws
            -> ReadyEnvironment,
        serverVariables: @escaping @Sendable (WorkspaceScope, Caller) async throws -> [String: String],
        artifactLink: @escaping @Sendable (WorkspaceScope, String) async throws -> String
    ) {
        self.jobsFolder = jobsFolder
        self.executable = executable
        self.serverlessNodes = serverlessNodes
        self.mirrors = mirrors
        self.environment = environment
        self.serverVariables = serverVariables
        self.artifactLink = artifactLink
    }
}
