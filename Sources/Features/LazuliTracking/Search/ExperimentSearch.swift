import GRDB
import LazuliResources

/// Turns a search of experiments into a statement.
enum ExperimentSearch {
    static func rows(
        workspace: Int64, view: ViewType, filter: FilterExpression?, orders: [SearchOrder], limit: Int, offset: Int,
        _ database: Database
    ) throws -> [ExperimentRow] {
        var statement = SQLPiece(
            "SELECT \(ExperimentRow.columns) FROM experiment WHERE workspaceID = ?", [workspace])
        if let condition = view.condition("isDeleted") { statement.append("AND \(condition)") }
        if let filter {
            statement.append("AND")
            statement.append(try .condition(filter, condition))
        }
        statement.append("ORDER BY \(try ordering(orders)) LIMIT ? OFFSET ?", [limit, offset])
        return try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map(ExperimentRow.init)
    }

    private static func ordering(_ orders: [SearchOrder]) throws -> String {
        if orders.isEmpty { return "createdAt DESC, number ASC" }
        var terms = try orders.map { order in
            guard order.field.entity == .attribute else {
                throw TrackingFault.invalid(
                    "Invalid order_by entity: \(order.field.entity.rawValue)", target: "order_by")
            }
            return "\(column(order.field.key)) \(order.isAscending ? "ASC" : "DESC")"
        }
        if !orders.contains(where: { $0.field.key == "experiment_id" }) { terms.append("number DESC") }
        return terms.joined(separator: ", ")
    }

    private static func condition(_ comparison: Comparison) throws -> SQLPiece {
        let key = comparison.field.key
        if comparison.field.entity == .tag {
            let inside = "SELECT 1 FROM experimentTag t WHERE t.experimentID = experiment.id AND t.key = ?"
            switch comparison.operation {
            case .isNull: return SQLPiece("NOT EXISTS (\(inside))", [key])
            case .isNotNull: return SQLPiece("EXISTS (\(inside))", [key])
            default:
                let value = comparison.compares("t.value")
                return SQLPiece("EXISTS (\(inside) AND \(value.sql))", [key] + value.arguments)
            }
        }
        guard key == "experiment_id" else { return comparison.compares(column(key)) }
        guard [.equal, .notEqual, .isIn, .isNotIn].contains(comparison.operation) else {
            throw FilterFault.invalid(
                "Invalid comparator for experiment_id: \(comparison.operation.rawValue)", at: comparison.position)
        }
        switch comparison.value {
        case .text(let id): _ = try ExperimentTable.number(of: id)
        case .list(let ids): for id in ids { _ = try ExperimentTable.number(of: id) }
        default: break
        }
        return comparison.compares("CAST(number AS TEXT)")
    }

    private static func column(_ attribute: String) -> String {
        switch attribute {
        case "experiment_id": "number"
        case "creation_time": "createdAt"
        case "last_update_time": "updatedAt"
        default: "name"
        }
    }
}
