import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliMLflowFace
import LazuliResources
import Testing

@Suite("Calls on traces")
struct TraceCallTests {
    private let v3 = "/api/3.0/mlflow/"

    /// A protobuf field of bytes.
    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    /// One span with the attribute `fruit = apple`, in OTLP's protobuf.
    private var export: [UInt8] {
        let attribute = field(1, Array("fruit".utf8)) + field(2, field(1, Array("apple".utf8)))
        let start: [UInt8] = [7 << 3 | 1, 0, 202, 154, 59, 0, 0, 0, 0]
        let end: [UInt8] = [8 << 3 | 1, 0, 148, 53, 119, 0, 0, 0, 0]
        let status = field(15, [3 << 3 | 0, 2, 2 << 3 | 2, 1, UInt8(ascii: "x")])
        let span =
            field(1, Array(repeating: 0xAB, count: 16)) + field(2, Array(repeating: 1, count: 8))
            + field(5, Array("test".utf8)) + start + end + field(9, attribute) + status
        return field(1, field(2, field(2, span)))
    }

    private func send(_ client: FaceClient, _ bytes: [UInt8], _ type: String) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: type]
        headers[try #require(HTTPField.Name("x-mlflow-experiment-id"))] = "0"
        return try await client.client.execute(
            uri: "/v1/traces", method: .post, headers: headers, body: ByteBuffer(bytes: bytes)
        ) { $0 }
    }

    @Test("Spans in protobuf come back in protobuf's JSON, and as the file that clients download")
    func protobuf() async throws {
        try await FaceBench().test { client in
            #expect(try await send(client, export, "application/x-protobuf").status == .ok)
            let id = "tr-" + String(repeating: "ab", count: 16)
            let trace = try await client.call(.get, "traces/get?trace_id=\(id)", prefix: v3).body["trace"]
            #expect(trace["trace_info"]["state"] == "ERROR")
            #expect(trace["trace_info"]["request_time"] == "1970-01-01T00:00:01.000Z")
            #expect(trace["trace_info"]["execution_duration"] == "1s")
            let span = trace["spans"].array?.first
            #expect(span?["name"] == "test" && span?["end_time_unix_nano"] == 2_000_000_000)
            #expect(span?["attributes"].array?.first == ["key": "fruit", "value": ["string_value": "apple"]])
            #expect(span?["status"] == ["code": "STATUS_CODE_ERROR", "message": "x"])
            let file = try await client.raw(.get, "/ajax-api/2.0/mlflow/get-trace-artifact?request_id=\(id)")
            #expect(file.headers[.contentDisposition] == "attachment; filename=traces.json")
            let data = try JSON(parsing: Array(file.body.readableBytesView))
            #expect(data["spans"].array?.first?["attributes"]["fruit"] == "\"apple\"")
        }
    }

    @Test("Every cut of a protobuf message is refused or read, and never stops the server")
    func cuts() async throws {
        try await FaceBench().test { client in
            for count in 0..<export.count {
                let status = try await send(client, Array(export.prefix(count)), "application/x-protobuf").status
                #expect([400, 422].contains(status.code), "after \(count) bytes")
            }
        }
    }

    @Test("Spans in JSON are taken as well, and a span without an id is named")
    func json() async throws {
        try await FaceBench().test { client in
            func body(_ id: String) -> [UInt8] {
                let span: JSON = [
                    "traceId": .string(id), "spanId": "00f067aa0ba902b7", "name": "s",
                    "startTimeUnixNano": "1000000000",
                    "attributes": [["key": "n", "value": ["intValue": "7"]]],
                ]
                let document: JSON = ["resourceSpans": [["scopeSpans": [["spans": [span]]]]]]
                return document.bytes
            }
            let id = "4bf92f3577b34da6a3ce929d0e0e4736"
            #expect(try await send(client, body(id), "application/json").status == .ok)
            let trace = try await client.call(.get, "traces/get?trace_id=tr-\(id)", prefix: v3).body["trace"]
            #expect(trace["spans"].array?.first?["attributes"].array?.first?["value"]["int_value"] == 7)
            let refused = try await send(client, body("short"), "application/json")
            #expect(refused.status == .unprocessableContent && String(buffer: refused.body).contains("traceId of 32"))
        }
    }

    private func info(_ id: String) -> JSON {
        [
            "trace": [
                "trace_info": [
                    "trace_id": .string(id),
                    "trace_location": ["type": "MLFLOW_EXPERIMENT", "mlflow_experiment": ["experiment_id": "0"]],
                    "request_time": "2025-06-01T10:00:00.123456789Z", "execution_duration": "1.5s", "state": "OK",
                    "trace_metadata": ["m": "1"], "tags": ["t": "2"],
                ]
            ]
        ]
    }

    @Test("A trace is written, found, tagged and deleted with its files")
    func life() async throws {
        let bench = try FaceBench()
        try await bench.test { client in
            let made = try await client.call(.post, "traces", info("tr-1"), prefix: v3).body["trace"]["trace_info"]
            #expect(made["request_time"] == "2025-06-01T10:00:00.123Z" && made["execution_duration"] == "1.500s")
            #expect(made["trace_metadata"] == ["m": "1"] && made["tags"]["t"] == "2")
            #expect(
                try await client.call(.patch, "traces/tr-1/tags", ["key": "t", "value": "3"], prefix: v3).status == 200)
            let search: JSON = [
                "locations": [["mlflow_experiment": ["experiment_id": "0"]]], "filter": "tags.t = '3'",
            ]
            let found = try await client.call(.post, "traces/search", search, prefix: v3).body["traces"].array
            #expect(found?.count == 1)
            let path = "/api/2.0/mlflow-artifacts/artifacts/0/traces/tr-1/artifacts/traces.json"
            #expect(try await client.raw(.put, path, "{}").status == .ok)
            let deletion: JSON = ["experiment_id": "0", "request_ids": ["tr-1"]]
            let deleted = try await client.call(.post, "traces/delete-traces", deletion, prefix: v3)
            #expect(deleted.body == ["traces_deleted": 1])
            #expect(try await client.raw(.get, path).status == .notFound)
            #expect(try await client.call(.get, "traces/tr-1", prefix: v3).status == 404)
        }
        #expect(!FileManager.default.fileExists(atPath: bench.artifacts.appending(path: "Trace/tr-1").path))
    }

    @Test("Who may only read writes no traces, tags or assessments")
    func rights() async throws {
        try await FaceBench(readsOnly: true).test { client in
            let calls: [(HTTPRequest.Method, String)] = [
                (.post, "traces"), (.patch, "traces/a/tags"), (.delete, "traces/a/tags"),
                (.post, "traces/delete-traces"), (.post, "traces/a/assessments"), (.patch, "traces/a/assessments/b"),
                (.delete, "traces/a/assessments/b"),
            ]
            for (method, path) in calls {
                let status = try await client.call(method, path, [:], prefix: v3).status
                #expect(status == 403, "\(method) \(path)")
            }
            #expect(try await send(client, export, "application/x-protobuf").status == .forbidden)
            #expect(try await client.call(.get, "traces/a", prefix: v3).status == 404)
        }
    }

    @Test("Values of expectations that are no scalars travel as text")
    func assessments() async throws {
        try await FaceBench().test { client in
            _ = try await client.call(.post, "traces", info("tr-1"), prefix: v3)
            func create(_ value: JSON) async throws -> JSON {
                let draft: JSON = [
                    "assessment": [
                        "assessment_name": "a", "expectation": ["value": value],
                        "source": ["source_type": "CODE", "source_id": "x"],
                    ]
                ]
                return try await client.call(.post, "traces/tr-1/assessments", draft, prefix: v3).body["assessment"]
            }
            #expect(try await create("yes")["expectation"] == ["value": "yes"])
            let made = try await create(["ms": 5])
            #expect(made["expectation"]["serialized_value"]["value"] == "{\"ms\": 5}")
            #expect(made["valid"] == true && made["source"]["source_type"] == "CODE")
            let id = made["assessment_id"].string ?? ""
            let change: JSON = [
                "assessment": ["rationale": "since", "assessment_name": "ignored"], "update_mask": "rationale",
            ]
            let changed = try await client.call(.patch, "traces/tr-1/assessments/\(id)", change, prefix: v3).body
            #expect(changed["assessment"]["rationale"] == "since" && changed["assessment"]["assessment_name"] == "a")
        }
    }
}
