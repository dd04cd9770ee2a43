import LazuliDomain
import LazuliResources

/// What a caller must be allowed to do.
enum MLflowAction: String {
    case none = ""
    case readExperiments = "experiments/read"
    case writeExperiments = "experiments/write"
    case readRuns = "experiments/runs/read"
    case writeRuns = "experiments/runs/write"
    case deleteRuns = "experiments/runs/delete"
    case readModels = "models/read"
    case writeModels = "models/write"

    /// `Microsoft.MachineLearningServices/workspaces/experiments/read`; nil for calls open to every known caller.
    var name: String? { self == .none ? nil : "\(WorkspaceScope.provider)/workspaces/\(rawValue)" }
}

/// One row of the table of calls.
struct MLflowRow: Sendable {
    /// How the request's body is read.
    enum Body: Sendable {
        case json
        /// The call reads the bytes itself.
        case raw
    }

    let method: String
    /// Below `/api/` or `/ajax-api/`, or from the root where it starts with a slash; `{places}` take one segment, and a
    /// last `{place*}` the rest.
    let path: String
    let action: MLflowAction
    let body: Body
    /// Whether the call only says that it is not offered.
    let isUnbuilt: Bool
    let call: @Sendable (MLflowCall) async throws -> MLflowReply

    init(
        _ method: String, _ path: String, _ action: MLflowAction, body: Body = .json, isUnbuilt: Bool = false,
        _ call: @escaping @Sendable (MLflowCall) async throws -> MLflowReply
    ) {
        self.method = method
        self.path = path
        self.action = action
        self.body = body
        self.isUnbuilt = isUnbuilt
        self.call = call
    }
}
