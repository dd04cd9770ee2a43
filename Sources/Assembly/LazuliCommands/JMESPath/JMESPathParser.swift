import LazuliResources

/// A parsed expression.
indirect enum JMESPathNode: Equatable {
    case current
    case field(String)
    case literal(JSON)
    case index(Int)
    case slice(start: Int?, stop: Int?, step: Int?)
    case subexpression(JMESPathNode, JMESPathNode)
    /// `left` yields a list; `right` is read in each of its elements.
    case projection(JMESPathNode, JMESPathNode)
    case valueProjection(JMESPathNode, JMESPathNode)
    case filterProjection(JMESPathNode, condition: JMESPathNode, JMESPathNode)
    case flatten(JMESPathNode)
    case comparison(String, JMESPathNode, JMESPathNode)
    case or(JMESPathNode, JMESPathNode)
    case and(JMESPathNode, JMESPathNode)
    case not(JMESPathNode)
    case pipe(JMESPathNode, JMESPathNode)
    case multiSelectList([JMESPathNode])
    case multiSelectHash([Member])
    case call(String, [JMESPathNode])
    case expressionReference(JMESPathNode)

    struct Member: Equatable {
        let key: String
        let value: JMESPathNode
    }
}

/// A top-down operator-precedence parser, as the specification's reference implementations are.
struct JMESPathParser {
    private let tokens: [(token: JMESPathToken, column: Int)]
    private var position = 0

    static func parse(_ text: String) throws(JMESPathError) -> JMESPathNode {
        var parser = JMESPathParser(tokens: try JMESPathLexer.tokens(of: text))
        let node = try parser.expression(0)
        guard parser.token == .end else { throw parser.unexpected() }
        return node
    }

    private init(tokens: [(token: JMESPathToken, column: Int)]) { self.tokens = tokens }

    private var token: JMESPathToken { tokens[position].token }

    private func following(_ offset: Int) -> JMESPathToken {
        position + offset < tokens.count ? tokens[position + offset].token : .end
    }

    private mutating func advance() { if position + 1 < tokens.count { position += 1 } }

    private func failure(_ message: String) -> JMESPathError {
        JMESPathError(message: message, column: tokens[position].column)
    }

    private func unexpected() -> JMESPathError {
        switch token {
        case .end: failure("the expression ends too soon")
        case .name(let text), .symbol(let text), .comparator(let text): failure("unexpected \"\(text)\"")
        case .quotedName(let text): failure("unexpected \"\(text)\"")
        case .literal(let value): failure("unexpected literal \(value.text)")
        case .number(let number): failure("unexpected number \(number)")
        }
    }

    private mutating func expect(_ symbol: String) throws(JMESPathError) {
        guard token == .symbol(symbol) else { throw failure("expected \"\(symbol)\"") }
        advance()
    }

    /// How tightly a token binds what stands to its left.
    private func binding(_ token: JMESPathToken) -> Int {
        switch token {
        case .comparator: 5
        case .symbol(let symbol):
            switch symbol {
            case "|": 1
            case "||": 2
            case "&&": 3
            case "[]": 9
            case "*": 20
            case "[?": 21
            case ".": 40
            case "[": 55
            case "(": 60
            default: 0
            }
        default: 0
        }
    }

    private mutating func expression(_ power: Int) throws(JMESPathError) -> JMESPathNode {
        var left = try prefix()
        while power < binding(token) { left = try infix(left) }
        return left
    }

    private mutating func prefix() throws(JMESPathError) -> JMESPathNode {
        let start = token
        let column = tokens[position].column
        guard start != .end else { throw unexpected() }
        advance()
        switch start {
        case .name(let name): return token == .symbol("(") ? try call(name) : .field(name)
        case .quotedName(let name):
            guard token != .symbol("(") else { throw failure("a function's name is not quoted") }
            return .field(name)
        case .literal(let value): return .literal(value)
        case .symbol("@"): return .current
        case .symbol("!"): return .not(try expression(45))
        case .symbol("&"): return .expressionReference(try expression(0))
        case .symbol("("):
            let inner = try expression(0)
            try expect(")")
            return inner
        case .symbol("*"): return .valueProjection(.current, try projected(20))
        case .symbol("[]"): return .projection(.flatten(.current), try projected(9))
        case .symbol("[?"): return try filter(.current)
        case .symbol("{"): return try multiSelectHash()
        case .symbol("["): return try bracketPrefix()
        default: throw JMESPathError(message: "unexpected token at the start of an expression", column: column)
        }
    }

    private mutating func bracketPrefix() throws(JMESPathError) -> JMESPathNode {
        switch token {
        case .number, .symbol(":"): return try indexOrSlice(.current)
        case .symbol("*") where following(1) == .symbol("]"):
            advance()
            advance()
            return .projection(.current, try projected(20))
        default: return try multiSelectList()
        }
    }

    private mutating func infix(_ left: JMESPathNode) throws(JMESPathError) -> JMESPathNode {
        let operation = token
        advance()
        switch operation {
        case .comparator(let word): return .comparison(word, left, try expression(5))
        case .symbol("|"): return .pipe(left, try expression(1))
        case .symbol("||"): return .or(left, try expression(2))
        case .symbol("&&"): return .and(left, try expression(3))
        case .symbol("[]"): return .projection(.flatten(left), try projected(9))
        case .symbol("[?"): return try filter(left)
        case .symbol("."):
            guard token == .symbol("*") else { return .subexpression(left, try afterDot(40)) }
            advance()
            return .valueProjection(left, try projected(20))
        case .symbol("["):
            if token == .symbol("*") {
                advance()
                try expect("]")
                return .projection(left, try projected(20))
            }
            return try indexOrSlice(left)
        default:
            position -= 1
            throw unexpected()
        }
    }

    /// What follows a dot: a name, a quoted name, a wildcard, a multi-select or a function.
    private mutating func afterDot(_ power: Int) throws(JMESPathError) -> JMESPathNode {
        switch token {
        case .name, .quotedName, .symbol("*"): return try expression(power)
        case .symbol("["):
            advance()
            return try multiSelectList()
        case .symbol("{"):
            advance()
            return try multiSelectHash()
        default: throw failure("a name, *, [ or { must follow the dot")
        }
    }

    /// The part of an expression that a projection applies to each element.
    private mutating func projected(_ power: Int) throws(JMESPathError) -> JMESPathNode {
        if binding(token) < 10 { return .current }
        switch token {
        case .symbol("["), .symbol("[?"): return try expression(power)
        case .symbol("."):
            advance()
            return try afterDot(power)
        default: throw unexpected()
        }
    }

    private mutating func filter(_ left: JMESPathNode) throws(JMESPathError) -> JMESPathNode {
        let condition = try expression(0)
        try expect("]")
        let right = token == .symbol("[]") ? JMESPathNode.current : try projected(21)
        return .filterProjection(left, condition: condition, right)
    }

    private mutating func indexOrSlice(_ left: JMESPathNode) throws(JMESPathError) -> JMESPathNode {
        if case .number(let index) = token, following(1) == .symbol("]") {
            advance()
            advance()
            return .subexpression(left, .index(index))
        }
        var parts: [Int?] = [nil, nil, nil]
        var part = 0
        while token != .symbol("]") {
            switch token {
            case .symbol(":"):
                part += 1
                guard part < 3 else { throw failure("a slice has at most three parts") }
            case .number(let number): parts[part] = number
            default: throw failure("expected a number, \":\" or \"]\"")
            }
            advance()
        }
        guard part > 0 else { throw failure("expected a number before \"]\"") }
        advance()
        let slice = JMESPathNode.slice(start: parts[0], stop: parts[1], step: parts[2])
        return .projection(.subexpression(left, slice), try projected(20))
    }

    private mutating func multiSelectList() throws(JMESPathError) -> JMESPathNode {
        var nodes = [try expression(0)]
        while token == .symbol(",") {
            advance()
            nodes.append(try expression(0))
        }
        try expect("]")
        return .multiSelectList(nodes)
    }

    private mutating func multiSelectHash() throws(JMESPathError) -> JMESPathNode {
        var members: [JMESPathNode.Member] = []
        repeat {
            if !members.isEmpty { advance() }
            let key: String
            switch token {
            case .name(let name), .quotedName(let name): key = name
            default: throw failure("expected a key")
            }
            advance()
            try expect(":")
            members.append(JMESPathNode.Member(key: key, value: try expression(0)))
        } while token == .symbol(",")
        try expect("}")
        return .multiSelectHash(members)
    }

    private mutating func call(_ name: String) throws(JMESPathError) -> JMESPathNode {
        guard JMESPathFunctions.names.contains(name) else {
            position -= 1
            throw failure(
                "there is no function \"\(name)\"." + NearestName.hint(name, among: JMESPathFunctions.names))
        }
        advance()
        var arguments: [JMESPathNode] = []
        while token != .symbol(")") {
            if !arguments.isEmpty { try expect(",") }
            arguments.append(try expression(0))
        }
        advance()
        return .call(name, arguments)
    }
}
