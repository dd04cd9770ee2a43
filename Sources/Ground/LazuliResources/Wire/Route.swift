/// One row of the server's table of calls. Faces match it, documents list it, tests walk it.
public struct Route: Sendable {
    /// Whether the work behind a route exists.
    public enum Coverage: String, Sendable { case built, notBuilt }

    public let method: String
    /// `/subscriptions/{subscription}/…`: fixed segments match without regard to case, `{places}` take one segment.
    public let path: String
    /// `Jobs_CreateOrUpdate`, as the published specification names it.
    public let operationID: String
    /// The action that the caller must hold on the scope of the path; nil for calls open to every known caller.
    public let action: String?
    public let coverage: Coverage
    public let handle: @Sendable (Call) async throws -> Reply

    public init(
        _ method: String, _ path: String, _ operationID: String, action: String?, coverage: Coverage = .built,
        handle: @escaping @Sendable (Call) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.operationID = operationID
        self.action = action
        self.coverage = coverage
        self.handle = handle
    }

    /// A call of the contract that is not built: it says so.
    public static func notBuilt(
        _ method: String, _ path: String, _ operationID: String, action: String?, because sentence: String
    ) -> Route {
        Route(method, path, operationID, action: action, coverage: .notBuilt) { _ in
            throw ServiceError(.notImplemented, sentence, target: operationID)
        }
    }

    /// The path under which everything of one workspace lives.
    public static let workspacePath =
        "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/\(WorkspaceScope.provider)/workspaces/{workspace}"
}
