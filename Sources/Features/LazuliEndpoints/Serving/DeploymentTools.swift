import Foundation
import LazuliDomain
import LazuliProcesses
import LazuliResources

/// One writing of a deployment's document.
struct DeploymentOrder: Sendable {
    let deployment: OnlineDeployment
    /// Tells it from the ones before.
    let submission: Int64
}

/// What is needed to start replicas of one content of a deployment.
struct PreparedContent: Sendable {
    let fingerprint: String
    let folder: GenerationFolder
    let launch: ReplicaLaunch
}

/// What the controllers of deployments share.
struct DeploymentTools: Sendable {
    let settings: EndpointSettings
    let check: DeploymentCheck
    let preparation: ReplicaPreparation
    let gateway: any ScoringGateway
    let clock: WallClock
    /// Puts a deployment into the picture that the gateway serves.
    let show: @Sendable (ServedDeployment) async -> Void
    /// Writes down where a deployment stands.
    let report: @Sendable (DeploymentState.Event, String, DeploymentID, DeploymentOrder?) async -> Void

    func prepare(
        _ order: DeploymentOrder, _ id: DeploymentID, _ folder: DeploymentFolder
    ) async -> Result<PreparedContent, ServiceError> {
        do {
            let parts = try await check.parts(of: order.deployment, in: id.scope)
            let fingerprint = parts.fingerprint(order.deployment)
            let generation = GenerationFolder(root: folder.generation(fingerprint))
            let launch = try await preparation.launch(
                order.deployment, parts, id: id, in: generation, log: LineLog(folder.stagingLog))
            return .success(PreparedContent(fingerprint: fingerprint, folder: generation, launch: launch))
        } catch let error as ServiceError {
            return .failure(error)
        } catch {
            return .failure(ServiceError(.internalError, "The deployment could not be prepared: \(error)"))
        }
    }

    func start(_ content: PreparedContent, log: URL) throws -> Replica {
        try Replica.start(
            content.launch, in: content.folder, sockets: settings.sockets, log: log, executable: settings.executable,
            at: clock.now())
    }

    /// Waits for replicas, and says why one of them did not come up.
    func readiness(of replicas: [Replica], within seconds: Double, log: URL) async -> Result<Void, ServiceError> {
        let deadline = ContinuousClock.now + .seconds(seconds)
        for replica in replicas {
            if (try? await replica.isReady(before: deadline)) == true { continue }
            return .failure(ServiceError(.invalidArgument, Self.failure(of: replica, within: seconds, log)))
        }
        return .success(())
    }

    private static func failure(of replica: Replica, within seconds: Double, _ log: URL) -> String {
        guard let outcome = replica.outcome else {
            return "The model did not load within \(Int(seconds)) s (readiness_probe): init() hangs or needs longer. "
                + "See `lazuli online-deployment get-logs`, or raise failure_threshold."
        }
        let said = FailureExcerpt.from(log: log.path).map { " The log says: \($0.sentence)" } ?? ""
        return "The model could not be loaded. \(outcome.sentence)\(said) "
            + "The whole log: `lazuli online-deployment get-logs`."
    }

    /// Contents that nothing runs of any more.
    func removeOtherGenerations(than fingerprint: String, _ folder: DeploymentFolder) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.generations.path)) ?? []
        for name in names where name != fingerprint {
            try? FileManager.default.removeItem(at: folder.generation(name))
        }
    }

    /// Keeps a log from filling the disk: what is beyond the limit goes to a second file, which is replaced each time.
    func rotate(_ log: URL) {
        let files = FileManager.default
        guard let size = (try? files.attributesOfItem(atPath: log.path))?[.size] as? Int, size > Self.largestLog else {
            return
        }
        let older = log.appendingPathExtension("1")
        try? files.removeItem(at: older)
        // Copied and cut: the writers keep the file open, and append.
        guard (try? files.copyItem(at: log, to: older)) != nil else { return }
        truncate(log.path, 0)
    }

    private static let largestLog = 64 << 20
}
