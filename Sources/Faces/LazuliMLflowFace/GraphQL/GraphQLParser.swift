import LazuliResources

/// Reads a GraphQL text, and refuses one that asks for too much.
struct GraphQLParser {
    private let tokens: [GraphQLTokenizer.Token]
    private var index = 0
    private var selectionCount = 0

    static func parse(_ text: String) throws -> GraphQLDocument {
        var parser = GraphQLParser(tokens: try GraphQLTokenizer.tokens(of: text))
        var document = GraphQLDocument()
        while parser.current != nil { try parser.definition(&document) }
        guard !document.operations.isEmpty else { throw GraphQLFault("Syntax Error: Unexpected <EOF>.") }
        return document
    }

    private init(tokens: [GraphQLTokenizer.Token]) { self.tokens = tokens }

    private var current: GraphQLTokenizer.Token? { index < tokens.count ? tokens[index] : nil }

    private mutating func take(_ sign: String) -> Bool {
        guard current == .sign(sign) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ sign: String) throws {
        guard take(sign) else { throw unexpected("'\(sign)'") }
    }

    private mutating func name() throws -> String {
        guard case .name(let name) = current else { throw unexpected("a name") }
        index += 1
        return name
    }

    private func unexpected(_ expected: String) -> GraphQLFault {
        let found: String =
            switch current {
            case nil: "<EOF>"
            case .name(let text), .sign(let text): "'\(text)'"
            case .string(let text): "\"\(text)\""
            case .integer(let value): String(value)
            case .number(let value): String(value)
            }
        return GraphQLFault("Syntax Error: Expected \(expected), found \(found).")
    }

    // MARK: Definitions

    private mutating func definition(_ document: inout GraphQLDocument) throws {
        if current == .sign("{") {
            document.operations.append(try operation(.query, name: nil, variables: [:]))
            return
        }
        let word = try name()
        if word == "fragment" {
            let fragment = try name()
            guard try name() == "on" else { throw GraphQLFault("Syntax Error: Expected 'on' after a fragment's name.") }
            _ = try name()
            _ = try directives()
            document.fragments[fragment] = try selections(depth: 1)
            return
        }
        guard let kind = GraphQLOperation.Kind(rawValue: word) else {
            throw GraphQLFault("Syntax Error: Unexpected Name '\(word)'. Queries and mutations are answered.")
        }
        var operationName: String?
        if case .name(let text) = current {
            operationName = text
            index += 1
        }
        let variables = try variableDefinitions()
        _ = try directives()
        document.operations.append(try operation(kind, name: operationName, variables: variables))
    }

    private mutating func operation(
        _ kind: GraphQLOperation.Kind, name: String?, variables: [String: JSON]
    ) throws -> GraphQLOperation {
        let selections = try selections(depth: 1)
        guard selections.count <= GraphQLLimits.rootFields else {
            throw GraphQLFault(
                "GraphQL queries should have at most \(GraphQLLimits.rootFields) root fields. "
                    + "Got \(selections.count).")
        }
        return GraphQLOperation(kind: kind, name: name, variables: variables, selections: selections)
    }

    private mutating func variableDefinitions() throws -> [String: JSON] {
        var variables: [String: JSON] = [:]
        guard take("(") else { return variables }
        while !take(")") {
            try expect("$")
            let variable = try name()
            try expect(":")
            try skipType()
            variables[variable] = take("=") ? try value().json(JSONObject()) : .null
            _ = try directives()
        }
        return variables
    }

    /// What type a variable has is seen from what it is used for.
    private mutating func skipType() throws {
        while take("[") {}
        _ = try name()
        while take("!") || take("]") {}
    }

    // MARK: Selections

    private mutating func selections(depth: Int) throws -> [GraphQLSelection] {
        guard depth <= GraphQLLimits.depth else {
            throw GraphQLFault("Query exceeds maximum depth of \(GraphQLLimits.depth)")
        }
        try expect("{")
        var selections: [GraphQLSelection] = [], aliases = 0
        while !take("}") {
            let selection = try selection(depth: depth)
            if case .field(let field) = selection, field.alias != nil { aliases += 1 }
            selections.append(selection)
            selectionCount += 1
            guard selectionCount <= GraphQLLimits.selections else {
                throw GraphQLFault("Query exceeds maximum total selections of \(GraphQLLimits.selections)")
            }
        }
        guard !selections.isEmpty else { throw unexpected("a field before '}'") }
        guard aliases <= GraphQLLimits.aliases || depth == 1 else {
            throw GraphQLFault("GraphQL queries should have at most \(GraphQLLimits.aliases) aliases. Got \(aliases).")
        }
        return selections
    }

    private mutating func selection(depth: Int) throws -> GraphQLSelection {
        guard take("...") else { return .field(try field(depth: depth)) }
        if case .name(let fragment) = current, fragment != "on" {
            index += 1
            return .spread(fragment, directives: try directives())
        }
        if case .name = current {
            index += 1
            _ = try name()
        }
        let directives = try directives()
        return .inline(try selections(depth: depth + 1), directives: directives)
    }

    private mutating func field(depth: Int) throws -> GraphQLField {
        var fieldName = try name(), alias: String?
        if take(":") {
            alias = fieldName
            fieldName = try name()
        }
        let arguments = try arguments(), directives = try directives()
        let inner = current == .sign("{") ? try selections(depth: depth + 1) : []
        return GraphQLField(
            alias: alias, name: fieldName, arguments: arguments, directives: directives, selections: inner)
    }

    private mutating func directives() throws -> [GraphQLDirective] {
        var directives: [GraphQLDirective] = []
        while take("@") { directives.append(GraphQLDirective(name: try name(), arguments: try arguments())) }
        return directives
    }

    private mutating func arguments() throws -> [String: GraphQLValue] {
        guard take("(") else { return [:] }
        return try members(until: ")")
    }

    private mutating func members(until end: String) throws -> [String: GraphQLValue] {
        var members: [String: GraphQLValue] = [:]
        while !take(end) {
            let key = try name()
            try expect(":")
            members[key] = try value()
        }
        return members
    }

    // MARK: Values

    private mutating func value(depth: Int = 0) throws -> GraphQLValue {
        guard depth < 64 else { throw GraphQLFault("Syntax Error: Values are nested too deep.") }
        if take("$") { return .variable(try name()) }
        if take("[") {
            var values: [GraphQLValue] = []
            while !take("]") { values.append(try value(depth: depth + 1)) }
            return .list(values)
        }
        if take("{") {
            var members: [String: GraphQLValue] = [:]
            while !take("}") {
                let key = try name()
                try expect(":")
                members[key] = try value(depth: depth + 1)
            }
            return .object(members)
        }
        return .constant(try scalar())
    }

    private mutating func scalar() throws -> JSON {
        let json: JSON
        switch current {
        case .string(let text): json = .string(text)
        case .integer(let value): json = .integer(value)
        case .number(let value): json = .number(value)
        case .name("true"): json = true
        case .name("false"): json = false
        case .name("null"): json = .null
        // A value of an enumeration.
        case .name(let text): json = .string(text)
        case .sign, nil: throw unexpected("a value")
        }
        index += 1
        return json
    }
}
