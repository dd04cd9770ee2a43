import LazuliResources
import LazuliTracking

/// The members of a request, from its JSON body or its query, with MLflow's refusals for what is missing or of the
/// wrong type. Numbers may come as strings, as in protobuf's JSON form.
struct Fields: Sendable {
    private let members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    /// - Parameter items: the query's items; a repeated name becomes a list.
    init(query items: [(name: String, value: String)]) {
        var members = JSONObject()
        for (name, value) in items {
            switch members[name] {
            case nil: members[name] = .string(value)
            case .array(let values): members[name] = .array(values + [.string(value)])
            case .some(let first): members[name] = .array([first, .string(value)])
            }
        }
        self.init(members)
    }

    /// The member, or null; also found under the name in camel case, which protobuf's readers take as well.
    subscript(_ name: String) -> JSON {
        if let value = members[name] { return value }
        guard name.utf8.contains(UInt8(ascii: "_")) else { return .null }
        return members.pairs.first { Self.isCamelCase($0.key, of: name) }?.value ?? .null
    }

    var count: Int { members.count }

    func has(_ name: String) -> Bool { !self[name].isNull }

    /// Whether a key is `name` with its words run together: `modelId` for `model_id`. Compared byte by byte, since
    /// members that may be absent are asked for at every point of a batch.
    private static func isCamelCase(_ key: String, of name: String) -> Bool {
        var name = name.utf8.makeIterator()
        for byte in key.utf8 {
            guard var wanted = name.next() else { return false }
            if wanted == UInt8(ascii: "_") {
                guard let first = name.next() else { return false }
                wanted = first & ~0x20
            }
            guard byte == wanted else { return false }
        }
        return name.next() == nil
    }

    // MARK: Single values

    func text(_ name: String) throws -> String? {
        switch self[name] {
        case .null: nil
        case .string(let value): value
        case let other: throw Self.wrongType(name, other)
        }
    }

    /// A text that must be there and not be empty.
    func requiredText(_ name: String) throws -> String {
        guard let value = try text(name), !value.isEmpty else { throw Self.missing(name) }
        return value
    }

    /// The run that the call is about; clients before 2.0 call it `run_uuid`.
    func runID() throws -> String {
        if let value = try text("run_id"), !value.isEmpty { return value }
        guard let old = try text("run_uuid"), !old.isEmpty else { throw Self.missing("run_id") }
        return old
    }

    func integer(_ name: String) throws -> Int64? {
        let value = self[name]
        if value.isNull { return nil }
        guard let integer = value.wireInteger else { throw Self.wrongType(name, value) }
        return integer
    }

    func requiredInteger(_ name: String) throws -> Int64 {
        guard let value = try integer(name) else { throw Self.missing(name) }
        return value
    }

    func requiredNumber(_ name: String) throws -> Double {
        let value = self[name]
        if value.isNull || value == .string("") { throw Self.missing(name) }
        guard let number = value.wireNumber else { throw Self.wrongType(name, value) }
        return number
    }

    func flag(_ name: String) throws -> Bool? {
        switch self[name] {
        case .null: return nil
        case .bool(let flag): return flag
        case .string(let text) where text.lowercased() == "true": return true
        case .string(let text) where text.lowercased() == "false": return false
        case let other: throw Self.wrongType(name, other)
        }
    }

    // MARK: Lists

    /// A list; a single value, as a query has it, counts as a list of one.
    func list(_ name: String) throws -> [JSON] {
        switch self[name] {
        case .null: []
        case .array(let values): values
        case .string(let value) where isQuery: [.string(value)]
        case let other: throw Self.wrongType(name, other)
        }
    }

    private var isQuery: Bool { members.pairs.allSatisfy { $0.value.string != nil || $0.value.array != nil } }

    func texts(_ name: String) throws -> [String] {
        try list(name).map { value in
            guard let text = value.string else { throw Self.wrongType(name, self[name]) }
            return text
        }
    }

    /// A list of objects with `key` and `value`.
    func entries(_ name: String) throws -> [Entry] {
        try list(name).enumerated().map { index, value in
            guard value.object != nil else { throw Self.wrongType(name, self[name]) }
            guard let key = value["key"].string, !key.isEmpty else { throw Self.missing("\(name)[\(index)].key") }
            return Entry(key, value["value"].scalarText ?? "")
        }
    }

    // MARK: Refusals

    static let hint = " See the API docs for more information about request parameters."

    static func missing(_ path: String) -> ServiceError {
        TrackingFault.invalid("Missing value for required parameter '\(path)'." + hint, target: path)
    }

    static func wrongType(_ name: String, _ value: JSON) -> ServiceError {
        TrackingFault.invalid(
            "Invalid value \(value.text) for parameter '\(name)' supplied:  Hint: Value was of type "
                + "'\(value.pythonType)'." + hint,
            target: name)
    }
}

extension JSON {
    /// A whole number, or a string that is one.
    var wireInteger: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value.rounded(.towardZero))
        case .string(let text): Int64(text)
        default: nil
        }
    }

    /// A number, or a string that is one: `NaN` and `Infinity` travel so.
    var wireNumber: Double? {
        switch self {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        case .string(let text):
            switch text {
            case "NaN": return .nan
            case "Infinity": return .infinity
            case "-Infinity": return -.infinity
            default: return Double(text)
            }
        default: return nil
        }
    }

    fileprivate var pythonType: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }
}
