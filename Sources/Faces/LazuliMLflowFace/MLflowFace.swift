import HTTPTypes
public import Hummingbird
public import LazuliDomain
public import LazuliResources
public import LazuliTracking
public import Foundation

/// MLflow's REST API over the tracking feature: bytes to calls by one flat table, values to bytes.
///
/// The path of a request, top to bottom: mount → row → permission → body → call → answer. Who calls is settled by the
/// listener before.
public struct MLflowFace: Sendable {
    /// The largest JSON body that is read: a data set's profile alone may have 16 MiB. log-batch has a smaller limit of
    /// its own.
    static let largestBody = 32 << 20

    private let table: MLflowTable
    private let services: MLflowServices
    private let authorizer: any Authorizer

    /// - Parameters:
    ///   - artifactRoot: the folder of a workspace's artifact container.
    ///   - modelFiles: the folder of a model asset's files, by its `modelUri`; for models that were registered over
    ///     the management API.
    public init(
        store: TrackingStore, authorizer: any Authorizer,
        artifactRoot: @escaping @Sendable (WorkspaceScope) async throws -> URL,
        modelFiles: (@Sendable (WorkspaceScope, String) async throws -> URL)? = nil, clock: WallClock = .system
    ) {
        self.authorizer = authorizer
        table = MLflowTable(Self.rows)
        services = MLflowServices(
            experiments: ExperimentService(store: store), runs: RunService(store: store),
            metrics: MetricService(store: store), loggedModels: LoggedModelService(store: store),
            search: SearchService(store: store), registry: RegistryService(store: store),
            registrySearch: RegistrySearch(store: store), imports: ImportService(store: store),
            purges: PurgeService(store: store), clock: clock,
            artifacts: ArtifactStore(
                directory: ArtifactDirectory(store: store), root: artifactRoot, modelFiles: modelFiles),
            traces: TraceService(store: store), assessments: AssessmentService(store: store),
            evaluation: EvaluationService(store: store), scorers: ScorerService(store: store),
            issues: IssueService(store: store))
    }

    /// Answers a request whose path `match` has taken apart; every failure becomes an MLflow error body.
    /// - Parameters:
    ///   - scheme: how the client reached the server, for addresses that lead back here.
    ///   - azureBase: `azureml://HOST{workspace}` for Azure's plugin, which reads artifacts at no other addresses.
    public func respond(
        to request: Request, path: String, scope: WorkspaceScope, caller: Caller, scheme: String = "http",
        azureBase: String? = nil
    ) async -> Response {
        do {
            var reply = try await answer(request, path: path, scope: scope, caller: caller, scheme: scheme)
            if let azureBase, case .json(let json) = reply {
                reply = .json(AzureArtifactAddress.rewritten(json, base: azureBase))
            }
            return reply.response()
        } catch {
            return Self.response(for: error)
        }
    }

    /// An error in MLflow's form, for what goes wrong before a request reaches `respond`.
    public static func response(for error: any Error) -> Response { ErrorMapping.response(for: error) }

    private func answer(
        _ request: Request, path: String, scope: WorkspaceScope, caller: Caller, scheme: String
    ) async throws -> MLflowReply {
        let (row, places) = try table.find(request.method.rawValue, Self.belowMount(path))
        if let action = row.action.name { try await authorizer.require(action, of: caller, at: scope.id) }
        let (fields, size) = try await Self.fields(of: request, row)
        let call = MLflowCall(
            services: services, authorizer: authorizer, scope: scope, caller: caller, request: request, scheme: scheme,
            places: places, fields: fields, bodySize: size)
        return try await row.call(call)
    }

    /// Whether the address of a request is its permission: then it needs no token.
    public static func isSigned(_ path: String) -> Bool { belowMount(path).hasPrefix(MultipartCalls.partPath) }

    private static func belowMount(_ path: String) -> Substring {
        for prefix in ["/api/", "/ajax-api/"] where path.hasPrefix(prefix) { return path.dropFirst(prefix.count) }
        return path[...]
    }

    private static func fields(of request: Request, _ row: MLflowRow) async throws -> (Fields, size: Int) {
        if request.method == .get || row.body == .raw {
            return (Fields(query: QueryString.items(request.uri.query ?? "")), 0)
        }
        try checkContentType(of: request)
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: largestBody)
        } catch {
            throw ServiceError(.tooLarge, "The body is larger than \(largestBody >> 20) MiB.")
        }
        guard buffer.readableBytes > 0 else { return (Fields(JSONObject()), 0) }
        do {
            var json = try JSON(parsing: buffer.readableBytesView)
            // Old clients send the document as a JSON string.
            if let inner = json.string { json = try JSON(parsing: inner) }
            if json.isNull { return (Fields(JSONObject()), buffer.readableBytes) }
            guard let members = json.object else {
                throw ServiceError(.malformedBody, "The body must be a JSON object.")
            }
            return (Fields(members), buffer.readableBytes)
        } catch let error as JSONSyntaxError {
            throw ServiceError(
                .malformedBody,
                "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column)).")
        }
    }

    private static func checkContentType(of request: Request) throws {
        guard request.method == .post || request.method == .put || request.method == .patch else { return }
        guard let header = request.headers[.contentType] else {
            throw TrackingFault.invalid("Bad Request. Content-Type header is missing.")
        }
        if header == "application/json" { return }
        guard
            header.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
        else { throw TrackingFault.invalid("Bad Request. Content-Type must be one of ['application/json'].") }
    }
}
