import Foundation
public import LazuliResources

extension ARMClient {
    /// A call that may take the server a while: PUT, PATCH, POST or DELETE.
    ///
    /// - Parameters:
    ///   - wait: false returns the first answer (`--no-wait`).
    ///   - onWait: told what the server says it is doing, each time it is asked.
    /// - Returns: the resource after PUT and PATCH; the result, if any, after POST; null after DELETE.
    public func change(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSON = .null, wait: Bool = true,
        onWait: @Sendable (String) -> Void = { _ in }
    ) async throws -> JSON {
        let answer = try await call(method, path, query: query, body: body)
        let first = try answer.json()
        guard wait else { return first }
        if let status = answer.header("Azure-AsyncOperation") {
            try await follow(status, from: answer, onWait)
            return try await result(of: method, path, query, answer)
        }
        if answer.status == 202, let location = answer.header("Location") {
            return try await poll(location, from: answer, onWait)
        }
        if ["PUT", "PATCH"].contains(method), !isSettled(first) {
            return try await settle(path, query, onWait)
        }
        return first
    }

    private func result(
        of method: String, _ path: String, _ query: [(String, String)], _ first: Answer
    ) async throws -> JSON {
        switch method {
        case "PUT", "PATCH": return try await get(path, query: query)
        case "POST":
            guard let location = first.header("Location") else { return try first.json() }
            return try await send(Request("GET", url(location, [])), deed: "reading the result").json()
        default: return .null
        }
    }

    /// Asks a status document until it is terminal.
    private func follow(_ status: String, from first: Answer, _ onWait: (String) -> Void) async throws {
        var pause = retryAfter(first)
        while true {
            try await Task.sleep(for: pause)
            let answer = try await send(Request("GET", url(status, [])), deed: "waiting")
            let body = try answer.json()
            let word = body["status"].string ?? "InProgress"
            onWait(word)
            switch word.lowercased() {
            case "succeeded": return
            case "failed", "canceled", "cancelled":
                throw ErrorEnvelope.error(
                    in: Answer(status: 409, headers: [], body: body.bytes), while: "waiting: the operation \(word)")
            default: pause = retryAfter(answer)
            }
        }
    }

    private func poll(_ location: String, from first: Answer, _ onWait: (String) -> Void) async throws -> JSON {
        var pause = retryAfter(first)
        while true {
            try await Task.sleep(for: pause)
            let answer = try await send(Request("GET", url(location, [])), deed: "waiting")
            guard answer.status == 202 else { return try answer.json() }
            onWait("InProgress")
            pause = retryAfter(answer)
        }
    }

    /// Reads the resource until its provisioning state is terminal.
    private func settle(_ path: String, _ query: [(String, String)], _ onWait: (String) -> Void) async throws -> JSON {
        while true {
            try await Task.sleep(for: .milliseconds(500))
            let resource = try await get(path, query: query)
            let state = resource["properties"]["provisioningState"].string ?? ""
            if state.lowercased() == "failed" {
                let reason = resource["properties"]["provisioningErrors"].array?.first?["error"]["message"].string
                throw ServiceError(
                    ServiceError.Code(rawValue: "ProvisioningFailed"), reason ?? "\(path) could not be provisioned.")
            }
            if isSettled(resource) { return resource }
            onWait(state)
        }
    }

    private func isSettled(_ resource: JSON) -> Bool {
        guard let state = resource["properties"]["provisioningState"].string else { return true }
        return ["succeeded", "failed", "canceled", "unknown"].contains(state.lowercased())
    }

    private func retryAfter(_ answer: Answer) -> Duration {
        .seconds(answer.header("Retry-After").flatMap(Double.init).map { min(max($0, 0.1), 30) } ?? 1)
    }
}
