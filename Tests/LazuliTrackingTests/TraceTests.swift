import GRDB
import LazuliPersistence
import LazuliResources
import LazuliTracking
import Testing

@Suite("Traces")
struct TraceTests {
    private func trace(
        _ bench: TrackingBench, _ id: String, at time: Int64 = 1000, state: TraceState = .ok, duration: Int64? = 10,
        tags: [String: String] = [:], metadata: [String: String] = [:]
    ) async throws {
        _ = try await bench.traces.start(
            TraceInfo(
                traceID: id, experimentID: "0", requestTime: time, duration: duration, state: state,
                metadata: metadata.map { Entry($0.key, $0.value) }, tags: tags.map { Entry($0.key, $0.value) }),
            in: bench.scope)
    }

    private func span(
        _ trace: String, _ id: String, parent: String? = nil, name: String = "work", start: Int64 = 1_000_000_000,
        attributes: [SpanAttribute] = [], status: SpanStatus.Code = .ok
    ) -> Span {
        Span(
            traceID: String(repeating: trace, count: 32), spanID: String(repeating: id, count: 16),
            parentID: parent.map { String(repeating: $0, count: 16) }, name: name, startTime: start,
            endTime: start + 5_000_000, attributes: attributes, status: SpanStatus(code: status, message: nil))
    }

    private func send(_ bench: TrackingBench, _ spans: [Span], resource: [SpanAttribute] = []) async throws {
        try await bench.traces.log(
            SpanBatch(experimentID: "0", runID: nil, groups: [.init(resource: resource, spans: spans)]),
            in: bench.scope)
    }

    private func found(_ bench: TrackingBench, _ filter: String?, _ orders: [String] = []) async throws -> [String] {
        try await bench.search.traces(
            SearchRequest(filter: filter, orderBy: orders, view: .all, maxResults: nil, pageToken: nil),
            experiments: ["0"], in: bench.scope
        ).items.map(\.traceID)
    }

    @Test("A trace is made from its spans alone")
    func fromSpans() async throws {
        let bench = try TrackingBench()
        let usage = SpanAttribute("mlflow.chat.tokenUsage", .text(#"{"input_tokens": 3, "output_tokens": 4}"#))
        try await send(
            bench,
            [
                span("a", "1", name: "root", attributes: [SpanAttribute("session.id", .text("s-1"))], status: .error),
                span("a", "2", parent: "1", start: 1_002_000_000, attributes: [usage]),
                span("a", "3", parent: "2", attributes: [usage]),
            ], resource: [SpanAttribute("service.name", .text("shop"))])
        let id = "tr-" + String(repeating: "a", count: 32)
        let trace = try await bench.traces.trace(id, allowPartial: false, in: bench.scope)
        #expect(trace.info.requestTime == 1000 && trace.info.duration == 7 && trace.info.state == .error)
        #expect(trace.info.tags.contains(Entry("mlflow.traceName", "root")))
        #expect(trace.info.tags.contains(Entry("service.name", "shop")))
        #expect(trace.info.metadata.contains(Entry("mlflow.trace.session", "s-1")))
        let tokens = trace.info.metadata.first { $0.key == "mlflow.trace.tokenUsage" }?.value
        #expect(tokens == #"{"input_tokens": 3, "output_tokens": 4, "total_tokens": 0}"#)
        #expect(trace.spans.map(\.spanID.first) == ["1", "3", "2"])
    }

    @Test("What the client says of a trace stands, whether its spans come before or after")
    func order() async throws {
        let bench = try TrackingBench()
        let id = "tr-" + String(repeating: "a", count: 32)
        try await send(bench, [span("a", "1", attributes: [SpanAttribute("mlflow.spanInputs", .text("hi"))])])
        try await trace(bench, id, at: 900, duration: 77, metadata: ["mlflow.trace.sizeStats": #"{"num_spans": 2}"#])
        let early = await refusal { _ = try await bench.traces.trace(id, allowPartial: false, in: bench.scope) }
        #expect(early?.code == .notFound)
        #expect(try await bench.traces.traces([id], in: bench.scope).isEmpty)
        try await send(bench, [span("a", "2", parent: "1")])
        let found = try #require(try await bench.traces.traces([id, "tr-none"], in: bench.scope).first)
        #expect(found.info.requestTime == 900 && found.info.duration == 77 && found.spans.count == 2)
        #expect(found.info.requestPreview == "\"hi\"")
    }

    @Test("Spans come back as they were sent")
    func roundTrip() async throws {
        let bench = try TrackingBench()
        var sent = span("b", "1")
        sent.kind = 3
        sent.attributes = [
            SpanAttribute("text", .text("é\"\n")), SpanAttribute("whole", .integer(5)),
            SpanAttribute("broken", .number(5)), SpanAttribute("flag", .flag(true)), SpanAttribute("none", .none),
            SpanAttribute("list", .list([.integer(1), .text("a")])),
            SpanAttribute("entries", .entries([SpanAttribute("k", .number(0.25))])),
        ]
        sent.events = [SpanEvent(name: "e", time: 9, attributes: [SpanAttribute("x", .integer(1))])]
        sent.links = [SpanLink(traceID: String(repeating: "c", count: 32), spanID: "0123456789abcdef", attributes: [])]
        try await send(bench, [sent])
        let id = "tr-" + sent.traceID
        sent.attributes.append(SpanAttribute("mlflow.traceRequestId", .text(id)))
        #expect(try await bench.traces.trace(id, allowPartial: true, in: bench.scope).spans == [sent])
        let file = TraceData.document(of: [sent])["spans"].array?.first
        #expect(file?["attributes"]["text"] == #""é\"\n""#)
        #expect(file?["attributes"]["list"] == #"[1, "a"]"#)
        #expect(sent.document["trace_id"] == "u7u7u7u7u7u7u7u7u7u7uw==")
    }

    @Test(
        "Filters find traces by all that is known of them",
        arguments: [
            ("status = 'ERROR'", ["two"]), ("trace.status != 'ERROR'", ["three", "one"]),
            ("timestamp_ms > 1500", ["three", "two"]), ("execution_time >= 20 AND end_time < 2021", ["two"]),
            ("tags.env = 'prod'", ["one"]), ("tag.env IS NULL", ["three"]), ("tags.`env` ILIKE 'D%'", ["two"]),
            ("metadata.mlflow.user = 'ann'", ["one"]), ("run_id = 'RUN'", ["two", "one"]),
            ("name LIKE 'chat%' OR request_id IN ('three')", ["three", "one"]),
            ("NOT (name = 'chat')", ["three", "two"]), ("prompt = 'greeting/1'", ["three"]),
            ("feedback.quality > 3", ["one"]), ("feedback.quality = '2'", ["two"]),
            ("expectation.answer = 'yes'", ["three"]), ("feedback.quality IS NULL", ["three"]),
        ])
    func filters(filter: String, expected: [String]) async throws {
        let bench = try TrackingBench()
        let run = try await bench.runs.create(
            .init(experimentID: "0", user: "ann", startTime: 1, name: nil, tags: []), in: bench.scope)
        try await trace(
            bench, "one", at: 1000, tags: ["env": "prod", "mlflow.traceName": "chat"],
            metadata: ["mlflow.user": "ann", "mlflow.sourceRun": run.info.runID])
        try await trace(bench, "two", at: 2000, state: .error, duration: 20, tags: ["env": "dev"])
        try await trace(bench, "three", at: 3000, duration: nil)
        try await bench.traces.link(["two"], toRun: run.info.runID, in: bench.scope)
        try await bench.traces.link("three", toPrompts: ["greeting/1"], in: bench.scope)
        for (id, value) in [("one", JSON.integer(4)), ("two", .integer(2))] {
            try await judge(bench, id, "quality", .feedback(value, error: nil))
        }
        try await judge(bench, "three", "answer", .expectation("yes"))
        #expect(try await found(bench, filter.replacing("RUN", with: run.info.runID)) == expected)
    }

    @discardableResult
    private func judge(
        _ bench: TrackingBench, _ trace: String, _ name: String, _ value: Assessment.Value, overrides: String? = nil
    ) async throws -> Assessment {
        try await bench.assessments.create(
            Assessment(
                traceID: trace, name: name, value: value, source: .init(type: "HUMAN", id: "ann"), overrides: overrides),
            in: bench.scope)
    }

    @Test("Conditions on spans that are joined by AND speak of one span")
    func spanFilters() async throws {
        let bench = try TrackingBench()
        let model = [SpanAttribute("model", .text("small")), SpanAttribute("count", .integer(7))]
        try await send(bench, [span("a", "1", name: "plan"), span("a", "2", parent: "1", attributes: model)])
        let all = ["tr-" + String(repeating: "a", count: 32)]
        #expect(try await found(bench, "span.name = 'plan' AND span.attributes.model = 'small'").isEmpty)
        #expect(try await found(bench, "span.name = 'work' AND span.attributes.model LIKE 'sm%'") == all)
        #expect(try await found(bench, "span.attributes.count = '7'") == all)
        #expect(try await found(bench, "trace.text LIKE '%small%'") == all)
        #expect(try await found(bench, "trace.text LIKE '%string_value%'").isEmpty)
    }

    @Test("Orders put missing values last, and pages follow each other")
    func ordering() async throws {
        let bench = try TrackingBench()
        try await trace(bench, "a", at: 1, duration: 30, tags: ["k": "1"])
        try await trace(bench, "b", at: 2, duration: nil, tags: ["k": "2"])
        try await trace(bench, "c", at: 3, duration: 10)
        #expect(try await found(bench, nil) == ["c", "b", "a"])
        #expect(try await found(bench, nil, ["execution_time_ms DESC"]) == ["a", "c", "b"])
        #expect(try await found(bench, nil, ["tags.k ASC"]) == ["a", "b", "c"])
        #expect(try await found(bench, nil, ["request_id DESC", "timestamp"]) == ["c", "b", "a"])
        let first = try await bench.search.traces(
            SearchRequest(filter: nil, orderBy: [], view: .all, maxResults: 2, pageToken: nil), experiments: ["0"],
            in: bench.scope)
        let rest = try await bench.search.traces(
            SearchRequest(filter: nil, orderBy: [], view: .all, maxResults: 2, pageToken: first.nextPageToken),
            experiments: ["0"], in: bench.scope)
        #expect(first.items.map(\.traceID) == ["c", "b"] && rest.items.map(\.traceID) == ["a"])
        #expect(rest.nextPageToken == nil)
    }

    @Test("Deletion takes the oldest first, and all that belongs to a trace")
    func deletion() async throws {
        let bench = try TrackingBench()
        for (id, time) in [("a", Int64(3)), ("b", 1), ("c", 2)] { try await trace(bench, id, at: time) }
        let first = try await bench.traces.delete(.until(2, most: 1), ofExperiment: "0", in: bench.scope)
        #expect(first.map(\.traceID) == ["b"])
        let named = try await bench.traces.delete(.ids(["c", "zzz"]), ofExperiment: "0", in: bench.scope)
        #expect(named.map(\.traceID) == ["c"])
        #expect(try await found(bench, nil) == ["a"])
        let failure = await refusal { _ = try await bench.traces.info("b", in: bench.scope) }
        #expect(failure?.message == "Trace with ID 'b' not found.")
    }

    @Test("A workspace does not see the traces of another, and takes its own along when it goes")
    func workspaces() async throws {
        let bench = try TrackingBench()
        try await send(bench, [span("a", "1")])
        let other = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "other")
        #expect(try await bench.traces.infos(["tr-" + String(repeating: "a", count: 32)], in: other).isEmpty)
        try await bench.database.write { try bench.store.clear(bench.scope, $0) }
        let left = try await bench.database.read { database in
            try ["trace", "span", "traceTag", "traceMetadata", "traceLink", "assessment"].map {
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \($0)") ?? -1
            }
        }
        #expect(left == [0, 0, 0, 0, 0, 0])
    }

    @Test("An assessment that another overrides is valid again once that one is gone")
    func overrides() async throws {
        let bench = try TrackingBench()
        try await trace(bench, "a")
        let first = try await judge(bench, "a", "good", .feedback(true, error: nil))
        let second = try await judge(
            bench, "a", "good", .feedback(false, error: nil), overrides: first.assessmentID)
        func isValid() async throws -> Bool {
            try await bench.assessments.get(first.assessmentID, of: "a", in: bench.scope).isValid
        }
        #expect(try await isValid() == false)
        try await bench.assessments.delete(second.assessmentID, of: "a", in: bench.scope)
        #expect(try await isValid())
        let change = AssessmentChange(
            name: nil, value: .expectation("no"), rationale: nil, metadata: [Entry("k", "v")])
        let failure = await refusal {
            _ = try await bench.assessments.update(first.assessmentID, of: "a", change, in: bench.scope)
        }
        #expect(failure?.message == "Cannot update expectation value on a Feedback assessment.")
    }

    @Test("Tags that the server keeps are not the client's to set")
    func keptTags() async throws {
        let bench = try TrackingBench()
        try await trace(bench, "a", tags: ["mlflow.trace.spansLocation": "TRACKING_STORE"])
        let failure = await refusal {
            try await bench.traces.setTag(Entry("mlflow.trace.spansLocation", "x"), of: "a", in: bench.scope)
        }
        #expect(failure?.code == .invalidArgument)
        let tags = try await bench.traces.info("a", in: bench.scope).tags
        #expect(tags == [Entry("mlflow.artifactLocation", "mlflow-artifacts:/0/traces/a/artifacts")])
    }

    @Test("Two conditions that go together have a high correlation")
    func correlation() async throws {
        let bench = try TrackingBench()
        for index in 0..<10 {
            try await trace(
                bench, "t\(index)", tags: ["env": index < 6 ? "prod" : "dev", "type": index < 7 ? "a" : "b"])
        }
        let found = try await bench.search.correlation(
            "tags.env = 'prod'", "tags.type = 'a'", base: nil, experiments: ["0"], in: bench.scope)
        #expect(found.total == 10 && found.first == 6 && found.second == 7 && found.joint == 6)
        #expect(abs(found.npmi - 0.698) < 0.001)
        let none = try await bench.search.correlation(
            "tags.env = 'x'", "tags.type = 'a'", base: nil, experiments: ["0"], in: bench.scope)
        #expect(none.npmi.isNaN)
    }

    @Test("Figures are grouped by what is asked for")
    func figures() async throws {
        let bench = try TrackingBench()
        for (id, state, duration) in [("a", TraceState.ok, Int64(10)), ("b", .ok, 30), ("c", .error, 5)] {
            try await trace(bench, id, state: state, duration: duration, tags: ["k": id])
        }
        func query(_ metric: String, _ aggregations: [TraceMetricQuery.Aggregation], filters: [String] = [])
            async throws
            -> [TraceMetricPoint]
        {
            try await bench.search.traceMetrics(
                TraceMetricQuery(
                    experiments: ["0"], view: .traces, metric: metric, aggregations: aggregations,
                    dimensions: ["trace_status"], filters: filters, interval: nil, from: nil, to: nil, maxResults: nil),
                in: bench.scope)
        }
        let counts = try await query("trace_count", [.count])
        #expect(counts.map { $0.dimensions[0].value } == ["ERROR", "OK"])
        #expect(counts.map { $0.values[0].value } == [1, 2])
        let times = try await query("latency", [.average, .percentile(75)], filters: ["trace.status = 'OK'"])
        #expect(times.first?.values.map(\.value) == [20, 25])
        #expect(try await query("latency", [.maximum], filters: ["trace.tag.k = 'c'"]).first?.values[0].value == 5)
    }
}
