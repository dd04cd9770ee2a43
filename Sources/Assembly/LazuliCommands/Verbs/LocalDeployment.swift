import Foundation
import LazuliClient
import LazuliResources

/// A deployment to try things with: made from the same file, served in the foreground, gone with the command.
struct LocalDeployment {
    let session: Session
    let document: YAMLDocument
    let names: ResourceVerbs.Names

    private var endpoints: ResourceVerbs { ResourceVerbs(session: session, kind: .onlineEndpoint) }
    private var deployments: ResourceVerbs { ResourceVerbs(session: session, kind: .onlineDeployment) }

    /// Makes the deployment, and its endpoint if there is none; all traffic goes to it if none goes elsewhere.
    func create() async throws -> JSON {
        try await makeEndpoint()
        let made = try await deployments.create(document, names, wait: true)
        try await takeTraffic()
        return made
    }

    /// Serves until the person interrupts; then takes away what was made.
    func serve() async throws {
        let isNew = try await makeEndpoint()
        let before = try await find()
        let log = DeploymentLog(session: session, name: try name(), endpoint: try endpoint())
        do {
            try await Interrupt.ending { try await follow(log) }
        } catch {
            try? show(try await log.news())
            try? await takeAway(endpoint: isNew, deployment: before == nil)
            throw error
        }
        try? show(try await log.news())
        try await takeAway(endpoint: isNew, deployment: before == nil)
    }

    private func follow(_ log: DeploymentLog) async throws {
        _ = try await deployments.create(document, names, wait: true)
        try await takeTraffic()
        try await tell()
        while !Task.isCancelled {
            try show(try await log.news())
            try await Task.sleep(for: DeploymentLog.pause)
        }
    }

    private func tell() async throws {
        let endpoint = try endpoint()
        let wire = try await endpoints.wire(.init(name: endpoint))
        session.screen.notice(
            """
            \(try name()) is served at \(wire["properties"]["scoringUri"].string ?? "an address not known yet").
            In another terminal: lazuli online-endpoint invoke --name \(endpoint) --request-file request.json
            Ctrl-C ends it. Its log:
            """)
    }

    private func show(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    // MARK: What is there

    private func name() throws -> String {
        try required(names.name ?? document.root["name"]?.scalarText, "online deployment")
    }

    private func endpoint() throws -> String {
        try required(
            names.parent ?? document.root["endpoint_name"]?.scalarText, "endpoint", flag: "--endpoint-name")
    }

    private func find() async throws -> JSON? {
        try await session.arm.find(session.path(.onlineDeployment, name: try name(), parent: try endpoint()))
    }

    /// - Returns: whether there was none.
    @discardableResult
    private func makeEndpoint() async throws -> Bool {
        let endpoint = try endpoint()
        guard try await session.arm.find(session.path(.onlineEndpoint, name: endpoint)) == nil else { return false }
        let plain = try DocumentSource(file: nil, settings: [("name", .string(endpoint))], changes: []).document()
        _ = try await endpoints.create(plain, .init(name: endpoint), wait: true)
        return true
    }

    private func takeTraffic() async throws {
        let endpoint = try endpoint()
        let traffic = try await endpoints.wire(.init(name: endpoint))["properties"]["traffic"]
        guard (traffic.object?.pairs ?? []).allSatisfy({ $0.value.integer ?? 0 == 0 }) else { return }
        try await EndpointVerbs(session: session).setTraffic(try name(), of: endpoint, wait: true)
    }

    private func takeAway(endpoint isNewEndpoint: Bool, deployment isNew: Bool) async throws {
        let endpoint = try endpoint()
        if isNewEndpoint { return try await endpoints.delete(.init(name: endpoint), wait: true) }
        guard isNew, try await find() != nil else { return }
        let traffic = try await endpoints.wire(.init(name: endpoint))["properties"]["traffic"]
        if traffic[try name()].integer ?? 0 > 0 {
            _ = try await endpoints.update(
                .init(name: endpoint), changes: [Assignment("traffic={}")], wait: true)
        }
        try await deployments.delete(.init(name: try name(), parent: endpoint), wait: true)
    }
}
