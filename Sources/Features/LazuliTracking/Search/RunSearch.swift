import GRDB

/// Turns a search of runs into a statement.
struct RunSearch {
    let workspace: Int64
    let database: Database

    /// What a page of runs is asked for.
    struct Query {
        let experiments: [Int64]
        let view: ViewType
        let filter: FilterExpression?
        let orders: [SearchOrder]
        let limit: Int
        let offset: Int
    }

    /// The row numbers of a page of runs, in order.
    func rowIDs(_ query: Query) throws -> [Int64] {
        guard !query.experiments.isEmpty else { return [] }
        guard let first = query.orders.first, first.field.entity == .metric else {
            return try fetch(statement(query, "SELECT r.id FROM run r"), limit: query.limit, offset: query.offset)
        }
        return try rowIDs(query, by: first)
    }

    /// Pages ordered by a metric walk the index of its values and stop when they are full: first the runs with a
    /// number, then those with NaN, then those without the metric.
    private func rowIDs(_ query: Query, by first: SearchOrder) throws -> [Int64] {
        let key = try KeyTable.find(first.field.key, workspace: workspace, database) ?? 0
        let values = "SELECT r.id FROM latestMetric o CROSS JOIN run r ON r.id = o.runID"
        let direction = first.isAscending ? "ASC" : "DESC"
        var phases: [SQLPiece] = []
        if key != 0 {
            phases.append(
                try statement(
                    query, values, first, SQLPiece("o.keyID = ? AND o.isNaN = 0", [key]), "o.value \(direction)"))
            phases.append(try statement(query, values, first, SQLPiece("o.keyID = ? AND o.isNaN = 1", [key])))
        }
        let missing = SQLPiece(Self.exists("latestMetric", not: true, ")"), [key])
        phases.append(try statement(query, "SELECT r.id FROM run r", first, missing))
        var found: [Int64] = [], skipped = 0
        for (index, phase) in phases.enumerated() {
            let offset = max(0, query.offset - skipped)
            let part = try fetch(phase, limit: query.limit - found.count, offset: offset)
            found += part
            guard found.count < query.limit, index < phases.count - 1 else { break }
            if offset > 0, part.isEmpty { skipped += try count(phase) } else { skipped = query.offset }
        }
        return found
    }

    private func fetch(_ statement: SQLPiece, limit: Int, offset: Int) throws -> [Int64] {
        try Int64.fetchAll(
            database, sql: statement.sql + " LIMIT ? OFFSET ?", arguments: statement.arguments + [limit, offset])
    }

    private func count(_ statement: SQLPiece) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM (\(statement.sql))", arguments: statement.arguments) ?? 0
    }

    /// - Parameters:
    ///   - done: the first ordering, where the phase itself sees to it.
    ///   - condition: what the phase demands.
    ///   - leading: the ordering of the phase.
    private func statement(
        _ query: Query, _ start: String, _ done: SearchOrder? = nil, _ condition: SQLPiece = .always,
        _ leading: String? = nil
    ) throws -> SQLPiece {
        var statement = SQLPiece(start)
        let ordering = try ordering(query.orders.filter { $0 != done }, &statement)
        statement.append("WHERE")
        statement.append(condition)
        statement.append(
            "AND r.experimentID IN (\(Comparison.marks(query.experiments.count)))",
            StatementArguments(query.experiments))
        if let view = query.view.condition("r.isDeleted") { statement.append("AND \(view)") }
        if let filter = query.filter {
            statement.append("AND")
            statement.append(try .condition(filter, self.condition))
        }
        statement.append("ORDER BY " + ([leading].compactMap(\.self) + [ordering]).joined(separator: ", "))
        return statement
    }

    /// The runs of a page, kept in its order.
    func rows(_ ids: [Int64]) throws -> [RunRow] {
        let list = RunList(ids)
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(RunRow.columns) FROM \(list.table) CROSS JOIN run r ON r.id = j.value
                CROSS JOIN experiment e ON e.id = r.experimentID
                """)
        return try Row.fetchAll(statement, arguments: [list.argument]).map(RunRow.init)
    }

    // MARK: Order

    /// Joins what the ordering needs, and gives the ordering: missing values go last, and NaN before them.
    private func ordering(_ orders: [SearchOrder], _ statement: inout SQLPiece) throws -> String {
        var terms: [String] = []
        for (index, order) in orders.enumerated() {
            let direction = order.isAscending ? "ASC" : "DESC"
            let column: String
            switch order.field.entity {
            case .attribute: column = Self.column(order.field.key)
            case .metric, .parameter, .tag:
                let alias = "o\(index)"
                let table = Self.table(order.field.entity)
                let key = try KeyTable.find(order.field.key, workspace: workspace, database) ?? 0
                statement.append("LEFT JOIN \(table) \(alias) ON \(alias).runID = r.id AND \(alias).keyID = ?", [key])
                column = "\(alias).value"
                if order.field.entity == .metric { terms.append("COALESCE(\(alias).isNaN, 2)") }
            default:
                throw TrackingFault.invalid(
                    "Invalid identifier type '\(order.field.entity.rawValue)'", target: "order_by")
            }
            if order.field.entity != .metric { terms.append("\(column) IS NULL") }
            terms.append("\(column) \(direction)")
        }
        if !orders.contains(where: { $0.field == SearchField(entity: .attribute, key: "start_time") }) {
            terms.append("r.startTime DESC")
        }
        return (terms + ["r.runID"]).joined(separator: ", ")
    }

    // MARK: Conditions

    private func condition(_ comparison: Comparison) throws -> SQLPiece {
        switch comparison.field.entity {
        case .attribute: return comparison.compares(Self.column(comparison.field.key))
        case .dataset: return datasetCondition(comparison)
        default: break
        }
        guard let key = try KeyTable.find(comparison.field.key, workspace: workspace, database) else {
            return comparison.operation == .isNull ? .always : .never
        }
        let table = Self.table(comparison.field.entity)
        switch comparison.operation {
        case .isNull: return SQLPiece(Self.exists(table, not: true, ")"), [key])
        case .isNotNull: return SQLPiece(Self.exists(table, ")"), [key])
        default: break
        }
        let value = comparison.compares("x.value")
        let arguments: StatementArguments = [key] + value.arguments
        guard comparison.field.entity == .metric else {
            return SQLPiece(Self.exists(table, "AND \(value.sql))"), arguments)
        }
        let nan = comparison.operation == .notEqual ? "(x.isNaN OR \(value.sql))" : "x.isNaN = 0 AND \(value.sql)"
        return SQLPiece(Self.exists(table, "AND \(nan))"), arguments)
    }

    private static func exists(_ table: String, not: Bool = false, _ rest: String) -> String {
        "\(not ? "NOT " : "")EXISTS (SELECT 1 FROM \(table) x WHERE x.runID = r.id AND x.keyID = ? \(rest)"
    }

    private func datasetCondition(_ comparison: Comparison) -> SQLPiece {
        let isContext = comparison.field.key == "context"
        let value = comparison.compares(isContext ? "t.value" : "d.\(comparison.field.key)")
        let join =
            isContext
            ? "JOIN runInputTag t ON t.inputID = i.id AND t.key = '\(InputTable.contextTag)'"
            : "JOIN dataset d ON d.id = i.datasetID"
        return SQLPiece(
            "EXISTS (SELECT 1 FROM runInput i \(join) WHERE i.runID = r.id AND \(value.sql))", value.arguments)
    }

    private static func table(_ entity: SearchEntity) -> String {
        switch entity {
        case .metric: "latestMetric"
        case .parameter: "param"
        default: "tag"
        }
    }

    private static func column(_ attribute: String) -> String {
        switch attribute {
        case "run_id": "r.runID"
        case "run_name": "r.name"
        case "user_id": "r.user"
        case "start_time": "r.startTime"
        case "end_time": "r.endTime"
        case "experiment_id": "(SELECT e.number FROM experiment e WHERE e.id = r.experimentID)"
        case "artifact_uri":
            """
            COALESCE(r.artifactURI, '\(ArtifactAddress.scheme)' || \
            (SELECT e.number FROM experiment e WHERE e.id = r.experimentID) || '/' || r.runID || '/artifacts')
            """
        default: "r.status"
        }
    }
}
