import GRDB
public import LazuliResources

/// Keeping the issues that were found in traces. A trace has an issue when an assessment of it bears the issue's id.
public struct IssueService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    public func create(_ draft: Issue, in scope: WorkspaceScope) async throws -> Issue {
        try NameRules.checkLength(draft.name, of: "name", limit: TrackingLimits.key)
        let now = store.clock.now(), issueID = "iss-" + RandomID.hex()
        return try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(
                id: draft.experimentID, view: .all, workspace: workspace, database)
            if let run = draft.sourceRunID { _ = try RunTable.require(run, workspace: workspace, database) }
            try database.execute(
                sql: """
                    INSERT INTO issue (workspaceID, experimentID, issueID, name, description, status, severity,
                        rootCauses, categories, sourceRunID, createdBy, createdAt, updatedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    workspace, experiment.id, issueID, draft.name, draft.description, draft.status.rawValue,
                    draft.severity?.rawValue, Self.text(draft.rootCauses), Self.text(draft.categories),
                    draft.sourceRunID, draft.createdBy, now, now,
                ])
            return try Self.require(issueID, workspace, database)
        }
    }

    public func get(_ issueID: String, in scope: WorkspaceScope) async throws -> Issue {
        try await store.read(scope) { database, workspace in try Self.require(issueID, workspace, database) }
    }

    public func update(_ issueID: String, _ change: IssueChange, in scope: WorkspaceScope) async throws -> Issue {
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            _ = try Self.require(issueID, workspace, database)
            try database.execute(
                sql: """
                    UPDATE issue SET name = COALESCE(?, name), description = COALESCE(?, description),
                        status = COALESCE(?, status), severity = COALESCE(?, severity), updatedAt = ?
                    WHERE workspaceID = ? AND issueID = ?
                    """,
                arguments: [
                    change.name, change.description, change.status?.rawValue, change.severity?.rawValue, now,
                    workspace, issueID,
                ])
            return try Self.require(issueID, workspace, database)
        }
    }

    /// The newest first.
    /// - Parameter experiment: the id of an experiment; nil for issues of all.
    public func search(
        _ request: SearchRequest, experiment: String?, in scope: WorkspaceScope
    ) async throws -> SearchPage<Issue> {
        let size = try request.pageSize(), offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .issues)
        return try await store.read(scope) { database, workspace in
            var condition = SQLPiece("i.workspaceID = ?", [workspace])
            if let experiment {
                condition.append("AND e.number = ?", [try ExperimentTable.number(of: experiment)])
            }
            if let filter {
                condition.append("AND")
                condition.append(
                    try .condition(filter) { $0.compares($0.field.key == "status" ? "i.status" : "i.sourceRunID") })
            }
            condition.append("ORDER BY i.createdAt DESC, i.id DESC LIMIT ? OFFSET ?", [size + 1, offset])
            let found = try Self.issues(condition, database)
            return SearchPage(
                items: Array(found.prefix(size)),
                nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    // MARK: Statements

    private static func require(_ issueID: String, _ workspace: Int64, _ database: Database) throws -> Issue {
        let found = try issues(SQLPiece("i.workspaceID = ? AND i.issueID = ?", [workspace, issueID]), database)
        guard let issue = found.first else { throw TrackingFault.notFound("Issue with ID '\(issueID)' not found") }
        return issue
    }

    private static func issues(_ condition: SQLPiece, _ database: Database) throws -> [Issue] {
        let sql = """
            SELECT i.issueID, e.number, i.name, i.description, i.status, i.severity, i.rootCauses, i.categories,
                i.sourceRunID, i.createdBy, i.createdAt, i.updatedAt,
                (SELECT COUNT(DISTINCT a.traceID) FROM assessment a JOIN trace t ON t.id = a.traceID
                    WHERE a.kind = 'issue' AND a.name = i.issueID AND t.workspaceID = i.workspaceID)
            FROM issue i JOIN experiment e ON e.id = i.experimentID WHERE \(condition.sql)
            """
        return try Row.fetchAll(database, sql: sql, arguments: condition.arguments).map { row in
            let number: Int64 = row[1], status: String = row[4], severity: String? = row[5]
            return Issue(
                issueID: row[0], experimentID: String(number), name: row[2], description: row[3],
                status: Issue.Status(rawValue: status) ?? .pending,
                severity: severity.flatMap(Issue.Severity.init), rootCauses: list(row[6]), categories: list(row[7]),
                sourceRunID: row[8], createdBy: row[9], createdAt: row[10], updatedAt: row[11], traceCount: row[12])
        }
    }

    private static func text(_ list: [String]) -> String { JSON.array(list.map(JSON.string)).text }

    private static func list(_ text: String) -> [String] {
        ((try? JSON(parsing: text))?.array ?? []).compactMap(\.string)
    }
}
