import LazuliResources

/// How an answer is written.
enum OutputFormat: String, CaseIterable, Sendable {
    case json, jsonc, yaml, yamlc, table, tsv, none

    /// The text for an answer; empty when there is nothing to say.
    func text(of value: JSON, columns: [ResourceKind.Column]?) -> String {
        guard !value.isNull else { return "" }
        switch self {
        case .json, .jsonc: return value.prettyText + "\n"
        case .yaml, .yamlc: return YAMLWriter.text(of: value)
        case .table: return TextTable.text(of: value, columns: columns)
        case .tsv: return TabSeparated.text(of: value)
        case .none: return ""
        }
    }
}

/// One line an element, its values between tabs, as scripts written for `az` expect.
enum TabSeparated {
    static func text(of value: JSON) -> String {
        (value.array ?? [value]).map { row($0) + "\n" }.joined()
    }

    private static func row(_ value: JSON) -> String {
        switch value {
        case .object(let members):
            members.pairs.sorted { $0.key < $1.key }.map { cell($0.value) }.joined(separator: "\t")
        case .array(let elements): elements.map(cell).joined(separator: "\t")
        case .bool(let flag): flag ? "true" : "false"
        default: cell(value)
        }
    }

    private static func cell(_ value: JSON) -> String {
        switch value {
        case .array(let elements): String(elements.count)
        case .object: ""
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        default: value.scalarText ?? ""
        }
    }
}

/// Columns for people.
enum TextTable {
    static func text(of value: JSON, columns: [ResourceKind.Column]?) -> String {
        let items = value.array ?? [value]
        guard !items.isEmpty else { return "" }
        if let columns {
            return render(
                columns.map(\.title), items.map { item in columns.map { cell(item[path: $0.path]) } }, dropsEmpty: true)
        }
        let titles = titles(of: items)
        return render(titles.map(\.title), items.map { item in titles.map { $0.value(item) } }, dropsEmpty: false)
    }

    private struct Title {
        let title: String
        let value: (JSON) -> String
    }

    /// Objects give their members' names, lists give numbers, anything else one column.
    private static func titles(of items: [JSON]) -> [Title] {
        if items.contains(where: { $0.object != nil }) {
            var keys: [String] = []
            for item in items {
                for (key, value) in item.object?.pairs ?? []
                where !keys.contains(key) && !value.isNull && value.object == nil && value.array == nil {
                    keys.append(key)
                }
            }
            return keys.map { key in Title(title: key.prefix(1).uppercased() + key.dropFirst()) { cell($0[key]) } }
        }
        let width = items.map { $0.array?.count ?? 0 }.max() ?? 0
        if width > 0 {
            return (0..<width).map { index in
                Title(title: "Column\(index + 1)") { item in
                    let elements = item.array ?? []
                    return elements.indices.contains(index) ? cell(elements[index]) : ""
                }
            }
        }
        return [Title(title: "Result", value: cell)]
    }

    private static func cell(_ value: JSON) -> String {
        switch value {
        case .array(let elements): "\(elements.count) items"
        case .object(let members): members.isEmpty ? "" : "{…}"
        case .bool(let flag): flag ? "True" : "False"
        default: (value.scalarText ?? "").replacing("\n", with: " ")
        }
    }

    private static func render(_ titles: [String], _ rows: [[String]], dropsEmpty: Bool) -> String {
        let kept = titles.indices.filter { column in !dropsEmpty || rows.contains { !$0[column].isEmpty } }
        let widths = kept.map { column in ([titles[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let text = padded.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        let lines =
            [line(kept.map { titles[$0] }), line(widths.map { String(repeating: "-", count: $0) })]
            + rows.map { row in line(kept.map { row[$0] }) }
        return lines.joined(separator: "\n") + "\n"
    }
}
