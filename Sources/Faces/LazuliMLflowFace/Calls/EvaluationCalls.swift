import LazuliResources
import LazuliTracking

/// Calls on evaluation data sets. Tags, records, schemas and profiles travel as texts of JSON.
enum EvaluationCalls {
    private static let path = "3.0/mlflow/datasets/{dataset}"

    static let rows: [MLflowRow] = [
        MLflowRow("POST", "3.0/mlflow/datasets/create", .writeExperiments, create),
        MLflowRow("POST", "3.0/mlflow/datasets/search", .readExperiments, search),
        MLflowRow("GET", "3.0/mlflow/datasets/search", .readExperiments, search),
        MLflowRow("GET", path, .readExperiments, get),
        MLflowRow("DELETE", path, .writeExperiments, delete),
        MLflowRow("PATCH", path + "/tags", .writeExperiments, setTags),
        MLflowRow("DELETE", path + "/tags/{key}", .writeExperiments, deleteTag),
        MLflowRow("POST", path + "/records", .writeExperiments, put),
        MLflowRow("GET", path + "/records", .readExperiments, records),
        MLflowRow("DELETE", path + "/records", .writeExperiments, deleteRecords),
        MLflowRow("GET", path + "/experiment-ids", .readExperiments, experiments),
        MLflowRow("POST", path + "/add-experiments", .writeExperiments, add),
        MLflowRow("POST", path + "/remove-experiments", .writeExperiments, remove),
    ]

    private static func reply(_ dataset: EvaluationDataset) -> MLflowReply {
        .object { $0.field("dataset") { $0.members(of: dataset) } }
    }

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.evaluation.create(
                name: call.fields.requiredText("name"), tags: call.fields.jsonEntries("tags"),
                experiments: call.fields.texts("experiment_ids"), in: call.scope))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.evaluation.get(call.place("dataset"), in: call.scope))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.evaluation.delete(call.place("dataset"), in: call.scope)
        return .empty
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let page = try await call.services.evaluation.search(
            fields.searchOfAll("filter_string"), experiments: fields.texts("experiment_ids"), in: call.scope)
        return .object { text in
            text.field("datasets", list: page.items) { text, item in text.object { $0.members(of: item) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }

    private static func setTags(_ call: MLflowCall) async throws -> MLflowReply {
        guard call.fields.has("tags") else { throw Fields.missing("tags") }
        return reply(
            try await call.services.evaluation.setTags(
                call.fields.jsonEntries("tags"), of: call.place("dataset"), in: call.scope))
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.evaluation.deleteTag(call.place("key"), of: call.place("dataset"), in: call.scope)
        return .empty
    }

    // MARK: Experiments

    private static func experiments(_ call: MLflowCall) async throws -> MLflowReply {
        let dataset = try await call.services.evaluation.get(call.place("dataset"), in: call.scope)
        return .object { $0.field("experiment_ids", list: dataset.experimentIDs) { $0.element($1) } }
    }

    private static func add(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.evaluation.add(
                call.place("dataset"), toExperiments: call.fields.texts("experiment_ids"), in: call.scope))
    }

    private static func remove(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.evaluation.remove(
                call.place("dataset"), fromExperiments: call.fields.texts("experiment_ids"), in: call.scope))
    }

    // MARK: Records

    private static func put(_ call: MLflowCall) async throws -> MLflowReply {
        let records = try call.fields.json("records")
        guard let list = records.array else { throw Fields.wrongType("records", records) }
        let drafts = try list.enumerated().map { index, item in try draft(item, at: "records[\(index)]") }
        let done = try await call.services.evaluation.put(drafts, in: call.place("dataset"), call.scope)
        return .object { text in
            text.field("inserted_count", Int64(done.inserted))
            text.field("updated_count", Int64(done.updated))
        }
    }

    private static func draft(_ item: JSON, at path: String) throws -> EvaluationDraft {
        guard let members = item.object else { throw Fields.wrongType(path, item) }
        func part(_ name: String) -> JSON? { members[name].flatMap { $0.isNull ? nil : $0 } }
        return EvaluationDraft(
            inputs: part("inputs") ?? .emptyObject, outputs: part("outputs"), expectations: part("expectations"),
            tags: part("tags"), source: part("source"))
    }

    private static func records(_ call: MLflowCall) async throws -> MLflowReply {
        let datasetID = call.place("dataset")
        let page = try await call.services.evaluation.records(
            of: datasetID, maxResults: call.fields.integer("max_results"),
            pageToken: call.fields.filledText("page_token"), in: call.scope)
        let list = JSON.array(page.items.map { document($0, datasetID) })
        return .object { text in
            text.field("records", PythonText.dump(list))
            text.field("next_page_token", page.nextPageToken)
        }
    }

    private static func document(_ record: EvaluationRecord, _ datasetID: String) -> JSON {
        .object(dropping: [
            ("dataset_record_id", .string(record.recordID)), ("dataset_id", .string(datasetID)),
            ("inputs", record.inputs), ("outputs", record.outputs), ("expectations", record.expectations),
            ("tags", record.tags), ("source", record.source), ("source_id", record.source?["source_data"]["trace_id"]),
            ("source_type", record.source?["source_type"]), ("created_time", .integer(record.createdAt)),
            ("last_update_time", .integer(record.updatedAt)), ("created_by", record.createdBy.map(JSON.string)),
            ("last_updated_by", record.updatedBy.map(JSON.string)),
        ])
    }

    private static func deleteRecords(_ call: MLflowCall) async throws -> MLflowReply {
        let count = try await call.services.evaluation.deleteRecords(
            call.fields.texts("dataset_record_ids"), of: call.place("dataset"), in: call.scope)
        return .object { $0.field("deleted_count", Int64(count)) }
    }
}

extension Fields {
    /// A member that is a text of JSON.
    func json(_ name: String) throws -> JSON {
        let text = try requiredText(name)
        guard let value = try? JSON(parsing: text) else {
            throw TrackingFault.invalid(
                "Invalid value for parameter '\(name)' supplied: it must be a text of JSON." + Self.hint, target: name)
        }
        return value
    }

    /// Entries from a text of a JSON object; none if the member is absent. Null values are passed over.
    func jsonEntries(_ name: String) throws -> [Entry] {
        guard try filledText(name) != nil else { return [] }
        let value = try json(name)
        guard let members = value.object else { throw Self.wrongType(name, value) }
        return members.pairs.compactMap { pair in
            pair.value.isNull ? nil : Entry(pair.key, pair.value.scalarText ?? PythonText.dump(pair.value))
        }
    }
}

extension JSONText {
    mutating func members(of dataset: EvaluationDataset) {
        field("dataset_id", dataset.datasetID)
        field("name", dataset.name)
        field("tags", PythonText.dump(.object(JSONObject(dataset.tags.map { ($0.key, .string($0.value)) }))))
        field("schema", dataset.schema.map(PythonText.dump))
        if dataset.recordCount > 0 { field("profile", "{\"num_records\": \(dataset.recordCount)}") }
        field("digest", dataset.digest)
        field("created_time", dataset.createdAt)
        field("last_update_time", dataset.updatedAt)
        field("created_by", dataset.createdBy)
        field("last_updated_by", dataset.updatedBy)
        field("experiment_ids", list: dataset.experimentIDs) { $0.element($1) }
    }
}
