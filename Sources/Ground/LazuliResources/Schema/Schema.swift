/// What a JSON value may be. Kinds declare their properties with it; the checker reports every problem at once.
public indirect enum Schema: Sendable {
    /// Anything at all: free-form content that is kept as it was sent.
    case any
    case string
    case boolean
    case integer
    case number
    /// A string that ISO 8601 reads as a duration (`PT2M`).
    case duration
    /// One of these words; case does not matter, the spelling here is what is kept.
    case oneOf([String])
    case array(Schema)
    /// A function's name, compared without case, and its arguments: `["uniform", [0, 1]]`.
    case call([String: [Schema]])
    /// An object whose keys are the user's.
    case map(Schema)
    case object([Field])
    /// An object whose shape is chosen by one of its members, compared without case.
    case tagged(by: String, [String: Schema])
}

/// One member of an object schema.
public struct Field: Sendable {
    public enum Presence: Sendable { case required, optional, readOnly }

    public let name: String
    public let schema: Schema
    public let presence: Presence

    /// The member must be there and must not be null.
    public static func required(_ name: String, _ schema: Schema) -> Field {
        Field(name: name, schema: schema, presence: .required)
    }

    /// The member may be missing or null.
    public static func optional(_ name: String, _ schema: Schema) -> Field {
        Field(name: name, schema: schema, presence: .optional)
    }

    /// The member is the server's to say: accepted in a body, so that what `show` gives can be sent back, and dropped.
    public static func readOnly(_ name: String) -> Field {
        Field(name: name, schema: .any, presence: .readOnly)
    }
}

extension Array where Element == Field {
    /// Several optional strings in one row.
    public static func strings(_ names: String...) -> [Field] { names.map { .optional($0, .string) } }
    public static func readOnly(_ names: String...) -> [Field] { names.map { .readOnly($0) } }
}
