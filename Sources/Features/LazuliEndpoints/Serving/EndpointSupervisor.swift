import Foundation
import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliProcesses
import LazuliResources
import Logging
import ServiceLifecycle

/// Keeps all endpoints served: one controller per deployment, and the picture of each endpoint at the gateway.
package actor EndpointSupervisor: Service {
    private enum Command: Sendable {
        case begin(DeploymentController)
    }

    private let database: StateDatabase
    private let records: EndpointRecords
    private let gateway: any ScoringGateway
    private let clock: WallClock
    private let logger: Logger
    private let settings: EndpointSettings
    private let check: DeploymentCheck
    private let code: CodeStaging

    private var controllers: [DeploymentID: DeploymentController] = [:]
    private var served: [String: ServedEndpoint] = [:]
    private var edition: UInt64 = 0
    private var waiters: [DeploymentID: [CheckedContinuation<Void, Never>]] = [:]
    private let commands: AsyncStream<Command>
    private let input: AsyncStream<Command>.Continuation

    init(
        records: EndpointRecords, gateway: any ScoringGateway, settings: EndpointSettings, check: DeploymentCheck,
        code: CodeStaging, clock: WallClock, logger: Logger
    ) {
        database = records.database
        self.records = records
        self.gateway = gateway
        self.settings = settings
        self.check = check
        self.code = code
        self.clock = clock
        self.logger = logger
        (commands, input) = AsyncStream.makeStream(of: Command.self)
    }

    // MARK: - Running

    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await recover()
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen() }
                group.addTask { await self.lookRegularly() }
                for await case .begin(let controller) in commands {
                    group.addTask { await controller.run() }
                }
                for controller in controllers.values { controller.send(.stop(removesFiles: false)) }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.input.finish()
        }
    }

    private func listen() async {
        for await event in gateway.events {
            switch event {
            case .wanted(let id): controllers[id]?.send(.wanted)
            case .overdue(let id, let replica): controllers[id]?.send(.overdue(replica))
            }
        }
    }

    private func lookRegularly() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            for controller in controllers.values { controller.send(.look) }
        }
    }

    /// After a restart: every endpoint is served again, with the replicas that are still there.
    private func recover() async throws {
        for endpoint in try await records.all() {
            await show(endpoint)
            for deployment in endpoint.deployments where deployment.status?.state != .deleting {
                submit(deployment.id, deployment.deployment, deployment.status?.submission ?? 0)
            }
        }
    }

    // MARK: - What the services tell

    /// A deployment's document was written.
    func submit(_ id: DeploymentID, _ deployment: OnlineDeployment, _ submission: Int64) {
        let controller = controllers[id] ?? begin(id)
        controller.send(.apply(DeploymentOrder(deployment: deployment, submission: submission)))
    }

    /// An endpoint's document, its keys or its traffic changed.
    func endpointChanged(_ key: DocumentKey, in scope: WorkspaceScope) async throws {
        guard let endpoint = try await records.endpoint(key, in: scope) else {
            return await endpointRemoved(key.name)
        }
        await show(endpoint)
    }

    func deploymentRemoved(_ id: DeploymentID) async {
        if var endpoint = served[id.endpoint.lowercased()] {
            endpoint.deployments.removeAll { $0.id == id }
            await publish(endpoint)
        }
        guard let controller = controllers.removeValue(forKey: id) else { return }
        controller.send(.stop(removesFiles: true))
        wake(id)
    }

    func endpointRemoved(_ name: String) async {
        served[name.lowercased()] = nil
        await gateway.withdraw(name)
        for id in controllers.keys where id.endpoint.lowercased() == name.lowercased() {
            await deploymentRemoved(id)
        }
    }

    /// The same, and returns when the submission has come to an end, or `seconds` went by.
    func submit(
        _ id: DeploymentID, _ deployment: OnlineDeployment, _ submission: Int64, waitingFor seconds: Double
    ) async {
        await waiting(for: id, seconds) { $0.submit(id, deployment, submission) }
    }

    /// Returns at the next change of a deployment's state, or when `seconds` went by.
    func change(of id: DeploymentID, within seconds: Double) async {
        await waiting(for: id, seconds) { _ in }
    }

    private func waiting(
        for id: DeploymentID, _ seconds: Double, _ begin: (isolated EndpointSupervisor) -> Void
    ) async {
        let alarm = Task {
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            wake(id)
        }
        await withCheckedContinuation { waiter in
            waiters[id, default: []].append(waiter)
            begin(self)
        }
        alarm.cancel()
    }

    private func wake(_ id: DeploymentID) {
        for waiter in waiters.removeValue(forKey: id) ?? [] { waiter.resume() }
    }

    // MARK: - Controllers

    private func begin(_ id: DeploymentID) -> DeploymentController {
        let tools = DeploymentTools(
            settings: settings, check: check, preparation: ReplicaPreparation(settings: settings, code: code),
            gateway: gateway, clock: clock, show: { await self.show($0) },
            report: { await self.report($0, $1, $2, $3) })
        let controller = DeploymentController(id, tools: tools)
        controllers[id] = controller
        input.yield(.begin(controller))
        return controller
    }

    func controller(of id: DeploymentID) -> DeploymentController? { controllers[id] }

    private func report(
        _ event: DeploymentState.Event, _ reason: String, _ id: DeploymentID, _ order: DeploymentOrder?
    ) async {
        let at = clock.now()
        do {
            try await database.write { database in
                guard let document = try DocumentTable.fetch(id.key, database),
                    var status = try DeploymentStatusTable.fetch(document.id, database),
                    order == nil || status.submission == order?.submission
                else { return }
                status.state = DeploymentState.next(status.state, on: event)
                status.reason = reason
                status.changedAt = at
                try DeploymentStatusTable.save(status, of: document.id, database)
            }
        } catch {
            logger.error("deployment state not stored", metadata: ["deployment": "\(id)", "error": "\(error)"])
        }
        wake(id)
    }

    // MARK: - The gateway's picture

    private func show(_ record: EndpointRecord) async {
        let key = record.name.lowercased()
        var endpoint = ServedEndpoint(
            name: record.name, scope: record.scope, access: record.access, traffic: record.traffic,
            mirror: record.mirror, deployments: served[key]?.deployments ?? [])
        endpoint.deployments.removeAll { old in !record.deployments.contains { $0.id == old.id } }
        for deployment in record.deployments where !endpoint.deployments.contains(where: { $0.id == deployment.id }) {
            endpoint.deployments.append(coming(deployment))
        }
        await publish(endpoint)
    }

    private func coming(_ record: DeploymentRecord) -> ServedDeployment {
        let folder = DeploymentFolder(record.id, in: settings.folder)
        return ServedDeployment(
            id: record.id, requests: record.deployment.requests, replicas: [],
            isComing: record.status?.state != .failed, reason: record.status?.reason ?? "",
            log: RequestLogPlace(file: folder.requestLog.path, keepsBodies: record.deployment.keepsBodies))
    }

    private func show(_ deployment: ServedDeployment) async {
        let key = deployment.id.endpoint.lowercased()
        guard var endpoint = served[key] else { return }
        endpoint.deployments.removeAll { $0.id == deployment.id }
        endpoint.deployments.append(deployment)
        await publish(endpoint)
    }

    /// Pictures may overtake each other on their way to the gateway: their edition tells which is newer.
    private func publish(_ picture: ServedEndpoint) async {
        var endpoint = picture
        edition += 1
        endpoint.edition = edition
        served[endpoint.name.lowercased()] = endpoint
        await gateway.publish(endpoint)
    }
}
