package import LazuliResources
package import LazuliTabular

/// Makes a table ready for training: which columns are used and how, the target as numbers, the rows that have one.
package struct TablePreparation {
    package var table: PreparedTable
    package let target: TargetDescription
    package let columns: [InputColumn]
    package internal(set) var guardrails: [ExperimentEvent.Guardrail]
    /// Per column what became of it.
    package let summary: JSON
    /// The rows of the given table that are in the prepared one.
    package let rows: [Int]

    package init(_ table: Table, _ settings: ExperimentSettings) throws(LearningFault) {
        let names = table.columns.map(\.name)
        guard let targetColumn = table.column(settings.target) else {
            throw LearningFault(
                "The target column \"\(settings.target)\" is not in the data. Its columns are: "
                    + names.prefix(40).joined(separator: ", ") + (names.count > 40 ? "…" : "."))
        }
        let reading = try TargetReading(targetColumn, task: settings.task, positiveLabel: settings.positiveLabel)
        target = reading.description
        let kept = reading.values.indices.filter { !reading.values[$0].isNaN }
        rows = kept
        guard kept.count >= Self.fewestRows else {
            throw LearningFault(
                "The data has \(kept.count) rows with a value of \"\(settings.target)\"; at least "
                    + "\(Self.fewestRows) are needed to learn and to check what was learned.")
        }
        let apart = Set([settings.target] + [settings.data.weightColumn].compactMap { $0 } + settings.data.foldColumns)
        let planning = ColumnPlanning(settings: settings.featurization, rowCount: table.rowCount)
        let inputs = table.columns.filter { !apart.contains($0.name) }
        let plans = inputs.map(planning.plan)
        let used = zip(inputs, plans).compactMap { column, plan -> PreparedTable.Column? in
            guard case .used(let role) = plan.use else { return nil }
            return PreparedTable.Column(
                name: column.name, kind: InputColumn.Kind(column.kind), role: role,
                values: PreparedTable.Values(column.values, rows: kept))
        }
        guard !used.isEmpty else {
            throw LearningFault(
                "No column is left to learn from. " + plans.prefix(10).map(Self.words).joined(separator: " "))
        }
        let wishes = try FeatureWishes(settings.featurization, used, names: names)
        let usedNames = Set(used.map(\.name))
        columns = zip(inputs, plans).map { column, plan in
            InputColumn(
                name: column.name, kind: InputColumn.Kind(column.kind), isUsed: usedNames.contains(column.name),
                mayMiss: plan.missing > 0, missingMeans: wishes.missingMeans[column.name])
        }
        self.table = PreparedTable(
            columns: used, rowCount: kept.count, task: target.task, targets: kept.map { reading.values[$0] },
            weights: try Self.weights(table, settings, kept), rules: wishes.rules
        ).filled(columns)
        summary = .array(plans.map { $0.json(imputation: wishes.imputation(of: $0.name)) })
        guardrails =
            Guardrails(
                table: self.table, plans: plans, target: target, dropped: table.rowCount - kept.count,
                wishes: wishes
            ).all
    }

    private static let fewestRows = 4

    private static func words(_ plan: ColumnPlan) -> String {
        guard case .dropped(let reason) = plan.use else { return "" }
        return "\"\(plan.name)\": \(reason)"
    }

    private static func weights(
        _ table: Table, _ settings: ExperimentSettings, _ rows: [Int]
    ) throws(LearningFault) -> [Double]? {
        guard let name = settings.data.weightColumn else { return nil }
        guard case .numbers(let values)? = table.column(name)?.values else {
            throw LearningFault("The weight column \"\(name)\" is not a column of numbers in the data.")
        }
        guard rows.allSatisfy({ values[$0] >= 0 && values[$0].isFinite }) else {
            throw LearningFault("The weight column \"\(name)\" has values that are missing or below 0.")
        }
        return rows.map { values[$0] }
    }
}

extension InputColumn.Kind {
    init(_ kind: ColumnKind) {
        switch kind {
        case .integer: self = .integer
        case .real, .empty: self = .real
        case .boolean: self = .boolean
        case .category, .text: self = .text
        case .dateTime: self = .dateTime
        }
    }
}

extension PreparedTable {
    /// With the categories that missing values count as.
    func filled(_ inputs: [InputColumn]) -> PreparedTable {
        let texts = inputs.reduce(into: [String: String]()) { $0[$1.name] = $1.missingMeans }
        guard !texts.isEmpty else { return self }
        var filled = self
        filled.columns = columns.map { column in texts[column.name].map(column.filled) ?? column }
        return filled
    }
}

extension PreparedTable.Column {
    /// Missing values count as a category.
    fileprivate func filled(_ text: String) -> PreparedTable.Column {
        guard case .labels(var labels) = values, labels.codes.contains(where: { $0 < 0 }) else { return self }
        let code = labels.texts.firstIndex(of: text) ?? labels.texts.count
        if code == labels.texts.count { labels.texts.append(text) }
        labels.codes = labels.codes.map { $0 < 0 ? Int32(code) : $0 }
        var filled = self
        filled.values = .labels(labels)
        return filled
    }
}

extension PreparedTable.Values {
    /// Some rows of a column. What single precision cannot hold counts as missing.
    init(_ values: ColumnValues, rows: [Int]) {
        switch values {
        case .numbers(let numbers):
            self = .numbers(
                SharedArray(
                    rows.lazy.map { row in
                        let number = Float(numbers[row])
                        return number.isFinite ? number : .nan
                    }))
        case .times(let times): self = .times(SharedArray(rows.lazy.map { times[$0] }))
        case .labels(let labels):
            self = .labels(LabelValues(codes: rows.map { labels.codes[$0] }, texts: labels.texts))
        }
    }
}
