import GRDB
import LazuliResources

/// A search of logged models.
public struct LoggedModelSearch: Sendable {
    /// Narrows metrics to those measured on a dataset.
    public struct DatasetFilter: Sendable {
        public let name: String
        public let digest: String?

        public init(name: String, digest: String?) {
            self.name = name
            self.digest = digest
        }
    }

    /// One key of the ordering: an attribute, or `metrics.NAME`, on one dataset or on any.
    public struct Order: Sendable {
        public let field: String
        public let isAscending: Bool
        public let datasetName: String?
        public let datasetDigest: String?

        public init(field: String, isAscending: Bool, datasetName: String?, datasetDigest: String?) {
            self.field = field
            self.isAscending = isAscending
            self.datasetName = datasetName
            self.datasetDigest = datasetDigest
        }
    }

    public let experiments: [String]
    public let filter: String?
    public let datasets: [DatasetFilter]
    public let orderBy: [Order]
    public let maxResults: Int64?
    public let pageToken: String?

    public init(
        experiments: [String], filter: String?, datasets: [DatasetFilter], orderBy: [Order], maxResults: Int64?,
        pageToken: String?
    ) {
        self.experiments = experiments
        self.filter = filter
        self.datasets = datasets
        self.orderBy = orderBy
        self.maxResults = maxResults
        self.pageToken = pageToken
    }

    static let usualPage = 100

    /// The query that a page token belongs to, so that it is not used with another.
    var fingerprint: String {
        let orders = orderBy.map { "\($0.field) \($0.isAscending) \($0.datasetName ?? "") \($0.datasetDigest ?? "")" }
        return (experiments + [filter ?? ""] + orders).joined(separator: "\n")
    }
}

/// Turns a search of logged models into a statement.
struct LoggedModelStatement {
    let search: LoggedModelSearch
    let database: Database

    func rows(experiments: [Int64], limit: Int, offset: Int) throws -> [LoggedModelRow] {
        guard !experiments.isEmpty else { return [] }
        var statement = SQLPiece(
            "SELECT \(LoggedModelRow.columns) FROM loggedModel m JOIN experiment e ON e.id = m.experimentID")
        let ordering = try ordering(&statement)
        statement.append(
            "WHERE m.isDeleted = 0 AND m.experimentID IN (\(Comparison.marks(experiments.count)))",
            StatementArguments(experiments))
        let filter = try FilterParser.parse(search.filter, .loggedModels)
        if let filter {
            statement.append("AND")
            statement.append(try .condition(filter, condition))
        }
        if !search.datasets.isEmpty, filter?.mentionsMetric != true {
            let datasets = datasetCondition("x")
            statement.append(
                "AND EXISTS (SELECT 1 FROM loggedModelMetric x WHERE x.loggedModelID = m.id AND \(datasets.sql))",
                datasets.arguments)
        }
        statement.append("ORDER BY \(ordering) LIMIT ? OFFSET ?", [limit, offset])
        return try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map(LoggedModelRow.init)
    }

    private func ordering(_ statement: inout SQLPiece) throws -> String {
        var terms: [String] = [], fields: Set<String> = []
        for (index, order) in search.orderBy.enumerated() {
            let direction = order.isAscending ? "ASC" : "DESC"
            guard order.field.hasPrefix("metrics.") else {
                let column = try attribute(of: order)
                fields.insert(column)
                terms += ["\(column) IS NULL", "\(column) \(direction)"]
                continue
            }
            let alias = "o\(index)"
            statement.append("LEFT JOIN")
            statement.append(latest(String(order.field.dropFirst("metrics.".count)), order))
            statement.append("\(alias) ON \(alias).loggedModelID = m.id")
            terms += ["\(alias).value IS NULL", "\(alias).value \(direction)"]
        }
        if !fields.contains("m.createdAt") { terms.append("m.createdAt DESC") }
        if !fields.contains("m.modelID") { terms.append("m.modelID ASC") }
        return terms.joined(separator: ", ")
    }

    private func attribute(of order: LoggedModelSearch.Order) throws -> String {
        let name = SearchGrammar.loggedModels.aliases[order.field] ?? order.field
        guard !order.field.contains("."), SearchGrammar.loggedModels.attributes[name] != nil else {
            let more = order.field.contains(".") ? ". Only metrics are supported." : ""
            throw TrackingFault.invalid("Invalid order by field name: \(order.field)\(more)", target: "order_by")
        }
        return Self.column(name)
    }

    /// The latest value of a metric for each model.
    private func latest(_ key: String, _ order: LoggedModelSearch.Order) -> SQLPiece {
        var inner = SQLPiece("x.key = ?", [key])
        if let name = order.datasetName, !name.isEmpty { inner.append("AND x.datasetName = ?", [name]) }
        if let digest = order.datasetDigest, !digest.isEmpty { inner.append("AND x.datasetDigest = ?", [digest]) }
        return SQLPiece(
            """
            (SELECT loggedModelID, value FROM (SELECT x.loggedModelID, CASE x.isNaN WHEN 0 THEN x.value END AS value,
                ROW_NUMBER() OVER (PARTITION BY x.loggedModelID
                    ORDER BY x.timestamp DESC, x.step DESC, x.runID) AS place
                FROM loggedModelMetric x WHERE \(inner.sql)) WHERE place = 1)
            """, inner.arguments)
    }

    private func condition(_ comparison: Comparison) throws -> SQLPiece {
        let key = comparison.field.key
        switch comparison.field.entity {
        case .attribute: return attributeCondition(comparison)
        case .metric:
            let value = comparison.compares("x.value")
            var inner = SQLPiece(
                "SELECT 1 FROM loggedModelMetric x WHERE x.loggedModelID = m.id AND x.key = ? AND x.isNaN = 0 AND",
                [key])
            inner.append(value)
            if !search.datasets.isEmpty {
                inner.append("AND")
                inner.append(datasetCondition("x"))
            }
            return SQLPiece("EXISTS (\(inner.sql))", inner.arguments)
        default:
            let table = comparison.field.entity == .parameter ? "loggedModelParam" : "loggedModelTag"
            let inside = "SELECT 1 FROM \(table) x WHERE x.loggedModelID = m.id AND x.key = ?"
            switch comparison.operation {
            case .isNull: return SQLPiece("NOT EXISTS (\(inside))", [key])
            case .isNotNull: return SQLPiece("EXISTS (\(inside))", [key])
            default:
                let value = comparison.compares("x.value")
                return SQLPiece("EXISTS (\(inside) AND \(value.sql))", [key] + value.arguments)
            }
        }
    }

    /// A status is compared by its name, in the client's words (`READY`) or the wire's.
    private func attributeCondition(_ comparison: Comparison) -> SQLPiece {
        guard comparison.field.key == "status" else { return comparison.compares(Self.column(comparison.field.key)) }
        let short =
            "CASE m.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'UNSPECIFIED' END"
        return comparison.compares(short)
    }

    private func datasetCondition(_ alias: String) -> SQLPiece {
        .joined(
            search.datasets.map { dataset in
                var piece = SQLPiece("(\(alias).datasetName = ?", [dataset.name])
                if let digest = dataset.digest, !digest.isEmpty {
                    piece.append("AND \(alias).datasetDigest = ?", [digest])
                }
                piece.sql += ")"
                return piece
            }, by: "OR")
    }

    private static func column(_ attribute: String) -> String {
        switch attribute {
        case "model_id": "m.modelID"
        case "model_type": "m.modelType"
        case "status": "m.status"
        case "source_run_id": "m.sourceRunID"
        case "experiment_id": "CAST(e.number AS TEXT)"
        case "creation_timestamp_ms": "m.createdAt"
        case "last_updated_timestamp_ms": "m.updatedAt"
        default: "m.name"
        }
    }
}

extension FilterExpression {
    var mentionsMetric: Bool {
        switch self {
        case .comparison(let comparison): comparison.field.entity == .metric
        case .all(let parts), .any(let parts): parts.contains(where: \.mentionsMetric)
        case .not(let inner): inner.mentionsMetric
        }
    }
}
