/// Writes XML one element after another; text is escaped, tags are not.
struct XMLText {
    private(set) var text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "<>&\"\r\n\t".utf8.contains($0) }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "\r", "\n", "\t": result += "&#\(character.value);"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// `<tag>value</tag>`; nothing for nil.
    mutating func element(_ tag: String, _ value: String?) {
        guard let value else { return }
        text += value.isEmpty ? "<\(tag)/>" : "<\(tag)>\(Self.escaped(value))</\(tag)>"
    }

    mutating func element(
        _ tag: String, attributes: [(name: String, value: String)] = [], content: (inout XMLText) -> Void
    ) {
        text += "<\(tag)" + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined() + ">"
        content(&self)
        text += "</\(tag)>"
    }
}
