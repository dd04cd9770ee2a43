import HTTPTypes
package import Hummingbird
package import LazuliDomain
import LazuliResources
package import Logging

/// The management API: bytes to calls by the route table, replies to bytes. It makes no decisions of its own.
///
/// The path of a request, top to bottom: token → route → workspace → permission → body → handler → answer.
package struct ARMFace: Sendable {
    /// The largest body the management API takes.
    static let largestBody = 16 << 20

    private let table: RouteTable
    private let tokens: any TokenVerifier
    private let authorizer: any Authorizer
    private let workspaces: any WorkspaceDirectory
    private let logger: Logger

    package init(
        table: RouteTable, tokens: any TokenVerifier, authorizer: any Authorizer,
        workspaces: any WorkspaceDirectory, logger: Logger
    ) {
        self.table = table
        self.tokens = tokens
        self.authorizer = authorizer
        self.workspaces = workspaces
        self.logger = logger
    }

    /// Answers a request; every failure becomes an ARM error body.
    /// - Parameter baseURL: the listener's own address, for absolute links in answers.
    package func respond(to request: Request, baseURL: String) async -> Response {
        do {
            return response(try await answer(request, baseURL: baseURL), to: request)
        } catch {
            let reply = ErrorMapping.reply(for: error)
            if reply.status >= 500, reply.status != 501 {
                logger.error(
                    "request failed",
                    metadata: [
                        "method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(error)",
                    ])
            }
            return response(reply, to: request)
        }
    }

    private func answer(_ request: Request, baseURL: String) async throws -> Reply {
        let segments = try PathSegments.decoded(request.uri.path)
        let route: Route, parameters: [String: String]
        switch table.match(request.method.rawValue, segments) {
        case .found(let found, let values): (route, parameters) = (found, values)
        case .otherMethods(let methods):
            throw ServiceError(
                .methodNotAllowed, "\(request.method) is not offered here; \(methods.joined(separator: ", ")) is.")
        case .none:
            throw ServiceError(
                .notFound, "No operation is known at \(request.uri.path). Check the path and the api-version.",
                target: request.uri.path)
        }
        let caller = try await BearerToken.caller(of: request, tokens)
        var call = Call(
            method: request.method.rawValue, parameters: parameters, query: request.queryItems,
            ifMatch: request.headers[.ifMatch], ifNoneMatch: request.headers[.ifNoneMatch], caller: caller,
            baseURL: baseURL)
        let scope = try await settleScope(of: &call, route)
        if let action = route.action { try await authorizer.require(action, of: caller, at: scope) }
        call.body = try await body(of: request)
        return try await route.handle(call)
    }

    /// Gives the call the workspace's names in their stored spelling.
    /// - Returns: the scope whose roles decide.
    private func settleScope(of call: inout Call, _ route: Route) async throws -> String {
        guard let subscription = call.parameters["subscription"] else { return "/" }
        guard let group = call.parameters["resourceGroup"] else { return "/subscriptions/\(subscription)" }
        guard call.parameters["workspace"] != nil, !route.makesWorkspace else {
            return "/subscriptions/\(subscription)/resourceGroups/\(group)"
        }
        let found = try await workspaces.find(try call.workspaceScope())
        call.workspace = found
        call.parameters["subscription"] = found.subscription
        call.parameters["resourceGroup"] = found.resourceGroup
        call.parameters["workspace"] = found.workspace
        return found.id
    }

    private func body(of request: Request) async throws -> JSON {
        switch request.method {
        case .get, .head, .delete: return .null
        default: break
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.largestBody)
        } catch {
            throw ServiceError(.tooLarge, "The body is larger than \(Self.largestBody >> 20) MiB.")
        }
        guard buffer.readableBytes > 0 else { return .null }
        do {
            return try JSON(parsing: buffer.readableBytesView)
        } catch {
            throw ServiceError(
                .malformedBody,
                "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column)).")
        }
    }

    private func response(_ reply: Reply, to request: Request) -> Response {
        var headers = HTTPFields()
        headers[.eTag] = reply.entityTag
        if let operation = reply.operation {
            headers[.asyncOperation] = operation.address
            headers[.retryAfter] = String(operation.retryAfter)
        }
        headers[.requestID] = request.requestID
        let bytes: [UInt8]
        switch reply.body {
        case .none: return Response(status: .init(code: reply.status), headers: headers)
        case .json(let json): bytes = json.bytes
        case .text(let text): bytes = text
        }
        headers[.contentType] = "application/json; charset=utf-8"
        return Response(
            status: .init(code: reply.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Route {
    /// The one route whose workspace need not exist yet.
    var makesWorkspace: Bool { operationID == "Workspaces_CreateOrUpdate" }
}
