import LazuliResources
import LazuliTracking

/// Answers one GraphQL operation by calls of the REST API, each with the permission that it needs there.
struct GraphQLExecutor {
    private let call: MLflowCall
    private let document: GraphQLDocument
    private let variables: JSONObject

    /// - Returns: the answer's `data` and the messages of what went wrong; a root field that failed is null.
    static func answer(
        _ text: String, operation name: String?, variables: JSON, _ call: MLflowCall
    ) async throws -> (data: JSON, errors: [String]) {
        let document: GraphQLDocument, operation: GraphQLOperation
        do {
            document = try GraphQLParser.parse(text)
            operation = try chosen(name, document)
            let given = variables.object ?? JSONObject()
            let defaults = JSONObject(operation.variables.map { ($0.key, $0.value) })
            let executor = GraphQLExecutor(call: call, document: document, variables: defaults.merging(given))
            return try await executor.run(operation)
        } catch let fault as GraphQLFault {
            return (.null, [fault.message])
        }
    }

    private static func chosen(_ name: String?, _ document: GraphQLDocument) throws -> GraphQLOperation {
        guard let name, !name.isEmpty else {
            guard document.operations.count == 1 else {
                throw GraphQLFault("Must provide operation name if query contains multiple operations.")
            }
            return document.operations[0]
        }
        guard let operation = document.operations.first(where: { $0.name == name }) else {
            throw GraphQLFault("Unknown operation named '\(name)'.")
        }
        return operation
    }

    private func run(_ operation: GraphQLOperation) async throws -> (data: JSON, errors: [String]) {
        var data = JSONObject(), errors: [String] = []
        for field in try fields(operation.selections) {
            do {
                data[field.key] = try await root(field)
            } catch let error as ServiceError {
                data[field.key] = .null
                errors.append(error.message)
            }
        }
        return (.object(data), errors)
    }

    private func root(_ field: GraphQLField) async throws -> JSON {
        let name = field.name.prefix(1).lowercased() + field.name.dropFirst()
        if name == "test" || name == "testMutation" {
            let input = field.arguments["inputString"]?.json(variables) ?? .null
            return try await object(["output": input], "Test", field.selections)
        }
        guard let root = GraphQLSchema.roots[name] else {
            throw GraphQLFault("Cannot query field '\(field.name)' on type 'Query'.")
        }
        let input = field.arguments["input"]?.json(variables).object ?? JSONObject()
        return try await object(answer(of: root, input), root.type, field.selections)
    }

    private func answer(of root: GraphQLSchema.Root, _ input: JSONObject) async throws -> JSON {
        let inner = call.with(Fields(input))
        try await inner.require(root.row.action)
        guard case .json(let bytes) = try await root.row.call(inner) else { return .null }
        return try JSON(parsing: bytes)
    }

    // MARK: Selections

    /// The fields of a selection, with fragments laid open and what directives leave out left out.
    private func fields(_ selections: [GraphQLSelection], depth: Int = 0) throws -> [GraphQLField] {
        guard depth <= GraphQLLimits.depth else {
            throw GraphQLFault("Query exceeds maximum depth of \(GraphQLLimits.depth)")
        }
        return try selections.flatMap { selection -> [GraphQLField] in
            switch selection {
            case .field(let field): return isIncluded(field.directives) ? [field] : []
            case .inline(let inner, let directives):
                return isIncluded(directives) ? try fields(inner, depth: depth + 1) : []
            case .spread(let name, let directives):
                guard let fragment = document.fragments[name] else {
                    throw GraphQLFault("Unknown fragment '\(name)'.")
                }
                return isIncluded(directives) ? try fields(fragment, depth: depth + 1) : []
            }
        }
    }

    private func isIncluded(_ directives: [GraphQLDirective]) -> Bool {
        directives.allSatisfy { directive in
            let condition = directive.arguments["if"]?.json(variables).bool
            return switch directive.name {
            case "include": condition != false
            case "skip": condition != true
            default: true
            }
        }
    }

    private func object(_ value: JSON, _ type: String, _ selections: [GraphQLSelection]) async throws -> JSON {
        guard let known = GraphQLSchema.types[type] else { return .null }
        var members = JSONObject()
        for field in try fields(selections) {
            if field.name == "__typename" {
                members[field.key] = .string("Mlflow" + type)
                continue
            }
            guard let fieldType = known[field.name] else {
                throw GraphQLFault("Cannot query field '\(field.name)' on type 'Mlflow\(type)'.")
            }
            let inner = try await member(field.name, of: value, type)
            members[field.key] = try await self.value(inner, fieldType, field)
        }
        return .object(members)
    }

    /// Two members of runs are calls of their own.
    private func member(_ name: String, of value: JSON, _ type: String) async throws -> JSON {
        let info = value["info"]
        switch (type, name) {
        case ("Run", "experiment"):
            guard let root = GraphQLSchema.roots["mlflowGetExperiment"] else { return .null }
            return try await answer(of: root, JSONObject([("experiment_id", info["experiment_id"])]))["experiment"]
        case ("Run", "modelVersions"):
            guard let root = GraphQLSchema.roots["mlflowSearchModelVersions"] else { return .null }
            let filter = "run_id = '\(info["run_id"].string ?? "")'"
            return try await answer(of: root, JSONObject([("filter", .string(filter))]))["model_versions"]
        default: return value[GraphQLSchema.snakeCase(name)]
        }
    }

    /// What REST leaves out has its type's empty value, as protobuf has it.
    private func value(_ value: JSON, _ type: GraphQLType, _ field: GraphQLField) async throws -> JSON {
        switch type {
        case .nothing: return .null
        case .text: return .string(value.scalarText ?? "")
        case .long: return .string(value.scalarText ?? "0")
        case .flag: return .bool(value.bool ?? false)
        case .number: return value.number.map { $0.isFinite ? .number($0) : .null } ?? (value.isNull ? 0.0 : .null)
        case .object(let name):
            guard !field.selections.isEmpty else {
                throw GraphQLFault("Field '\(field.name)' of type 'Mlflow\(name)' must have a selection of subfields.")
            }
            return try await object(value, name, field.selections)
        case .list(let element):
            var values: [JSON] = []
            for item in value.array ?? [] { values.append(try await self.value(item, element, field)) }
            return .array(values)
        }
    }
}
