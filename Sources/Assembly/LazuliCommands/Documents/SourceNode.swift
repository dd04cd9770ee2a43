import LazuliResources

/// Where a value was written: in a file, or on the command line.
enum Place: Sendable, Equatable, CustomStringConvertible {
    case file(String, line: Int, column: Int)
    case flag(String)

    var description: String {
        switch self {
        case .file(let name, let line, let column): "\(name):\(line):\(column)"
        case .flag(let text): text
        }
    }

    /// Problems are told in the order of the file, those of flags last.
    var order: (Int, Int) {
        switch self {
        case .file(_, let line, let column): (line, column)
        case .flag: (.max, 0)
        }
    }
}

/// A value as its author wrote it, with its place, so that a message can point at it.
struct SourceNode: Sendable {
    indirect enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case string(String)
        case list([SourceNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let place: Place
        var value: SourceNode
    }

    var content: Content
    /// The text of a scalar exactly as it stands in the file: `0.10` is not `0.1`.
    var written: String?
    var place: Place

    init(_ content: Content, written: String? = nil, at place: Place) {
        self.content = content
        self.written = written
        self.place = place
    }

    /// A value of the program's own making.
    init(_ json: JSON, at place: Place) {
        self.place = place
        switch json {
        case .null: content = .null
        case .bool(let flag): content = .bool(flag)
        case .integer(let integer): content = .integer(integer)
        case .number(let number): content = .number(number)
        case .string(let text): content = .string(text)
        case .array(let elements): content = .list(elements.map { SourceNode($0, at: place) })
        case .object(let members):
            content = .mapping(
                members.pairs.map { Entry(key: $0.key, place: place, value: SourceNode($0.value, at: place)) })
        }
        written = json.scalarText
    }

    var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
    var elements: [SourceNode]? { if case .list(let elements) = content { elements } else { nil } }
    var string: String? { if case .string(let text) = content { text } else { nil } }
    var isNull: Bool { if case .null = content { true } else { false } }

    /// The member of a mapping; nil if it is missing.
    subscript(key: String) -> SourceNode? {
        get { entries?.last { $0.key == key }?.value }
        set {
            var list = entries ?? []
            list.removeAll { entry in entry.key == key && newValue == nil }
            if let newValue {
                if let index = list.firstIndex(where: { $0.key == key }) {
                    list[index].value = newValue
                } else {
                    list.append(Entry(key: key, place: newValue.place, value: newValue))
                }
            }
            content = .mapping(list)
        }
    }

    /// What a person would call the scalar: as written; booleans the way the stock client sends them.
    var scalarText: String? {
        switch content {
        case .string(let text): text
        case .integer, .number: written
        case .bool(let flag): flag ? "True" : "False"
        case .null, .list, .mapping: nil
        }
    }

    /// The value as JSON.
    var json: JSON {
        switch content {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .list(let elements): .array(elements.map(\.json))
        case .mapping(let entries): .object(JSONObject(entries.map { ($0.key, $0.value.json) }))
        }
    }

    var kindName: String {
        switch content {
        case .null: "nothing"
        case .mapping: "a mapping"
        case .list: "a list"
        default: json.kindName
        }
    }
}
