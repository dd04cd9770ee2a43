import Foundation
import LazuliClient
import LazuliResources

/// What one does with endpoints besides reading them.
struct EndpointVerbs {
    let session: Session

    /// Keys, or a token for endpoints that want one.
    func credentials(_ name: String) async throws -> JSON {
        let verbs = ResourceVerbs(session: session, kind: .onlineEndpoint)
        let endpoint = try await verbs.wire(.init(name: name))
        switch endpoint["properties"]["authMode"].string?.lowercased() {
        case "key": return try await verbs.act("listKeys", .init(name: name))
        case "aadtoken":
            let token = try await session.connection.tokens.token(for: Self.scoringAudience)
            return ["accessToken": .string(token), "tokenType": "Bearer"]
        default: return try await verbs.act("token", .init(name: name))
        }
    }

    /// The audience of tokens that endpoints take in place of keys of their own.
    private static let scoringAudience = "https://ml.azure.com"

    func regenerateKeys(_ name: String, keyType: String) async throws -> JSON {
        let verbs = ResourceVerbs(session: session, kind: .onlineEndpoint)
        return try await verbs.act("regenerateKeys", .init(name: name), body: ["keyType": .string(keyType)])
    }

    /// Sends a request file to a model and gives back what it answers.
    func invokeOnline(_ name: String, deployment: String?, requestFile: String) async throws -> String {
        guard
            let data = FileManager.default.contents(
                atPath: LocalPath.absolute(requestFile, from: FileManager.default.currentDirectoryPath))
        else {
            throw ServiceError(.invalidArgument, "The file \(requestFile) cannot be read.")
        }
        let endpoint = try await session.arm.get(session.path(.onlineEndpoint, name: name))
        guard let uri = endpoint["properties"]["scoringUri"].string else {
            throw ServiceError(.invalidArgument, "The endpoint \(name) has no scoring address yet.")
        }
        let keys = try await credentials(name)
        let token = keys["primaryKey"].string ?? keys["accessToken"].string ?? ""
        var headers = [("Content-Type", "application/json"), ("Authorization", "Bearer " + token)]
        if let deployment { headers.append(("azureml-model-deployment", deployment)) }
        let answer = try await session.connection.transport.send(
            Request("POST", uri, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(data)))
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: "invoking \(name)") }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// Starts a batch job over an input.
    func invokeBatch(_ name: String, deployment: String?, inputs: JSON, outputs: JSON) async throws -> JSON {
        let endpoint = try await session.arm.get(session.path(.batchEndpoint, name: name))
        guard let uri = endpoint["properties"]["scoringUri"].string else {
            throw ServiceError(.invalidArgument, "The endpoint \(name) has no scoring address yet.")
        }
        let token = try await session.connection.tokens.token(for: "https://ml.azure.lazuli")
        var headers = [("Content-Type", "application/json"), ("Authorization", "Bearer " + token)]
        if let deployment { headers.append(("azureml-model-deployment", deployment)) }
        var properties: JSON = ["inputData": inputs]
        if !(outputs.object?.isEmpty ?? true) { properties["outputData"] = outputs }
        let body: JSON = ["properties": properties]
        let answer = try await session.connection.transport.send(
            Request("POST", uri, headers: headers.map { (name: $0.0, value: $0.1) }, body: body.bytes))
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: "invoking \(name)") }
        return try answer.json()
    }

    func logs(_ name: String, endpoint: String, lines: Int, container: String?) async throws -> String {
        var body: JSON = ["tail": JSON(lines)]
        if let container { body["containerType"] = .string(container) }
        let answer = try await ResourceVerbs(session: session, kind: .onlineDeployment)
            .act("getLogs", .init(name: name, parent: endpoint), body: body)
        return answer["content"].string ?? ""
    }

    /// Sends part of the traffic to one deployment, or all of it.
    func setTraffic(_ deployment: String, of endpoint: String, wait: Bool) async throws {
        let verbs = ResourceVerbs(session: session, kind: .onlineEndpoint)
        _ = try await verbs.update(
            .init(name: endpoint), changes: [Assignment("traffic={\"\(deployment)\":100}")], wait: wait)
    }

    func setDefault(_ deployment: String, of endpoint: String) async throws {
        let verbs = ResourceVerbs(session: session, kind: .batchEndpoint)
        _ = try await verbs.update(
            .init(name: endpoint), changes: [Assignment("defaults.deployment_name=\"\(deployment)\"")], wait: true)
    }
}
