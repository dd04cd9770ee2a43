import LazuliResources

/// What a GraphQL text asks for, as far as MLflow's page uses the language.
///
/// Source: https://spec.graphql.org/October2021/, section 2.
struct GraphQLDocument: Equatable {
    var operations: [GraphQLOperation] = []
    var fragments: [String: [GraphQLSelection]] = [:]
}

struct GraphQLOperation: Equatable {
    enum Kind: String { case query, mutation }

    let kind: Kind
    let name: String?
    /// The default values of variables; null for those that have none.
    let variables: [String: JSON]
    let selections: [GraphQLSelection]
}

indirect enum GraphQLSelection: Equatable {
    case field(GraphQLField)
    /// `...name`
    case spread(String, directives: [GraphQLDirective])
    /// `... on Type { }`
    case inline([GraphQLSelection], directives: [GraphQLDirective])
}

struct GraphQLField: Equatable {
    let alias: String?
    let name: String
    let arguments: [String: GraphQLValue]
    let directives: [GraphQLDirective]
    let selections: [GraphQLSelection]

    /// The member of the answer.
    var key: String { alias ?? name }
}

struct GraphQLDirective: Equatable {
    let name: String
    let arguments: [String: GraphQLValue]
}

indirect enum GraphQLValue: Equatable {
    case variable(String)
    case constant(JSON)
    case list([GraphQLValue])
    case object([String: GraphQLValue])

    /// The value with its variables filled in; a variable that is not given is null.
    func json(_ variables: JSONObject) -> JSON {
        switch self {
        case .variable(let name): variables[name] ?? .null
        case .constant(let json): json
        case .list(let values): .array(values.map { $0.json(variables) })
        case .object(let members):
            .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json(variables)) }))
        }
    }
}

/// Why a GraphQL text is not answered. The message goes to the client.
struct GraphQLFault: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }
}

/// How much one text may ask for, as MLflow's server limits it.
enum GraphQLLimits {
    static let depth = 10
    static let selections = 1000
    static let rootFields = 10
    static let aliases = 10
}
