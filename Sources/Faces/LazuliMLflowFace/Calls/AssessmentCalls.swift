import LazuliResources
import LazuliTracking

/// Calls on what is thought of traces.
enum AssessmentCalls {
    private static let path = "3.0/mlflow/traces/{trace}/assessments"

    static let rows: [MLflowRow] = [
        MLflowRow("POST", path, .writeRuns, create),
        MLflowRow("GET", path + "/{assessment}", .readRuns, get),
        MLflowRow("PATCH", path + "/{assessment}", .writeRuns, update),
        MLflowRow("DELETE", path + "/{assessment}", .writeRuns, delete),
    ]

    private static func draft(_ call: MLflowCall) throws -> Fields {
        guard let members = call.fields["assessment"].object else { throw Fields.missing("assessment") }
        return Fields(members)
    }

    private static func reply(_ assessment: Assessment) -> MLflowReply {
        .object { $0.field("assessment") { $0.members(of: assessment) } }
    }

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let assessment = try draft(call).assessment(ofTrace: call.place("trace"))
        return reply(try await call.services.assessments.create(assessment, in: call.scope))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.assessments.get(
                call.place("assessment"), of: call.place("trace"), in: call.scope))
    }

    /// Only what the mask names is changed.
    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        guard let mask = try call.fields.text("update_mask") else { throw Fields.missing("update_mask") }
        let named = Set(mask.split(separator: ",").map { $0.filter { $0 != "_" && $0 != " " }.lowercased() })
        let fields = try draft(call)
        let isNewValue = !named.isDisjoint(with: ["feedback", "expectation", "issue"])
        let change = AssessmentChange(
            name: named.contains("assessmentname") ? try fields.text("assessment_name") : nil,
            value: isNewValue ? try fields.assessmentValue() : nil,
            rationale: named.contains("rationale") ? try fields.text("rationale") : nil,
            metadata: named.contains("metadata") ? try fields.map("metadata") : [])
        return reply(
            try await call.services.assessments.update(
                call.place("assessment"), of: call.place("trace"), change, in: call.scope))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.assessments.delete(call.place("assessment"), of: call.place("trace"), in: call.scope)
        return .empty
    }
}

extension Fields {
    func assessment(ofTrace traceID: String) throws -> Assessment {
        let source = self["source"]
        return Assessment(
            assessmentID: try text("assessment_id") ?? "", traceID: traceID,
            name: try requiredText("assessment_name"), value: try assessmentValue(),
            source: Assessment.Source(type: Self.sourceType(source), id: (source["source_id"]).string),
            spanID: try filledText("span_id"), rationale: try text("rationale"), metadata: try map("metadata"),
            overrides: try filledText("overrides"), isValid: try flag("valid") ?? true,
            createdAt: try time("create_time") ?? 0, updatedAt: try time("last_update_time") ?? 0)
    }

    private static let sourceTypes = ["SOURCE_TYPE_UNSPECIFIED", "HUMAN", "LLM_JUDGE", "CODE"]

    /// By name, or by protobuf's number.
    private static func sourceType(_ source: JSON) -> String {
        let value = source["source_type"]
        if let number = value.wireInteger, sourceTypes.indices.contains(Int(number)) { return sourceTypes[Int(number)] }
        return value.string ?? sourceTypes[0]
    }

    func assessmentValue() throws -> Assessment.Value {
        if let feedback = self["feedback"].object {
            let error = Fields(feedback)["error"]
            return .feedback(Fields(feedback)["value"], error: error.object == nil ? nil : error)
        }
        if let expectation = self["expectation"].object { return .expectation(try Fields(expectation).expected()) }
        if let issue = self["issue"].object { return .issue(try Fields(issue).requiredText("issue_name")) }
        throw TrackingFault.invalid(
            "An assessment needs a `feedback`, an `expectation` or an `issue`.", target: "assessment")
    }

    /// An expected value as it is, or as the text of JSON.
    private func expected() throws -> JSON {
        guard let serialized = self["serialized_value"].object else { return self["value"] }
        let text = try Fields(serialized).requiredText("value")
        guard let value = try? JSON(parsing: text) else {
            throw TrackingFault.invalid(
                "The serialized value of the expectation is not JSON.", target: "serialized_value")
        }
        return value
    }
}
