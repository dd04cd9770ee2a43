import GRDB
package import LazuliDomain
package import LazuliPersistence
package import LazuliResources
package import Logging

/// Online endpoints and their deployments: stored as documents, served by replicas behind the gateway.
package struct EndpointsFeature: Sendable {
    package let supervisor: EndpointSupervisor
    package let routes: [Route]
    private let database: StateDatabase

    package static let migrations: [Migration] = [DeploymentStatusTable.migration]

    package init(
        database: StateDatabase, vault: SecretVault, clock: WallClock, logger: Logger, settings: EndpointSettings,
        gateway: any ScoringGateway, assets: any AssetCatalog, locator: DataLocator,
        workspaces: any WorkspaceDirectory
    ) {
        self.database = database
        let secrets = EndpointSecrets(vault: vault)
        let check = DeploymentCheck(assets: assets, locator: locator, native: settings.native)
        let supervisor = EndpointSupervisor(
            records: EndpointRecords(database: database, secrets: secrets, workspaces: workspaces), gateway: gateway,
            settings: settings, check: check, code: CodeStaging(locator: locator, assets: assets), clock: clock,
            logger: logger)
        self.supervisor = supervisor
        let endpoints = DocumentService(
            OnlineEndpointKinds.endpoints, database: database, clock: clock,
            behaviour: OnlineEndpointService.behaviour(settings, secrets))
        var behaviour = OnlineDeploymentService.behaviour(check, database)
        behaviour.present = OnlineDeploymentService.present(database)
        let deployments = DocumentService(
            OnlineEndpointKinds.deployments, database: database, clock: clock, behaviour: behaviour)
        let keys = EndpointKeys(
            endpoints: endpoints, secrets: secrets, clock: clock,
            changed: { try await supervisor.endpointChanged($0, in: $1) })
        routes =
            OnlineEndpointService(documents: endpoints, supervisor: supervisor, gateway: gateway).routes
            + OnlineDeploymentService(
                documents: deployments, supervisor: supervisor, settings: settings, clock: clock
            ).routes + keys.routes
    }

    /// Ends what is served of a workspace that is about to go.
    package func vacate(_ scope: WorkspaceScope) async throws {
        let keys = try await database.read {
            try DocumentTable.keys(kind: OnlineEndpointKinds.endpoints.tableName, $0)
        }
        for key in keys where key.scope == scope.key { await supervisor.endpointRemoved(key.name) }
    }
}
