import Foundation
import GRDB
public import LazuliResources

/// Keeping the data sets that traces are evaluated with.
public struct EvaluationService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    public func create(
        name: String, tags: [Entry], experiments: [String], in scope: WorkspaceScope
    ) async throws -> EvaluationDataset {
        guard name.contains(where: { !$0.isWhitespace }) else { throw TrackingFault.missing("name") }
        try NameRules.checkLength(name, of: "name", limit: TrackingLimits.experimentName)
        let now = store.clock.now(), user = tags.first { $0.key == EvaluationKey.user }?.value
        let dataset = EvaluationDataset(
            datasetID: "d-" + RandomID.hex(), name: name, digest: Self.digest(name, now), schema: nil, recordCount: 0,
            createdBy: user, updatedBy: user, createdAt: now, updatedAt: now, tags: tags, experimentIDs: [])
        return try await store.write(scope) { database, workspace in
            let row = try EvaluationTable.insert(dataset, workspace: workspace, database)
            try EvaluationTable.setTags(tags, of: row, database)
            for id in experiments {
                let experiment = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
                try EvaluationTable.link(row, toExperiment: experiment.id, database)
            }
            return try Self.filled(dataset.datasetID, workspace, database)
        }
    }

    private static func digest(_ name: String, _ time: Int64) -> String {
        String(EvaluationTable.digest("\(name):\(time)").prefix(8))
    }

    private static func filled(
        _ datasetID: String, _ workspace: Int64, _ database: Database
    ) throws -> EvaluationDataset {
        try EvaluationTable.filled([EvaluationTable.require(datasetID, workspace: workspace, database)], database)[0]
    }

    public func get(_ datasetID: String, in scope: WorkspaceScope) async throws -> EvaluationDataset {
        try await store.read(scope) { database, workspace in try Self.filled(datasetID, workspace, database) }
    }

    /// Deletes a data set with its records, if it is there.
    public func delete(_ datasetID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            try database.execute(
                sql: "DELETE FROM evaluationDataset WHERE workspaceID = ? AND datasetID = ?",
                arguments: [workspace, datasetID])
        }
    }

    public func setTags(
        _ tags: [Entry], of datasetID: String, in scope: WorkspaceScope
    ) async throws -> EvaluationDataset {
        try await store.write(scope) { database, workspace in
            let row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            try EvaluationTable.setTags(tags, of: row.id, database)
            return try Self.filled(datasetID, workspace, database)
        }
    }

    /// Deletes a tag, if it is there.
    public func deleteTag(_ key: String, of datasetID: String, in scope: WorkspaceScope) async throws {
        try await store.write(scope) { database, workspace in
            let row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            try database.execute(
                sql: "DELETE FROM evaluationDatasetTag WHERE datasetID = ? AND key = ?", arguments: [row.id, key])
        }
    }

    // MARK: Experiments

    public func add(
        _ datasetID: String, toExperiments ids: [String], in scope: WorkspaceScope
    ) async throws -> EvaluationDataset {
        try await change(datasetID, in: scope) { row, workspace, database in
            for id in ids {
                let experiment = try ExperimentTable.require(id: id, view: .all, workspace: workspace, database)
                try EvaluationTable.link(row, toExperiment: experiment.id, database)
            }
        }
    }

    /// Experiments that do not use the data set are passed over.
    public func remove(
        _ datasetID: String, fromExperiments ids: [String], in scope: WorkspaceScope
    ) async throws -> EvaluationDataset {
        try await change(datasetID, in: scope) { row, workspace, database in
            for id in ids {
                let number = try ExperimentTable.number(of: id)
                guard let experiment = try ExperimentTable.find(number: number, workspace: workspace, database) else {
                    continue
                }
                try EvaluationTable.unlink(row, fromExperiment: experiment.id, database)
            }
        }
    }

    private func change(
        _ datasetID: String, in scope: WorkspaceScope,
        _ body: @escaping @Sendable (Int64, Int64, Database) throws -> Void
    ) async throws -> EvaluationDataset {
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            var row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            try body(row.id, workspace, database)
            row.dataset.updatedAt = now
            try EvaluationTable.update(row, database)
            return try Self.filled(datasetID, workspace, database)
        }
    }

    // MARK: Records

    /// Adds records; those whose inputs are there already are brought up to date.
    public func put(
        _ drafts: [EvaluationDraft], in datasetID: String, _ scope: WorkspaceScope
    ) async throws -> (inserted: Int, updated: Int) {
        let now = store.clock.now()
        return try await store.write(scope) { database, workspace in
            var row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            var inserted = 0
            for draft in drafts {
                if try EvaluationTable.put(draft, in: row.id, now: now, database) { inserted += 1 }
            }
            row.dataset.schema = FieldTypes.merged(row.dataset.schema, drafts)
            row.dataset.digest = Self.digest(row.dataset.name, now)
            row.dataset.updatedBy = drafts.compactMap(\.user).last ?? row.dataset.updatedBy
            row.dataset.updatedAt = now
            try EvaluationTable.update(row, database)
            return (inserted, drafts.count - inserted)
        }
    }

    /// A page of records, the oldest first.
    public func records(
        of datasetID: String, maxResults: Int64?, pageToken: String?, in scope: WorkspaceScope
    ) async throws -> SearchPage<EvaluationRecord> {
        let size = try SearchRequest(
            filter: nil, orderBy: [], view: .all, maxResults: maxResults, pageToken: nil
        ).pageSize()
        let after = try PageToken.offset(of: pageToken)
        return try await store.read(scope) { database, workspace in
            let row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            let found = try EvaluationTable.records(of: row.id, after: Int64(after), limit: size + 1, database)
            let last = found.prefix(size).last?.row ?? 0
            return SearchPage(
                items: found.prefix(size).map(\.record),
                nextPageToken: found.count > size ? PageToken.text(offset: Int(last)) : nil)
        }
    }

    /// - Returns: how many there were.
    public func deleteRecords(
        _ ids: [String], of datasetID: String, in scope: WorkspaceScope
    ) async throws -> Int {
        try await store.write(scope) { database, workspace in
            let row = try EvaluationTable.require(datasetID, workspace: workspace, database)
            return try EvaluationTable.deleteRecords(ids, of: row.id, database)
        }
    }

    // MARK: Search

    /// - Parameter experiments: ids; none means data sets of any experiment.
    public func search(
        _ request: SearchRequest, experiments: [String], in scope: WorkspaceScope
    ) async throws -> SearchPage<EvaluationDataset> {
        let size = try request.pageSize(), offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .evaluationDatasets)
        let orders = try OrderParser.parse(request.orderBy, .evaluationDatasets)
        return try await store.read(scope) { database, workspace in
            var statement = SQLPiece(
                "SELECT \(EvaluationRow.columns) FROM evaluationDataset d WHERE d.workspaceID = ?", [workspace])
            if !experiments.isEmpty {
                let rows = try SearchService.rows(of: experiments, workspace, database)
                statement.append(
                    """
                    AND d.id IN (SELECT x.datasetID FROM evaluationDatasetExperiment x
                        WHERE x.experimentID IN (\(Comparison.marks(rows.count))))
                    """, StatementArguments(rows))
            }
            if let filter {
                statement.append("AND")
                statement.append(try .condition(filter, Self.condition))
            }
            statement.append("ORDER BY \(try Self.ordering(orders)) LIMIT ? OFFSET ?", [size + 1, offset])
            let found = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
                .map(EvaluationRow.init)
            return SearchPage(
                items: try EvaluationTable.filled(Array(found.prefix(size)), database),
                nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    private static func condition(_ comparison: Comparison) -> SQLPiece {
        guard comparison.field.entity == .tag else { return comparison.compares(column(comparison.field.key)) }
        let inside = "SELECT 1 FROM evaluationDatasetTag t WHERE t.datasetID = d.id AND t.key = ?"
        switch comparison.operation {
        case .isNull: return SQLPiece("NOT EXISTS (\(inside))", [comparison.field.key])
        case .isNotNull: return SQLPiece("EXISTS (\(inside))", [comparison.field.key])
        default:
            let value = comparison.compares("t.value")
            return SQLPiece("EXISTS (\(inside) AND \(value.sql))", [comparison.field.key] + value.arguments)
        }
    }

    private static func ordering(_ orders: [SearchOrder]) throws -> String {
        let terms = try orders.map { order in
            guard order.field.entity == .attribute else {
                throw TrackingFault.invalid(
                    "Invalid order_by entity: \(order.field.entity.rawValue)", target: "order_by")
            }
            return "\(column(order.field.key)) \(order.isAscending ? "ASC" : "DESC")"
        }
        return (terms + ["d.createdAt DESC", "d.datasetID"]).joined(separator: ", ")
    }

    private static func column(_ attribute: String) -> String {
        switch attribute {
        case "dataset_id": "d.datasetID"
        case "digest": "d.digest"
        case "created_by": "d.createdBy"
        case "last_updated_by": "d.updatedBy"
        case "created_time": "d.createdAt"
        case "last_update_time": "d.updatedAt"
        default: "d.name"
        }
    }
}
