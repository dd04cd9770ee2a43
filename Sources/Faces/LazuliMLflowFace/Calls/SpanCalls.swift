import HTTPTypes
import Hummingbird
import LazuliResources
import LazuliTracking

/// Where OpenTelemetry's exporters, and MLflow's clients from 3.4 on, send their spans.
enum SpanCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "/v1/traces", .writeRuns, body: .raw, export)
    ]

    static let largestBody = 64 << 20

    private static func export(_ call: MLflowCall) async throws -> MLflowReply {
        let headers = call.request.headers
        guard let experiment = headers[.mlflowExperimentID], !experiment.isEmpty else {
            throw ServiceError(
                TrackingFault.unprocessable,
                "The header x-mlflow-experiment-id is missing. Set it to the id of the experiment for the traces.",
                target: "x-mlflow-experiment-id")
        }
        let type = headers[.contentType]?.split(separator: ";").first.map { String($0).lowercased() } ?? ""
        let groups = try await groups(type.filter { $0 != " " }, call.request)
        guard !groups.isEmpty else { throw TrackingFault.invalid("Invalid OpenTelemetry format - no spans found") }
        try await call.services.traces.log(
            SpanBatch(experimentID: experiment, runID: headers[.mlflowRunID], groups: groups), in: call.scope)
        return .response(answer(type))
    }

    private static func groups(_ type: String, _ request: Request) async throws -> [SpanBatch.Group] {
        guard type == protobuf || type == json else {
            throw TrackingFault.invalid(
                "Invalid Content-Type: \(type). Expected: application/x-protobuf or application/json")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: largestBody)
        } catch {
            throw ServiceError(
                .tooLarge, "The body is larger than \(largestBody >> 20) MiB. Send the spans in smaller batches.")
        }
        let bytes = try plain(Array(body.readableBytesView), request.headers[.contentEncoding]?.lowercased())
        return type == json ? try OTLPJSON.groups(bytes) : try OTLPProtobuf.groups(bytes)
    }

    private static func plain(_ bytes: [UInt8], _ encoding: String?) throws -> [UInt8] {
        switch encoding {
        case nil, "identity": return bytes
        case "gzip", "x-gzip": return try Inflate.gzip(bytes, limit: largestBody)
        case "deflate": return try Inflate.deflate(bytes, limit: largestBody)
        case let other?:
            throw ServiceError(
                .notImplemented, "Spans compressed by \(other) are not read. Send them with gzip or not compressed.")
        }
    }

    private static let protobuf = "application/x-protobuf"
    private static let json = "application/json"

    /// An empty `ExportTraceServiceResponse`: all spans were taken.
    private static func answer(_ type: String) -> Response {
        guard type == json else { return Response(status: .ok, headers: [.contentType: protobuf]) }
        return Response(
            status: .ok, headers: [.contentType: json], body: ResponseBody(byteBuffer: ByteBuffer(string: "{}")))
    }
}

extension HTTPField.Name {
    static let mlflowExperimentID = HTTPField.Name("x-mlflow-experiment-id") ?? .from
    static let mlflowRunID = HTTPField.Name("x-mlflow-run-id") ?? .from
}
