import LazuliResources

/// What a filter may name, for one kind of searched thing.
struct SearchGrammar: Sendable {
    enum Content: Sendable { case text, number }

    /// Every word that may stand before the dot, and what it means.
    let entities: [String: SearchEntity]
    /// The attributes by their plain names, and other spellings of them.
    let attributes: [String: Content]
    let aliases: [String: String]
    /// Attributes that only order.
    let orderable: Set<String>
    /// Attributes that only filter.
    var unorderable: Set<String> = []
    /// Attributes that may be compared with a list.
    let listable: Set<String>
    /// Sentence about the words before the dot.
    let entityHint: String
    /// What an unknown name in an order is called.
    var orderWord = "attribute"
    /// Entities of two words, such as `trace.tag`.
    var nested: [String: SearchEntity] = [:]

    static let runs = SearchGrammar(
        entities: [
            "metric": .metric, "metrics": .metric, "parameter": .parameter, "parameters": .parameter,
            "param": .parameter, "params": .parameter, "tag": .tag, "tags": .tag, "attribute": .attribute,
            "attributes": .attribute, "attr": .attribute, "run": .attribute, "dataset": .dataset,
            "datasets": .dataset,
        ],
        attributes: [
            "run_id": .text, "run_name": .text, "status": .text, "artifact_uri": .text, "user_id": .text,
            "start_time": .number, "end_time": .number,
        ],
        aliases: [
            "created": "start_time", "Created": "start_time", "run name": "run_name", "Run name": "run_name",
            "Run Name": "run_name",
        ],
        orderable: ["experiment_id"], listable: ["run_id"],
        entityHint: "Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")

    static let experiments = SearchGrammar(
        entities: ["attribute": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            "name": .text, "experiment_id": .text, "creation_time": .number, "last_update_time": .number,
        ],
        aliases: [:], orderable: [], listable: ["experiment_id"],
        entityHint: "Valid entity types are ('attribute', 'tag', 'tags')")

    static let loggedModels = SearchGrammar(
        entities: ["attributes": .attribute, "metrics": .metric, "params": .parameter, "tags": .tag],
        attributes: [
            "name": .text, "model_id": .text, "model_type": .text, "status": .text, "source_run_id": .text,
            "experiment_id": .text, "creation_timestamp_ms": .number, "last_updated_timestamp_ms": .number,
        ],
        aliases: [
            "creation_time": "creation_timestamp_ms", "creation_timestamp": "creation_timestamp_ms",
            "last_updated_timestamp": "last_updated_timestamp_ms",
        ],
        orderable: [], listable: ["name", "model_id", "model_type", "status", "source_run_id", "experiment_id"],
        entityHint: "Expected one of ['attributes', 'metrics', 'params', 'tags'].")

    static let traces = SearchGrammar(
        entities: [
            "attribute": .attribute, "attributes": .attribute, "trace": .attribute, "tag": .tag, "tags": .tag,
            "metadata": .metadata, "request_metadata": .metadata, "span": .span, "feedback": .feedback,
            "expectation": .expectation, "issue": .issue,
        ],
        attributes: [
            "request_id": .text, "client_request_id": .text, "status": .text, "name": .text, "run_id": .text,
            "prompt": .text, "text": .text, "timestamp_ms": .number, "execution_time_ms": .number,
            "end_time_ms": .number,
        ],
        aliases: [
            "trace_id": "request_id", "state": "status", "timestamp": "timestamp_ms", "request_time": "timestamp_ms",
            "execution_time": "execution_time_ms", "execution_duration": "execution_time_ms",
            "end_time": "end_time_ms",
        ],
        orderable: ["experiment_id"], listable: ["request_id", "client_request_id", "status", "name", "run_id"],
        entityHint:
            "Valid values are ['tag', 'request_metadata', 'attribute', 'span', 'feedback', 'expectation', 'issue']")

    static let evaluationDatasets = SearchGrammar(
        entities: ["attribute": .attribute, "attributes": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            "name": .text, "dataset_id": .text, "digest": .text, "created_by": .text, "last_updated_by": .text,
            "created_time": .number, "last_update_time": .number,
        ],
        aliases: ["created_timestamp": "created_time", "last_updated_timestamp": "last_update_time"],
        orderable: [], listable: ["name", "dataset_id"],
        entityHint: "Valid entity types are ('attribute', 'attributes', 'tag', 'tags')")

    static let issues = SearchGrammar(
        entities: ["attribute": .attribute, "attributes": .attribute],
        attributes: ["status": .text, "source_run_id": .text], aliases: [:], orderable: [],
        listable: ["status", "source_run_id"], entityHint: "Valid entity types are ('attribute', 'attributes')")

    /// The filters of trace metrics, where tags and metadata stand behind `trace.`.
    static let traceMetrics = SearchGrammar(
        entities: ["trace": .attribute, "span": .span, "assessment": .assessment],
        attributes: ["status": .text, "name": .text], aliases: [:], orderable: [], listable: ["status", "name"],
        entityHint: "Valid values are ['trace', 'span', 'assessment']",
        nested: ["trace.tag": .tag, "trace.metadata": .metadata])

    private static let spanKeys = ["name", "type", "status", "content"]
    /// What stands before the name of a span's attribute.
    static let spanAttribute = "attributes."

    private static let datasetKeys = ["name", "digest", "context"]

    /// What a name such as ``metrics.`my loss` `` means.
    func field(_ name: String, at position: Int, forOrder: Bool = false) throws -> SearchField {
        let (entity, key) = try split(name, at: position)
        switch entity {
        case .attribute:
            let plain = aliases[key] ?? key
            guard valid(forOrder: forOrder).contains(plain) else {
                let valid = PythonText.list(valid(forOrder: forOrder).sorted())
                throw FilterFault.invalid(
                    "Invalid \(forOrder ? orderWord : "attribute") key '\(key)' specified. Valid keys are '\(valid)'."
                        + NearestName.hint(key, among: attributes.keys), at: position)
            }
            return SearchField(entity: entity, key: plain)
        case .dataset where !Self.datasetKeys.contains(key):
            throw FilterFault.invalid(
                "Invalid dataset key '\(key)' specified. Valid keys are '\(PythonText.list(Self.datasetKeys))'",
                at: position)
        case .span: return SearchField(entity: entity, key: try Self.spanKey(key, at: position))
        case .issue where key != "id":
            throw FilterFault.invalid("Invalid issue attribute '\(key)'. Supported attributes: id", at: position)
        default: return SearchField(entity: entity, key: key)
        }
    }

    private func valid(forOrder: Bool) -> Set<String> {
        forOrder ? orderable.union(attributes.keys).subtracting(unorderable) : Set(attributes.keys)
    }

    private static func spanKey(_ key: String, at position: Int) throws -> String {
        if key.hasPrefix(spanAttribute), key != spanAttribute {
            return spanAttribute + unquoted(String(key.dropFirst(spanAttribute.count)))
        }
        guard spanKeys.contains(key) else {
            throw FilterFault.invalid(
                "Invalid span attribute '\(key)'. Supported attributes: name, status, type, "
                    + "attributes.<attribute_name>.", at: position)
        }
        return key
    }

    private func split(_ name: String, at position: Int) throws -> (SearchEntity, String) {
        for (words, entity) in nested where name.hasPrefix(words + ".") {
            return (entity, Self.unquoted(String(name.dropFirst(words.count + 1))))
        }
        var isQuoted = false
        var dot: String.Index?
        for index in name.indices where dot == nil {
            if name[index] == "`" || name[index] == "\"" { isQuoted.toggle() }
            if name[index] == ".", !isQuoted { dot = index }
        }
        guard let dot else { return (.attribute, Self.unquoted(name)) }
        let word = Self.unquoted(String(name[..<dot]))
        guard let entity = entities[word] else {
            throw FilterFault.invalid("Invalid entity type '\(word)'. \(entityHint)", at: position)
        }
        return (entity, Self.unquoted(String(name[name.index(after: dot)...])))
    }

    static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "`" || first == "\"" else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    /// Whether values of the field are numbers.
    func isNumeric(_ field: SearchField) -> Bool {
        switch field.entity {
        case .metric: true
        case .attribute: attributes[field.key] == .number
        case .parameter, .tag, .dataset, .metadata, .span, .feedback, .expectation, .assessment, .issue: false
        }
    }
}
