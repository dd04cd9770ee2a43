import LazuliResources
import Yams

/// JSON written as YAML that reads back as the same JSON.
enum YAMLWriter {
    static func text(of value: JSON, sortingKeys: Bool = false) -> String {
        let text = try? Yams.serialize(node: node(value), allowUnicode: true, sortKeys: sortingKeys)
        return text ?? value.prettyText
    }

    private static func node(_ value: JSON) -> Node {
        switch value {
        case .null: return Node("null", .implicit, .plain)
        case .bool(let flag): return Node(flag ? "true" : "false", .implicit, .plain)
        case .integer, .number: return Node(value.scalarText ?? "", .implicit, .plain)
        case .string(let text): return Node(text, .implicit, style(of: text))
        case .array(let elements): return Node(elements.map(node))
        case .object(let members): return Node(members.pairs.map { (node(.string($0.key)), node($0.value)) })
        }
    }

    /// A text that would read as something else is quoted.
    private static func style(of text: String) -> Node.Scalar.Style {
        if text.contains("\n") { return .literal }
        if case .string = YAMLReader.plain(text) { return .any }
        return .singleQuoted
    }
}
