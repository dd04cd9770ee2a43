import LazuliResources
import LazuliTracking

/// Calls on the issues that were found in traces.
enum IssueCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "3.0/mlflow/issues", .writeExperiments, create),
        MLflowRow("POST", "3.0/mlflow/issues/search", .readExperiments, search),
        MLflowRow("GET", "3.0/mlflow/issues/{issue}", .readExperiments, get),
        MLflowRow("PATCH", "3.0/mlflow/issues/{issue}", .writeExperiments, update),
    ]

    private static func reply(_ issue: Issue) -> MLflowReply {
        .object { $0.field("issue") { $0.members(of: issue, withCount: false) } }
    }

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let draft = Issue(
            experimentID: try fields.requiredText("experiment_id"), name: try fields.requiredText("name"),
            description: try fields.requiredText("description"),
            status: try fields.choice("status", Issue.Status.self) ?? .pending,
            severity: try fields.choice("severity", Issue.Severity.self), rootCauses: try fields.texts("root_causes"),
            categories: try fields.texts("categories"), sourceRunID: try fields.filledText("source_run_id"),
            createdBy: try fields.filledText("created_by"))
        return reply(try await call.services.issues.create(draft, in: call.scope))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.issues.get(call.place("issue"), in: call.scope))
    }

    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let change = IssueChange(
            name: try fields.filledText("name"), description: try fields.filledText("description"),
            status: try fields.choice("status", Issue.Status.self),
            severity: try fields.choice("severity", Issue.Severity.self))
        return reply(try await call.services.issues.update(call.place("issue"), change, in: call.scope))
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields, withCount = try fields.flag("include_trace_count") ?? false
        let page = try await call.services.issues.search(
            SearchRequest(
                filter: fields.filledText("filter_string"), orderBy: [], view: .all,
                maxResults: fields.integer("max_results"), pageToken: fields.filledText("page_token")),
            experiment: fields.filledText("experiment_id"), in: call.scope)
        return .object { text in
            text.field("issues", list: page.items) { text, issue in
                text.object { $0.members(of: issue, withCount: withCount) }
            }
            text.field("next_page_token", page.nextPageToken ?? "")
        }
    }
}

extension Fields {
    /// One of the words of an enumeration; the empty text counts as absent.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try filledText(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw TrackingFault.invalid("Invalid \(name) '\(text)'. Use one of \(words).", target: name)
        }
        return choice
    }
}

extension JSONText {
    mutating func members(of issue: Issue, withCount: Bool) {
        field("issue_id", issue.issueID)
        field("experiment_id", issue.experimentID)
        field("name", issue.name)
        field("description", issue.description)
        field("status", issue.status.rawValue)
        field("severity", issue.severity?.rawValue)
        field("root_causes", list: issue.rootCauses) { $0.element($1) }
        field("source_run_id", issue.sourceRunID)
        field("created_timestamp", issue.createdAt)
        field("last_updated_timestamp", issue.updatedAt)
        field("created_by", issue.createdBy)
        field("categories", list: issue.categories) { $0.element($1) }
        if withCount { field("trace_count", issue.traceCount) }
    }
}
