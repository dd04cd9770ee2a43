import GRDB

/// Turns a search of runs into a statement.
struct RunSearch {
    let workspace: Int64
    let database: Database

    /// The row numbers of a page of runs, in order.
    func rowIDs(
        experiments: [Int64], view: ViewType, filter: FilterExpression?, orders: [SearchOrder], limit: Int, offset: Int
    ) throws -> [Int64] {
        guard !experiments.isEmpty else { return [] }
        var statement = SQLPiece("SELECT r.id FROM run r")
        let ordering = try ordering(orders, &statement)
        statement.append(
            "WHERE r.experimentID IN (\(Comparison.marks(experiments.count)))", StatementArguments(experiments))
        if let condition = view.condition("r.isDeleted") { statement.append("AND \(condition)") }
        if let filter { statement.append(.joined([try .condition(filter, condition)], by: "AND"), after: "AND") }
        statement.append("ORDER BY \(ordering) LIMIT ? OFFSET ?", [limit, offset])
        return try Int64.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
    }

    /// The runs of a page, kept in its order.
    func rows(_ ids: [Int64]) throws -> [RunRow] {
        let list = "[" + ids.map(String.init).joined(separator: ",") + "]"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(RunRow.columns) FROM json_each(?) j CROSS JOIN run r ON r.id = j.value
                CROSS JOIN experiment e ON e.id = r.experimentID
                """)
        return try Row.fetchAll(statement, arguments: [list]).map(RunRow.init)
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
            case .dataset:
                throw TrackingFault.invalid("Invalid identifier type 'dataset'", target: "order_by")
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
        case .metric, .parameter, .tag: break
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

extension SQLPiece {
    fileprivate mutating func append(_ piece: SQLPiece, after word: String) {
        append(word)
        append(piece)
    }
}
