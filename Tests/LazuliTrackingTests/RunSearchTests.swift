import LazuliResources
import LazuliTracking
import Testing

@Suite("Searching runs")
struct RunSearchTests {
    private func filled() async throws -> TrackingBench {
        let bench = try TrackingBench()
        try await bench.run(
            name: "a", start: 1, metrics: ["acc": 0.9, "loss": 1], params: ["lr": "0.1", "my key": "x"],
            tags: ["team": "Blue"])
        try await bench.run(name: "b", start: 2, metrics: ["acc": 0.8], params: ["lr": "0.2"], tags: ["team": "red"])
        try await bench.run(name: "c", start: 3, metrics: ["acc": .nan], params: ["lr": "0.1"])
        try await bench.run(name: "d", start: 4)
        return bench
    }

    @Test(
        "Filters find what they say",
        arguments: [
            ("metrics.acc > 0.85", ["a"]), ("metrics.acc >= 0.8", ["b", "a"]), ("metric.acc = 0.8", ["b"]),
            ("metrics.acc != 0.9", ["c", "b"]), ("metrics.nothing < 5", []),
            ("params.lr = '0.1'", ["c", "a"]), ("param.lr != '0.1'", ["b"]), ("params.`my key` = \"x\"", ["a"]),
            ("parameters.\"my key\" = 'x'", ["a"]), ("params.lr LIKE '0._'", ["c", "b", "a"]),
            ("tags.team = 'blue'", []), ("tags.team LIKE 'B%'", ["a"]), ("tag.team ilike 'b%'", ["a"]),
            ("tags.team IN ('Blue', 'red')", ["b", "a"]), ("tags.team NOT IN ('Blue')", ["b"]),
            ("tags.team IS NULL", ["d", "c"]), ("params.lr is not null", ["c", "b", "a"]),
            ("tags.absent != 'x'", []), ("tags.absent IS NULL and start_time > 3", ["d"]),
            ("attributes.run_name = 'b'", ["b"]), ("run.status = 'RUNNING' AND attr.start_time <= 2", ["b", "a"]),
            ("`Run name` LIKE '%a%'", ["a"]), ("created = 3", ["c"]), ("user_id = 'ann'", ["d", "c", "b", "a"]),
            ("metrics.acc > 0.85 OR run_name = 'd'", ["d", "a"]),
            ("(metrics.acc > 0.85 OR run_name = 'd') AND NOT tags.team = 'Blue'", ["d"]),
            ("artifact_uri LIKE 'mlflow-artifacts:/0/%'", ["d", "c", "b", "a"]),
        ])
    func filters(filter: String, expected: [String]) async throws {
        let bench = try await filled()
        #expect(try await bench.names(where: filter) == expected)
    }

    @Test("A star or a question mark in a LIKE pattern stands for itself")
    func likePatterns() async throws {
        let bench = try TrackingBench()
        try await bench.run(name: "one", params: ["p": "a*b?c[d"])
        try await bench.run(name: "two", params: ["p": "aXbYcZd"])
        #expect(try await bench.names(where: "params.p LIKE 'a*b?c[_'") == ["one"])
    }

    @Test("run_id takes lists; values never reach the statement's text")
    func listsAndQuotes() async throws {
        let bench = try await filled()
        let id = try await bench.run(name: "e'); DROP TABLE run; --", start: 9)
        #expect(try await bench.names(where: "run_id IN ('\(id)', 'x')").count == 1)
        #expect(try await bench.names(where: "run_name = 'e''); DROP TABLE run; --'").count == 1)
        #expect(try await bench.names(where: "params.`'; DROP TABLE run; --` = '1'").isEmpty)
        #expect(try await bench.names().count == 5)
    }

    @Test(
        "Orderings put NaN after numbers and missing values last, both ways",
        arguments: [
            (["metrics.acc ASC"], ["b", "a", "c", "d"]), (["metrics.acc DESC"], ["a", "b", "c", "d"]),
            (["metrics.`loss`"], ["a", "d", "c", "b"]), (["params.lr DESC", "start_time ASC"], ["b", "a", "c", "d"]),
            (["tags.team"], ["a", "b", "d", "c"]), (["attribute.start_time asc"], ["a", "b", "c", "d"]),
            ([], ["d", "c", "b", "a"]), (["run_name DESC"], ["d", "c", "b", "a"]),
        ])
    func orderings(order: [String], expected: [String]) async throws {
        let bench = try await filled()
        #expect(try await bench.names(orderBy: order) == expected)
    }

    @Test(
        "What is wrong with a filter is said with its place",
        arguments: [
            ("metrics.acc > 'x'", "Expected numeric value type for metric. Found x (at character 15"),
            ("params.lr = 1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"),
            ("params.lr > '1'", "Invalid comparator '>' not one of"),
            ("bogus.key = '1'", "Invalid entity type 'bogus'. Valid values are"),
            ("statsu = 'x'", "Invalid attribute key 'statsu' specified. Valid keys are"),
            ("dataset.size = 'x'", "Invalid dataset key 'size' specified."),
            ("metrics.acc", "Invalid clause(s) in filter string: 'metrics.acc' (at character 1)"),
            ("metrics.acc > 1 garbage", "Invalid clause(s) in filter string: 'garbage' (at character 17)"),
            ("metrics.acc > 1 AND", "Expected a comparison (at character 20"),
            ("params.lr = 'open", "Invalid clause(s) in filter string: ''open' (at character 13: a text begins here"),
            ("(metrics.acc > 1", "Expected ')'"),
            ("run_id IN ()", "While parsing a list in the query, expected a non-empty list of string values"),
            ("status IS NULL", "IS NULL / IS NOT NULL is only supported for tags and params"),
            ("start_time = 'x'", "Expected numeric value type for numeric attribute: start_time. Found x"),
            ("metrics.a ~ 1", "Invalid clause(s) in filter string: '~ 1'"),
        ])
    func badFilters(filter: String, message: String) async throws {
        let bench = try TrackingBench()
        let failure = await refusal { _ = try await bench.names(where: filter) }
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "no refusal")")
    }

    @Test("Filters nested too deep are refused instead of exhausting the stack")
    func deepFilters() async throws {
        let bench = try TrackingBench()
        let deep = String(repeating: "(", count: 5000) + "status = 'x'" + String(repeating: ")", count: 5000)
        #expect(await refusal { _ = try await bench.names(where: deep) }?.message.contains("nested deeper") == true)
        let nots = String(repeating: "NOT ", count: 5000) + "status = 'x'"
        #expect(await refusal { _ = try await bench.names(where: nots) } != nil)
    }

    @Test(
        "Bad orderings are refused",
        arguments: [
            (["metrics.a DSC"], "Invalid ordering key in order_by clause 'metrics.a DSC'."),
            (["metrics.a desc more"], "Invalid order_by clause 'metrics.a desc more'. Could not be parsed."),
            (["metrics.a", "metrics.`a` DESC"], "`order_by` contains duplicate fields"),
            (["nothing"], "Invalid attribute key 'nothing' specified."),
        ])
    func badOrderings(order: [String], message: String) async throws {
        let bench = try TrackingBench()
        let failure = await refusal { _ = try await bench.names(orderBy: order) }
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "no refusal")")
    }

    @Test("Pages follow one another without gaps or repeats, and the last one says so")
    func pages() async throws {
        let bench = try TrackingBench()
        for index in 0..<23 {
            try await bench.run(name: "r\(index)", start: Int64(index % 5), metrics: ["m": Double(index % 3)])
        }
        var names: [String] = [], token: String?, sizes: [Int] = []
        repeat {
            let page = try await bench.search.runs(
                SearchRequest(
                    filter: nil, orderBy: ["metrics.m"], view: .activeOnly, maxResults: 10, pageToken: token),
                experiments: ["0"], in: bench.scope)
            names += page.items.map(\.info.name)
            sizes.append(page.items.count)
            token = page.nextPageToken
        } while token != nil
        #expect(Set(names).count == 23)
        #expect(sizes == [10, 10, 3])
    }

    @Test("Pages by a metric go from numbers over NaN to missing values without gaps", arguments: [1, 2, 3, 7])
    func pagesByMetric(size: Int64) async throws {
        let bench = try TrackingBench()
        for index in 0..<12 {
            let value: [String: Double] = index % 3 == 0 ? ["m": Double(index)] : index % 3 == 1 ? ["m": .nan] : [:]
            try await bench.run(name: "r\(index)", start: Int64(index), metrics: value, params: ["p": "\(index % 2)"])
        }
        var names: [String] = [], token: String?
        repeat {
            let page = try await bench.search.runs(
                SearchRequest(
                    filter: "params.p LIKE '%'", orderBy: ["metrics.m DESC", "params.p"], view: .activeOnly,
                    maxResults: size, pageToken: token),
                experiments: ["0"], in: bench.scope)
            names += page.items.map(\.info.name)
            token = page.nextPageToken
        } while token != nil
        #expect(names == ["r9", "r6", "r3", "r0", "r10", "r4", "r7", "r1", "r8", "r2", "r11", "r5"])
    }

    @Test("Datasets are searched by name, digest and context")
    func datasets() async throws {
        let bench = try TrackingBench()
        for (name, context) in [("train", "training"), ("test", "evaluation")] {
            let id = try await bench.run(name: name)
            let dataset = Dataset(
                name: name, digest: "d-\(name)", sourceType: "local", source: "{}", schema: nil, profile: nil)
            try await bench.runs.logInputs(
                [DatasetInput(dataset: dataset, tags: [Entry("mlflow.data.context", context)])], models: [], to: id,
                in: bench.scope)
        }
        #expect(try await bench.names(where: "dataset.name = 'train'") == ["train"])
        #expect(try await bench.names(where: "datasets.context LIKE 'eval%'") == ["test"])
        #expect(try await bench.names(where: "dataset.digest IN ('d-train', 'd-test')").count == 2)
    }

    @Test("Page sizes outside of 1 to 50,000 are refused", arguments: [Int64(0), -1, 50001])
    func pageSizes(size: Int64) async throws {
        let bench = try TrackingBench()
        let failure = await refusal {
            _ = try await bench.search.runs(
                SearchRequest(filter: nil, orderBy: [], view: .all, maxResults: size, pageToken: nil),
                experiments: ["0"], in: bench.scope)
        }
        #expect(failure?.message.hasPrefix("Invalid value \(size) for parameter 'max_results' supplied.") == true)
    }
}
