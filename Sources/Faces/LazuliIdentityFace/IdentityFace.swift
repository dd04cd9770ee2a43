package import Hummingbird
import HTTPTypes
package import LazuliAccess
import LazuliResources

/// What clients ask before they have a token: our cloud's document, discovery, keys, and tokens themselves.
package struct IdentityFace: Sendable {
    private static let largestBody = 64 << 10

    private let access: AccessFeature
    private let settings: IdentitySettings
    private let documents: IdentityDocuments

    package init(settings: IdentitySettings, access: AccessFeature) {
        self.settings = settings
        self.access = access
        documents = IdentityDocuments(settings)
    }

    /// Answers a request, or nil when its path belongs to another face.
    package func respond(to request: Request, context: some RequestContext) async throws -> Response? {
        guard IdentityPath(request.uri.path) != nil else { return nil }
        guard let read = await Self.read(request) else {
            return Self.response(Self.failure(413, "The body is larger than \(Self.largestBody >> 10) KiB."))
        }
        guard let response = await answer(read).map(Self.response) else { return nil }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Answers a request that has been read, or nil when its path belongs to another face.
    package func answer(_ request: IdentityRequest) async -> IdentityAnswer? {
        guard let path = IdentityPath(request.path) else { return nil }
        let isGet = request.method == "GET" || request.method == "HEAD", isPost = request.method == "POST"
        switch path {
        case .metadata where isGet:
            return IdentityAnswer(
                status: 200, contentType: "application/json", body: documents.metadata, isSecret: false)
        case .managedIdentity where isGet: return await managedIdentityToken(request)
        case .devicePage where isGet: return .page(200, DevicePage.form(userCode: request.query["user_code"] ?? ""))
        case .devicePage where isPost: return approveDevice(request.form)
        case .authority(let path, let tenant, .discovery) where isGet:
            let issuer = access.tokens.issuer(tenant: tenant)
            return .json(200, documents.discovery(path: path, issuer: issuer, tenant: tenant, host: request.host))
        case .authority(_, let tenant, .instances) where isGet:
            return .json(200, documents.instances(tenant: tenant))
        case .authority(_, _, .keys) where isGet: return .json(200, access.tokens.keySet)
        case .authority(_, let tenant, .token) where isPost:
            return await oauth { try await access.tokenEndpoint.answer(request.formWithClient, tenant: tenant) }
        case .authority(_, _, .deviceCode) where isPost:
            return await oauth {
                try access.tokenEndpoint.beginDeviceSignIn(
                    request.form, verificationURL: settings.baseURL + "/device")
            }
        default:
            return Self.failure(405, "\(request.method) is not offered at \(request.path).")
        }
    }

    // MARK: Tokens

    private func oauth(_ body: () async throws -> JSON) async -> IdentityAnswer {
        do {
            return .json(200, try await body(), isSecret: true)
        } catch let error as OAuthError {
            return .json(error.status, error.json, isSecret: true)
        } catch {
            return .json(
                500,
                [
                    "error": "server_error",
                    "error_description": "The server met a fault of its own. Its log has the details.",
                ])
        }
    }

    /// The managed-identity protocol of App Service, and that of Azure ML's own machines (`secret` header).
    ///
    /// The header decides whose token it is; a `client_id` in the query changes nothing.
    private func managedIdentityToken(_ request: IdentityRequest) async -> IdentityAnswer {
        do {
            let header = request.headers["x-identity-header"] ?? request.headers["secret"]
            let principal = try access.identityHeaders.principal(ofHeader: header)
            guard let resource = request.query["resource"], !resource.isEmpty else {
                return Self.failure(400, "Say what the token is for: ?resource=https://…")
            }
            let tokens = access.tokens
            let token = try await tokens.token(for: principal, audience: resource, tenant: tokens.tenantID)
            return .json(
                200,
                [
                    "access_token": .string(token), "expires_on": .string("\(tokens.expiry())"),
                    "resource": .string(resource), "token_type": "Bearer", "client_id": .string(principal.clientID),
                ], isSecret: true)
        } catch let error as ServiceError where error.code == .unauthenticated {
            return Self.failure(401, error.message)
        } catch {
            return Self.failure(500, "The server met a fault of its own. Its log has the details.")
        }
    }

    private func approveDevice(_ form: [String: String]) -> IdentityAnswer {
        let code = form["user_code"] ?? ""
        do {
            let principal = try access.identityHeaders.principal(ofHeader: form["key"])
            try access.deviceCodes.approve(userCode: code, objectID: principal.objectID)
            return .page(200, DevicePage.approved(by: principal.displayName))
        } catch let error as ServiceError {
            let isStranger = error.code == .unauthenticated
            let problem = isStranger ? "That is not a sign-in key of this server." : error.message
            return .page(isStranger ? 401 : 404, DevicePage.form(userCode: code, problem: problem))
        } catch {
            return .page(500, DevicePage.form(userCode: code, problem: "The server met a fault of its own."))
        }
    }

    /// In the form that both the managed-identity clients and people read.
    private static func failure(_ status: Int, _ sentence: String) -> IdentityAnswer {
        .json(status, ["statusCode": JSON(status), "message": .string(sentence)])
    }

    // MARK: Bytes

    /// Nil when the body is too large.
    private static func read(_ request: Request) async -> IdentityRequest? {
        var form: [String: String] = [:]
        if request.method == .post {
            guard let buffer = try? await request.body.collect(upTo: largestBody) else { return nil }
            form = FormText.fields(String(buffer: buffer))
        }
        return IdentityRequest(
            request.method.rawValue, request.uri.path, host: request.head.authority ?? "",
            query: Dictionary(
                FormText.fields(request.uri.query ?? "").map { ($0.key.lowercased(), $0.value) },
                uniquingKeysWith: { first, _ in first }),
            headers: Dictionary(
                request.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { first, _ in first }),
            form: form)
    }

    private static func response(_ answer: IdentityAnswer) -> Response {
        var headers: HTTPFields = [.contentType: answer.contentType]
        if answer.isSecret { headers[.cacheControl] = "no-store" }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
