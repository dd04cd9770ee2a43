import LazuliDomain
import LazuliResources

/// What a job shows beside what was asked for: its status, its links, and the facts of its run.
struct JobView {
    let record: JobRecord
    /// A sentence on what the job waits for, if it waits.
    let waitsFor: String?

    func filled(_ body: JSON, _ call: Call) -> JSON {
        var body = body
        var properties = body["properties"]
        properties["status"] = .string(record.status.rawValue)
        properties["services"] = services(properties["services"], call)
        var facts = properties["properties"].object ?? JSONObject()
        for (key, value) in record.facts.object?.pairs ?? [] { facts["lazuli.\(key)"] = JSON(value.scalarText) }
        let reason = waitsFor ?? record.reason
        if !reason.isEmpty { facts["lazuli.reason"] = .string(reason) }
        if let started = record.startedAt { facts["lazuli.startTime"] = .string(Timestamp.text(started)) }
        if let ended = record.endedAt {
            facts["lazuli.endTime"] = .string(Timestamp.text(ended))
            if let started = record.startedAt {
                facts["lazuli.durationSeconds"] = .string(String(Double(ended - started) / 1000))
            }
        }
        properties["properties"] = .object(facts)
        if !record.error.isNull { properties["error"] = record.error }
        body["properties"] = properties
        return body
    }

    /// The studio link holds a `?`: clients append to it with `&`.
    private func services(_ given: JSON, _ call: Call) -> JSON {
        var services = given.object ?? JSONObject()
        services["Studio"] = [
            "jobServiceType": "Studio",
            "endpoint": .string("\(call.baseURL)/studio/runs/\(record.name)?wsid=\(record.scope.id)"),
        ]
        services["Tracking"] = [
            "jobServiceType": "Tracking", "endpoint": .string("\(call.baseURL)/mlflow/v1.0\(record.scope.id)"),
        ]
        return .object(services)
    }
}
