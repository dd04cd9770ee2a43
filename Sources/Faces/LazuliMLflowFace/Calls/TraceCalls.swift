import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// Calls on traces, in the form of MLflow 3.
enum TraceCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "3.0/mlflow/traces", .writeRuns, start),
        MLflowRow("POST", "3.0/mlflow/traces/search", .readRuns, search),
        MLflowRow("GET", "3.0/mlflow/traces/get", .readRuns, get),
        MLflowRow("GET", "3.0/mlflow/traces/batchGet", .readRuns, batchGet),
        MLflowRow("POST", "3.0/mlflow/traces/batchGetInfos", .readRuns, batchGetInfos),
        MLflowRow("GET", "3.0/mlflow/traces/batchGetInfos", .readRuns, batchGetInfos),
        MLflowRow("POST", "3.0/mlflow/traces/delete-traces", .writeRuns, delete),
        MLflowRow("POST", "2.0/mlflow/traces/delete-traces", .writeRuns, delete),
        MLflowRow("POST", "3.0/mlflow/traces/calculate-filter-correlation", .readRuns, correlate),
        MLflowRow("POST", "3.0/mlflow/traces/metrics", .readRuns, metrics),
        MLflowRow("POST", "2.0/mlflow/traces/link-to-run", .writeRuns, linkToRun),
        MLflowRow("POST", "2.0/mlflow/traces/link-prompts", .writeRuns, linkPrompts),
        MLflowRow("GET", "2.0/mlflow/get-trace-artifact", .readRuns, artifact),
        MLflowRow("GET", "3.0/mlflow/get-trace-artifact", .readRuns, artifact),
        MLflowRow("GET", "3.0/mlflow/traces/{trace}", .readRuns, info),
        MLflowRow("PATCH", "3.0/mlflow/traces/{trace}/tags", .writeRuns, setTag),
        MLflowRow("PUT", "3.0/mlflow/traces/{trace}/tags", .writeRuns, setTag),
        MLflowRow("DELETE", "3.0/mlflow/traces/{trace}/tags", .writeRuns, deleteTag),
    ]

    private static func start(_ call: MLflowCall) async throws -> MLflowReply {
        let document = call.fields["trace"]
        guard document.object != nil else { throw Fields.missing("trace") }
        guard let members = (document["trace_info"].object ?? document["traceInfo"].object) else {
            throw Fields.missing("trace.trace_info")
        }
        let info = try await call.services.traces.start(Fields(members).traceInfo(), in: call.scope)
        return reply(info)
    }

    private static func reply(_ info: TraceInfo) -> MLflowReply {
        .object { $0.field("trace") { $0.field("trace_info") { $0.members(of: info) } } }
    }

    private static func info(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.traces.info(call.place("trace"), in: call.scope))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        let trace = try await call.services.traces.trace(
            call.fields.requiredText("trace_id"), allowPartial: call.fields.flag("allow_partial") ?? false,
            in: call.scope)
        return .object { $0.field("trace") { $0.members(of: trace) } }
    }

    private static func batchGet(_ call: MLflowCall) async throws -> MLflowReply {
        let traces = try await call.services.traces.traces(call.fields.traceIDs(), in: call.scope)
        return .object { $0.field("traces", list: traces) { text, trace in text.object { $0.members(of: trace) } } }
    }

    private static func batchGetInfos(_ call: MLflowCall) async throws -> MLflowReply {
        let infos = try await call.services.traces.infos(call.fields.traceIDs(), in: call.scope)
        return .object { $0.field("trace_infos", list: infos) { text, info in text.object { $0.members(of: info) } } }
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        guard fields.has("locations") else { throw Fields.missing("locations") }
        let experiments = try fields.list("locations").compactMap { location in
            let place = location["mlflow_experiment"].object ?? location["mlflowExperiment"].object
            return try place.map { try Fields($0).requiredText("experiment_id") }
        }
        let page = try await call.services.search.traces(
            fields.searchOfAll("filter"), experiments: experiments, in: call.scope)
        return .object { text in
            text.field("traces", list: page.items) { text, info in text.object { $0.members(of: info) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }

    static func setTag(_ call: MLflowCall) async throws -> MLflowReply {
        let tag = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.traces.setTag(tag, of: call.place("trace"), in: call.scope)
        return .empty
    }

    static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.traces.deleteTag(
            call.fields.requiredText("key"), of: call.place("trace"), in: call.scope)
        return .empty
    }

    private static func linkToRun(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.traces.link(
            call.fields.traceIDs(), toRun: call.fields.requiredText("run_id"), in: call.scope)
        return .empty
    }

    private static func linkPrompts(_ call: MLflowCall) async throws -> MLflowReply {
        let prompts = try call.fields.list("prompt_versions").enumerated().map { index, prompt in
            guard let name = prompt["name"].string, let version = prompt["version"].scalarText else {
                throw Fields.missing("prompt_versions[\(index)].name")
            }
            return name + "/" + version
        }
        try await call.services.traces.link(
            call.fields.requiredText("trace_id"), toPrompts: prompts, in: call.scope)
        return .empty
    }

    // MARK: Deletion

    /// Rows first, then files: a trace that is half deleted is never seen.
    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        let deleted = try await call.services.traces.delete(
            selection(call.fields), ofExperiment: call.fields.requiredText("experiment_id"), in: call.scope)
        for trace in deleted { try await deleteFiles(of: trace, call) }
        return .object { $0.field("traces_deleted", Int64(deleted.count)) }
    }

    private static func selection(_ fields: Fields) throws -> TraceService.Selection {
        let ids = try fields.texts("request_ids") + fields.texts("trace_ids")
        let time = try fields.integer("max_timestamp_millis"), most = try fields.integer("max_traces")
        guard ids.isEmpty else {
            guard time == nil, most == nil else {
                throw TrackingFault.invalid(
                    "Either `request_ids` or `max_timestamp_millis` may be specified, and `max_traces` only with the "
                        + "latter.")
            }
            return .ids(ids)
        }
        guard let time else {
            throw TrackingFault.invalid("Either `max_timestamp_millis` or `request_ids` must be specified.")
        }
        if let most, most < 1 {
            throw TrackingFault.invalid("`max_traces` must be a positive integer, received \(most).")
        }
        return .until(time, most: most)
    }

    private static func deleteFiles(of trace: TraceInfo, _ call: MLflowCall) async throws {
        guard let uri = trace.artifactURI, ArtifactAddress.folder(ofURI: uri) != nil else { return }
        do {
            try await call.services.artifacts.delete(
                call.services.artifacts.spot(ofURI: uri, path: [], in: call.scope))
        } catch let error as ServiceError where error.code == .notFound {
            // Most traces have their spans in the database and no files.
        }
    }

    // MARK: Files

    /// A trace's spans as a file, or one of the files that were attached to it.
    private static func artifact(_ call: MLflowCall) async throws -> MLflowReply {
        guard let traceID = try call.fields.filledText("request_id") ?? call.fields.filledText("trace_id") else {
            throw ServiceError(
                TrackingFault.badRequest, "Request must include the \"request_id\" query parameter.")
        }
        let trace = try await call.services.traces.trace(traceID, allowPartial: true, in: call.scope)
        if let path = try call.fields.filledText("path") {
            return try await file(ArtifactPath.segments(path), of: trace.info, call)
        }
        guard trace.spans.isEmpty else {
            let headers: HTTPFields = [
                .contentType: "application/octet-stream",
                .contentDisposition: "attachment; filename=\(dataFile)", .xContentTypeOptions: "nosniff",
            ]
            let body = ByteBuffer(bytes: TraceData.document(of: trace.spans).bytes)
            return .response(Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body)))
        }
        return try await file([dataFile], of: trace.info, call)
    }

    private static let dataFile = "traces.json"

    private static func file(_ path: [String], of trace: TraceInfo, _ call: MLflowCall) async throws -> MLflowReply {
        let artifacts = call.services.artifacts
        let spot = try await artifacts.spot(ofURI: trace.artifactURI ?? "", path: path, in: call.scope)
        let file = try await artifacts.open(spot)
        return .response(ArtifactDownload.response(file, name: spot.name, to: call.request))
    }

    // MARK: Figures

    private static func correlate(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let found = try await call.services.search.correlation(
            fields.requiredText("filter_string1"), fields.requiredText("filter_string2"),
            base: fields.filledText("base_filter"), experiments: fields.texts("experiment_ids"), in: call.scope)
        return .object { text in
            text.field("npmi", number: found.npmi)
            text.field("npmi_smoothed", number: found.smoothedNPMI)
            text.field("filter1_count", found.first)
            text.field("filter2_count", found.second)
            text.field("joint_count", found.joint)
            text.field("total_count", found.total)
        }
    }

    private static func metrics(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("metric_name")
        let points = try await call.services.search.traceMetrics(call.fields.traceMetricQuery(), in: call.scope)
        return .object { text in
            text.field("data_points", list: points) { text, point in
                text.object { text in
                    text.field("metric_name", name)
                    text.field(
                        "dimensions",
                        json: .object(JSONObject(point.dimensions.map { ($0.key, .string($0.value)) })))
                    text.field(
                        "values", json: .object(JSONObject(point.values.map { ($0.name, .number($0.value)) })))
                }
            }
        }
    }
}

extension Fields {
    /// A page of a search that has no view of deleted things.
    /// - Parameter filter: the member that holds the filter.
    func searchOfAll(_ filter: String) throws -> SearchRequest {
        SearchRequest(
            filter: try filledText(filter), orderBy: try texts("order_by"), view: .all,
            maxResults: try integer("max_results"), pageToken: try filledText("page_token"))
    }

    /// The ids of a call on several traces.
    func traceIDs() throws -> [String] {
        guard has("trace_ids") else { throw Self.missing("trace_ids") }
        return try texts("trace_ids")
    }

    /// A `TraceInfoV3`.
    func traceInfo() throws -> TraceInfo {
        let location = self["trace_location"]
        let experiment = location["mlflow_experiment"].object ?? location["mlflowExperiment"].object
        guard let experiment else { throw Self.missing("trace.trace_info.trace_location.mlflow_experiment") }
        let traceID = try requiredText("trace_id")
        return TraceInfo(
            traceID: traceID, experimentID: try Fields(experiment).requiredText("experiment_id"),
            clientRequestID: try filledText("client_request_id"),
            requestTime: try time("request_time") ?? 0, duration: try duration("execution_duration"),
            state: try traceState("state") ?? .unspecified, requestPreview: try text("request_preview"),
            responsePreview: try text("response_preview"), metadata: try map("trace_metadata"), tags: try map("tags"),
            assessments: try list("assessments").enumerated().map { index, item in
                guard let members = item.object else { throw Self.wrongType("assessments[\(index)]", item) }
                return try Fields(members).assessment(ofTrace: traceID)
            })
    }

    /// Milliseconds since 1970.
    func time(_ name: String) throws -> Int64? {
        guard let text = try filledText(name) else { return nil }
        guard let time = ProtobufTime.milliseconds(ofTime: text) else { throw Self.wrongType(name, self[name]) }
        return time
    }

    private func duration(_ name: String) throws -> Int64? {
        guard let text = try filledText(name) else { return nil }
        guard let time = ProtobufTime.milliseconds(ofDuration: text) else { throw Self.wrongType(name, self[name]) }
        return time
    }

    /// By name, or by protobuf's number.
    func traceState(_ name: String) throws -> TraceState? {
        let value = self[name]
        switch value {
        case .null: return nil
        case .string("TRACE_STATUS_UNSPECIFIED"): return .unspecified
        case .string(let text): if let state = TraceState(rawValue: text) { return state }
        case .integer(let number) where 0..<4 ~= number: return TraceState.allCases[Int(number)]
        default: break
        }
        throw Self.wrongType(name, value)
    }

    /// An object whose values are texts.
    func map(_ name: String) throws -> [Entry] {
        let value = self[name]
        if value.isNull { return [] }
        guard let members = value.object else { throw Self.wrongType(name, value) }
        return members.pairs.map { Entry($0.key, $0.value.scalarText ?? $0.value.text) }
    }

    func traceMetricQuery() throws -> TraceMetricQuery {
        let view = self["view_type"], views = TraceMetricQuery.View.allCases
        let number = view.wireInteger.flatMap { 1...3 ~= $0 ? Int($0) - 1 : nil }
        guard let chosen = view.string.flatMap(TraceMetricQuery.View.init) ?? number.map({ views[$0] }) else {
            throw view.isNull ? Self.missing("view_type") : Self.wrongType("view_type", view)
        }
        return TraceMetricQuery(
            experiments: try texts("experiment_ids"), view: chosen, metric: try requiredText("metric_name"),
            aggregations: try list("aggregations").map(Self.aggregation), dimensions: try texts("dimensions"),
            filters: try texts("filters"), interval: try integer("time_interval_seconds"),
            from: try integer("start_time_ms"), to: try integer("end_time_ms"),
            maxResults: try integer("max_results"))
    }

    private static func aggregation(_ item: JSON) throws -> TraceMetricQuery.Aggregation {
        let kind = item["aggregation_type"]
        switch (kind.string, kind.wireInteger) {
        case ("COUNT", _), (_, 1): return .count
        case ("SUM", _), (_, 2): return .sum
        case ("AVG", _), (_, 3): return .average
        case ("PERCENTILE", _), (_, 4):
            guard let value = item["percentile_value"].wireNumber, 0...100 ~= value else {
                throw TrackingFault.invalid(
                    "A percentile needs a percentile_value from 0 to 100.", target: "percentile_value")
            }
            return .percentile(value)
        case ("MIN", _), (_, 5): return .minimum
        case ("MAX", _), (_, 6): return .maximum
        default: throw wrongType("aggregation_type", kind)
        }
    }
}
