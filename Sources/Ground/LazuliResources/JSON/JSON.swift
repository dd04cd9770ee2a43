/// A JSON value that keeps what the client wrote: the order of keys, and whole numbers as whole numbers.
///
/// Source: RFC 8259. Integers outside the range of `Int64` become `.number`.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    public static let emptyObject = JSON.object(JSONObject())

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The value as a whole number; a `.number` without a fraction counts too.
    public var integer: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value as a floating-point number, whichever way it was written.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// What a person would type for this scalar: `42`, `0.1`, `true`, `text`; nil for null, arrays and objects.
    public var scalarText: String? {
        switch self {
        case .string(let value): value
        case .integer(let value): String(value)
        case .number(let value): JSON.text(of: value)
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// The member of an object; null for a missing member or a value that is no object.
    /// Setting a member of a value that is no object makes it one.
    public subscript(key: String) -> JSON {
        get { object?[key] ?? .null }
        set {
            var members = object ?? JSONObject()
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The value at a path of member names, null where the path leaves the document.
    public subscript(path path: [String]) -> JSON {
        path.reduce(self) { $0[$1] }
    }

    /// Builds an object from pairs, leaving out the members whose value is nil.
    public static func object(dropping pairs: [(String, JSON?)]) -> JSON {
        var members = JSONObject()
        for (key, value) in pairs { if let value { members[key] = value } }
        return .object(members)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }

    public init(_ value: String?) { self = value.map(JSON.string) ?? .null }
    public init(_ value: Int) { self = .integer(Int64(value)) }
    public init(_ value: [String: String]) {
        self = .object(JSONObject(value.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
}
