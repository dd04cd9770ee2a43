import Foundation
import LazuliEndpoints
import LazuliResources
import NIOCore

/// What an endpoint answers besides predictions: its health, its document, its page.
final class ScoringPages {
    /// A file of the page of an endpoint, with its media type; nil when there is none of that name.
    typealias FileSource =
        @Sendable (_ file: String, _ endpoint: String) async throws -> (bytes: [UInt8], type: String)?

    /// Where endpoints are reached when a client does not say how it came.
    private let address: String
    private let files: FileSource

    init(address: String, files: @escaping FileSource) {
        self.address = address
        self.files = files
    }

    /// What is no endpoint's.
    func root(_ raw: RawRequest, _ gateway: Gateway) -> ScoringAnswer {
        let path = raw.text(raw.head.path) ?? "/"
        switch path {
        case "/metrics": return MetricsPage.answer(gateway.everyEndpoint)
        case "/": return .json(["name": "Lazuli", "endpoints": "/endpoints/<name>/score", "metrics": "/metrics"])
        default: break
        }
        let inPath = path.hasPrefix("/endpoints/") ? path.split(separator: "/").dropFirst().first.map(String.init) : nil
        guard let name = inPath ?? raw.text(raw.head.values.host).flatMap(EndpointPath.endpoint(ofHost:)) else {
            return .failure(
                404, "NotFound", "There is nothing at \"\(path)\". Endpoints are at /endpoints/<name>/score.")
        }
        let hint = NearestName.hint(name, among: gateway.everyEndpoint.map(\.picture.name))
        return .failure(404, "EndpointNotFound", "There is no endpoint \"\(name)\" on this server.\(hint)")
    }

    func health(_ endpoint: Gateway.EndpointLanes, _ raw: RawRequest) -> ScoringAnswer {
        if raw.text(raw.head.values.accept)?.contains("text/html") == true {
            let place = (raw.text(raw.head.path) ?? "").hasSuffix("/") ? "docs/" : "\(endpoint.picture.name)/docs/"
            var answer = ScoringAnswer(status: 302)
            answer.headers.writeString("Location: \(place)\r\n")
            return answer
        }
        let isReady = endpoint.lanes.values.contains { $0.anyReplica != nil || $0.served.isComing }
        var answer = ScoringAnswer.text(
            isReady ? "Healthy" : "Unhealthy: no deployment has an instance that is ready.", type: "text/plain",
            status: isReady ? 200 : 503)
        if raw.head.values.origin != nil { answer.headers.writeString(CrossOrigin.lines) }
        return answer
    }

    // MARK: - The document

    /// `/swagger.json`, OpenAPI 3; with `?version=2` Swagger 2.0.
    func document(
        _ endpoint: Gateway.EndpointLanes, _ raw: RawRequest, _ gateway: Gateway,
        send: @escaping (ScoringAnswer) -> Void
    ) {
        let isOlder = (raw.text(raw.head.query) ?? "").split(separator: "&").contains("version=2")
        let address = base(of: endpoint, raw)
        func answer(_ model: JSON) -> ScoringAnswer {
            let document = InterfaceDocument(endpoint: endpoint.picture.name, address: address, model: model)
            var answer = ScoringAnswer.json(isOlder ? document.older : document.current)
            answer.headers.writeString(CrossOrigin.lines)
            return answer
        }
        guard let future = describer(of: endpoint)?.describe() else { return send(answer(.null)) }
        future.assumeIsolated().whenComplete { result in
            let bytes = (try? result.get()).map { Array($0.readableBytesView) } ?? []
            send(answer((try? JSON(parsing: bytes))?["openapi"] ?? .null))
        }
    }

    /// A deployment that gets traffic speaks for the endpoint, else any.
    private func describer(of endpoint: Gateway.EndpointLanes) -> ReplicaConnection? {
        let names = endpoint.picture.traffic.names + endpoint.lanes.keys.sorted()
        return names.lazy.compactMap { endpoint.lanes[$0]?.anyReplica }.first
    }

    private func base(of endpoint: Gateway.EndpointLanes, _ raw: RawRequest) -> String {
        let name = endpoint.picture.name
        guard let host = raw.text(raw.head.values.host) else { return "\(address)/endpoints/\(name)" }
        if EndpointPath.endpoint(ofHost: host) != nil { return "https://\(host)" }
        let scheme = address.prefix { $0 != ":" }
        return "\(scheme)://\(host)/endpoints/\(name)"
    }

    // MARK: - The page

    func file(
        _ path: String, _ endpoint: Gateway.EndpointLanes, _ gateway: Gateway, send: @escaping (ScoringAnswer) -> Void
    ) {
        let name = endpoint.picture.name, files = files
        guard path.hasPrefix("/") else {
            var answer = ScoringAnswer(status: 302)
            answer.headers.writeString("Location: docs/\r\n")
            return send(answer)
        }
        let file = path == "/" ? "index.html" : String(path.dropFirst())
        gateway.loop.makeFutureWithTask { try await files(file, name) }.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let found?):
                var answer = ScoringAnswer(status: 200, body: ByteBuffer(bytes: found.bytes))
                answer.headers.writeString("Content-Type: \(found.type)\r\n")
                send(answer)
            case .success: send(.failure(404, "NotFound", "The page has no file \"\(file)\"."))
            case .failure(let error):
                let sentence = (error as? ServiceError)?.message ?? "\(error)"
                send(.failure(503, "PageNotAvailable", sentence))
            }
        }
    }
}
