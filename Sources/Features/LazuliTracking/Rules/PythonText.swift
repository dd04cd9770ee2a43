public import LazuliResources

/// Values as Python prints them, because MLflow's messages quote them so.
public enum PythonText {
    /// `json.dumps(text)`: ASCII only, other characters as `\uXXXX`.
    public static func json(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x08: result += "\\b"
            case 0x0C: result += "\\f"
            case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let hex = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
        return result + "\""
    }

    /// `repr(text)`.
    public static func repr(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case quote: result += "\\\(quote)"
            default: result.append(character)
            }
        }
        return result + String(quote)
    }

    /// `['a', 'b']`.
    public static func list(_ texts: some Sequence<String>) -> String {
        "[" + texts.map(repr).joined(separator: ", ") + "]"
    }

    /// `json.dumps(value, ensure_ascii=False)`: blanks after commas and colons.
    public static func dump(_ value: JSON) -> String {
        switch value {
        case .array(let values): "[" + values.map(dump).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.pairs.map { JSON.string($0.key).text + ": " + dump($0.value) }.joined(separator: ", ") + "}"
        case .number(let number) where !number.isFinite: value.scalarText ?? "NaN"
        default: value.text
        }
    }
}
