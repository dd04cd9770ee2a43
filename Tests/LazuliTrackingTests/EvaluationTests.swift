import LazuliResources
import LazuliTracking
import Testing

@Suite("Evaluation data sets and scorers")
struct EvaluationTests {
    private func draft(_ question: String, _ answer: String, tags: JSON? = nil) -> EvaluationDraft {
        EvaluationDraft(
            inputs: ["question": .string(question), "depth": 1], outputs: nil,
            expectations: ["answer": .string(answer)],
            tags: tags, source: nil)
    }

    @Test("A record with the same inputs is brought up to date, whatever the order of its members")
    func upsert() async throws {
        let bench = try TrackingBench()
        let set = try await bench.evaluation.create(name: "set", tags: [], experiments: ["0"], in: bench.scope)
        let first = try await bench.evaluation.put(
            [draft("a", "1"), draft("b", "2")], in: set.datasetID, bench.scope)
        #expect(first == (2, 0))
        let turned = EvaluationDraft(
            inputs: ["depth": 1, "question": "a"], outputs: "x", expectations: ["more": 5],
            tags: ["mlflow.user": "ann"],
            source: nil)
        #expect(try await bench.evaluation.put([turned], in: set.datasetID, bench.scope) == (0, 1))
        let records = try await bench.evaluation.records(
            of: set.datasetID, maxResults: nil, pageToken: nil, in: bench.scope
        ).items
        #expect(records.map(\.inputs["question"]) == ["a", "b"])
        #expect(records[0].expectations == ["answer": "1", "more": 5])
        #expect(records[0].outputs == "x" && records[0].updatedBy == "ann")
        let found = try await bench.evaluation.get(set.datasetID, in: bench.scope)
        #expect(found.recordCount == 2 && found.updatedBy == "ann" && found.experimentIDs == ["0"])
        #expect(found.schema?["inputs"] == ["question": "string", "depth": "integer"])
        #expect(found.schema?["expectations"] == ["answer": "string", "more": "integer"])
        #expect(found.schema?["outputs"] == "string")
    }

    @Test("Records come in pages and go by their ids")
    func pages() async throws {
        let bench = try TrackingBench()
        let set = try await bench.evaluation.create(name: "set", tags: [], experiments: [], in: bench.scope)
        _ = try await bench.evaluation.put((1...5).map { draft("\($0)", "") }, in: set.datasetID, bench.scope)
        var token: String?, seen: [EvaluationRecord] = []
        repeat {
            let page = try await bench.evaluation.records(
                of: set.datasetID, maxResults: 2, pageToken: token, in: bench.scope)
            seen += page.items
            token = page.nextPageToken
        } while token != nil
        #expect(seen.map(\.inputs["question"]) == ["1", "2", "3", "4", "5"])
        let gone = try await bench.evaluation.deleteRecords(
            [seen[0].recordID, "none"], of: set.datasetID, in: bench.scope)
        #expect(gone == 1)
        #expect(try await bench.evaluation.get(set.datasetID, in: bench.scope).recordCount == 4)
    }

    @Test("Data sets are found by tags, names and experiments")
    func search() async throws {
        let bench = try TrackingBench()
        let other = try await bench.experiments.create(
            name: "other", artifactLocation: nil, tags: [], in: bench.scope)
        let first = try await bench.evaluation.create(
            name: "first", tags: [Entry("team", "ml")], experiments: ["0"], in: bench.scope)
        _ = try await bench.evaluation.create(name: "second", tags: [], experiments: ["0", other], in: bench.scope)
        func found(_ filter: String?, _ experiments: [String] = []) async throws -> [String] {
            try await bench.evaluation.search(
                SearchRequest(filter: filter, orderBy: ["name ASC"], view: .all, maxResults: nil, pageToken: nil),
                experiments: experiments, in: bench.scope
            ).items.map(\.name)
        }
        #expect(try await found(nil) == ["first", "second"])
        #expect(try await found("tags.team = 'ml'") == ["first"])
        #expect(try await found("name LIKE 'sec%'") == ["second"])
        #expect(try await found(nil, [other]) == ["second"])
        let moved = try await bench.evaluation.add(first.datasetID, toExperiments: [other, other], in: bench.scope)
        #expect(moved.experimentIDs == ["0", other])
        let left = try await bench.evaluation.remove(first.datasetID, fromExperiments: ["0", "99"], in: bench.scope)
        #expect(left.experimentIDs == [other])
        try await bench.evaluation.delete(first.datasetID, in: bench.scope)
        let failure = await refusal { _ = try await bench.evaluation.get(first.datasetID, in: bench.scope) }
        #expect(failure?.message == "Evaluation dataset with id '\(first.datasetID)' not found")
    }

    @Test("Versions of a scorer count up, and the newest is the one that is listed")
    func scorers() async throws {
        let bench = try TrackingBench()
        for content in ["one", "two"] {
            _ = try await bench.scorers.register(content, as: "polite", ofExperiment: "0", in: bench.scope)
        }
        let listed = try await bench.scorers.list(ofExperiment: "0", in: bench.scope)
        #expect(listed.map(\.version) == [2] && listed.map(\.content) == ["two"])
        #expect(try await bench.scorers.list(ofExperiment: nil, in: bench.scope) == listed)
        let versions = try await bench.scorers.versions(of: "polite", ofExperiment: "0", in: bench.scope)
        #expect(versions.map(\.version) == [1, 2] && Set(versions.map(\.scorerID)).count == 1)
        try await bench.scorers.delete("polite", version: 2, ofExperiment: "0", in: bench.scope)
        #expect(try await bench.scorers.get("polite", version: nil, ofExperiment: "0", in: bench.scope).version == 1)
        try await bench.scorers.delete("polite", version: nil, ofExperiment: "0", in: bench.scope)
        let failure = await refusal {
            _ = try await bench.scorers.get("polite", version: nil, ofExperiment: "0", in: bench.scope)
        }
        #expect(failure?.message == "Scorer with name 'polite' not found for experiment with ID 0.")
    }

    @Test("An issue counts the traces whose assessments name it, and finds them")
    func issues() async throws {
        let bench = try TrackingBench()
        let issue = try await bench.issues.create(
            Issue(experimentID: "0", name: "slow", description: "takes long", rootCauses: ["disk"]), in: bench.scope)
        for id in ["a", "b"] {
            _ = try await bench.traces.start(
                TraceInfo(traceID: id, experimentID: "0", requestTime: 1, state: .ok), in: bench.scope)
        }
        _ = try await bench.assessments.create(
            Assessment(
                traceID: "b", name: issue.issueID, value: .issue("slow"), source: .init(type: "HUMAN", id: "ann")),
            in: bench.scope)
        let request = SearchRequest(
            filter: "issue.id = '\(issue.issueID)'", orderBy: [], view: .all, maxResults: nil, pageToken: nil)
        let found = try await bench.search.traces(request, experiments: ["0"], in: bench.scope)
        #expect(found.items.map(\.traceID) == ["b"])
        let change = IssueChange(name: nil, description: nil, status: .resolved, severity: .high)
        let changed = try await bench.issues.update(issue.issueID, change, in: bench.scope)
        #expect(changed.traceCount == 1 && changed.rootCauses == ["disk"] && changed.name == "slow")
        let resolved = try await bench.issues.search(
            SearchRequest(
                filter: "status = 'resolved'", orderBy: [], view: .all, maxResults: nil, pageToken: nil),
            experiment: "0", in: bench.scope)
        #expect(resolved.items == [changed])
    }
}
