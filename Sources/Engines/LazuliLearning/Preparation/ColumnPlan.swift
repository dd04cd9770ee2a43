import LazuliResources
import LazuliTabular

/// What becomes of a column of the table, and why.
struct ColumnPlan {
    enum Use: Equatable {
        case used(ColumnRole)
        case dropped(reason: String)
    }

    let name: String
    let kind: ColumnKind
    var use: Use
    let missing: Int
    let unique: Int

    /// - Parameter imputation: what stands for missing values, where that was asked for.
    func json(imputation: String?) -> JSON {
        var row: JSON = [
            "column": .string(name), "kind": .string(kind.rawValue), "missing": JSON(missing), "unique": JSON(unique),
        ]
        switch use {
        case .used(let role): row["role"] = .string(role.rawValue)
        case .dropped(let reason): row["dropped"] = .string(reason)
        }
        if let imputation { row["imputation"] = .string(imputation) }
        return row
    }
}

/// Decides what columns are good for. Source of the rules: Azure, "Automatic featurization".
struct ColumnPlanning {
    let settings: ExperimentSettings.Featurization
    let rowCount: Int

    func plan(_ column: Column) -> ColumnPlan {
        let facts = ColumnFacts(column)
        return ColumnPlan(
            name: column.name, kind: column.kind, use: use(column, facts), missing: facts.missing,
            unique: facts.unique)
    }

    private func use(_ column: Column, _ facts: ColumnFacts) -> ColumnPlan.Use {
        if settings.dropped.contains(column.name) { return .dropped(reason: "You asked to drop it.") }
        let purpose = settings.purposes[column.name].map { $0.lowercased() }
        if purpose == "ignore" { return .dropped(reason: "You asked to ignore it.") }
        if facts.unique == 0 { return .dropped(reason: "All its values are missing.") }
        if facts.unique == 1, facts.missing == 0 { return .dropped(reason: "All its values are the same.") }
        if let purpose, let role = Self.role(purpose, column.values) { return .used(role) }
        if settings.mode != .off, let reason = reasonToDrop(column, facts) { return .dropped(reason: reason) }
        return .used(Self.usualRole(column))
    }

    private static func usualRole(_ column: Column) -> ColumnRole {
        switch column.kind {
        case .integer, .real, .empty: .number
        case .boolean: .flag
        case .category: .category
        case .text: .text
        case .dateTime: .dateTime
        }
    }

    /// Source: the column purposes of Azure's featurization settings. A number cannot be read as text.
    private static func role(_ purpose: String, _ values: ColumnValues) -> ColumnRole? {
        switch (purpose, values) {
        case ("numeric", .numbers): .number
        case ("datetime", .times): .dateTime
        case ("text", .labels): .text
        case ("categorical", .labels), ("categoricalhash", .labels): .category
        default: nil
        }
    }

    private static let fewRows = 20

    private func reasonToDrop(_ column: Column, _ facts: ColumnFacts) -> String? {
        guard rowCount >= Self.fewRows else { return nil }
        switch column.values {
        case .labels where column.kind != .text && facts.unique > (rowCount - facts.missing) * 9 / 10:
            return "Nearly every row has a value of its own: it names rows and tells nothing of new ones."
        case .numbers(let values) where column.kind == .integer && facts.unique == rowCount && facts.missing == 0:
            return isCounter(values) || Self.namesRows(column.name)
                ? "It numbers the rows and tells nothing of new ones." : nil
        default: return nil
        }
    }

    private func isCounter(_ values: [Double]) -> Bool {
        zip(values, values.dropFirst()).allSatisfy { $1 - $0 == 1 }
    }

    private static func namesRows(_ name: String) -> Bool {
        let lower = name.lowercased()
        return lower == "id" || lower.hasSuffix("_id") || lower.hasSuffix(" id") || name.hasSuffix("ID")
            || name.hasSuffix("Id")
    }
}

/// How many values are missing, and how many differ.
struct ColumnFacts {
    let missing: Int
    let unique: Int
    let hasInfinities: Bool

    init(_ column: Column) {
        switch column.values {
        case .numbers(let values), .times(let values):
            missing = values.count { $0.isNaN }
            unique = Set(values.lazy.filter { !$0.isNaN }).count
            hasInfinities = values.contains { $0.isInfinite }
        case .labels(let labels):
            missing = labels.codes.count { $0 < 0 }
            unique = Set(labels.codes.lazy.filter { $0 >= 0 }).count
            hasInfinities = false
        }
    }
}
