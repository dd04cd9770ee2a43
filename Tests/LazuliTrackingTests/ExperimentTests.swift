import LazuliResources
import LazuliTracking
import Testing

@Suite("Experiments")
struct ExperimentTests {
    @Test("A workspace has the experiment Default with id 0 from the start")
    func defaultExperimentIsThere() async throws {
        let bench = try TrackingBench()
        let found = try await bench.experiments.get("0", in: bench.scope)
        #expect(found.name == "Default")
        #expect(found.artifactLocation == "mlflow-artifacts:/0")
        #expect(try await bench.experiments.get(name: "Default", in: bench.scope).id == "0")
    }

    @Test("New experiments are numbered from 1 in each workspace by itself")
    func numbersArePerWorkspace() async throws {
        let bench = try TrackingBench()
        let other = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "other")
        #expect(try await bench.experiments.create(name: "a", artifactLocation: nil, tags: [], in: bench.scope) == "1")
        #expect(try await bench.experiments.create(name: "b", artifactLocation: nil, tags: [], in: bench.scope) == "2")
        #expect(try await bench.experiments.create(name: "a", artifactLocation: nil, tags: [], in: other) == "1")
        let failure = await refusal { _ = try await bench.experiments.get(name: "b", in: other) }
        #expect(failure?.code == .notFound)
    }

    @Test("A name in use is refused, whether its experiment is active or deleted")
    func namesAreUnique() async throws {
        let bench = try TrackingBench()
        let id = try await bench.experiments.create(name: "a", artifactLocation: nil, tags: [], in: bench.scope)
        try await bench.experiments.delete(id, in: bench.scope)
        let failure = await refusal {
            _ = try await bench.experiments.create(name: "a", artifactLocation: nil, tags: [], in: bench.scope)
        }
        #expect(failure?.code == TrackingFault.alreadyExists)
        #expect(failure?.message == "Experiment(name=a) already exists.")
    }

    @Test("Two clients that create the same experiment at once get one success and one refusal")
    func concurrentCreation() async throws {
        let bench = try TrackingBench()
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await refusal {
                        _ = try await bench.experiments.create(
                            name: "same", artifactLocation: nil, tags: [], in: bench.scope)
                    } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(successes == 1)
    }

    @Test("Deleting an experiment hides its runs, restoring brings them back")
    func deleteAndRestore() async throws {
        let bench = try TrackingBench()
        let id = try await bench.experiments.create(name: "a", artifactLocation: nil, tags: [], in: bench.scope)
        try await bench.run(id, name: "one")
        try await bench.experiments.delete(id, in: bench.scope)
        #expect(try await bench.names(experiments: [id]).isEmpty)
        #expect(try await bench.names(view: .deletedOnly, experiments: [id]) == ["one"])
        #expect(try await bench.experiments.get(id, in: bench.scope).isDeleted)
        let failure = await refusal { _ = try await bench.run(id) }
        #expect(failure?.message == "The experiment \(id) must be in the 'active' state. Current state is deleted.")
        let renaming = await refusal { try await bench.experiments.rename(id, to: "b", in: bench.scope) }
        #expect(renaming?.code == TrackingFault.invalidState)
        try await bench.experiments.restore(id, in: bench.scope)
        #expect(try await bench.names(experiments: [id]) == ["one"])
    }

    @Test("Tags are set, replaced and deleted")
    func tags() async throws {
        let bench = try TrackingBench()
        let id = try await bench.experiments.create(
            name: "a", artifactLocation: nil, tags: [Entry("k", "1")], in: bench.scope)
        try await bench.experiments.setTag(Entry("k", "2"), of: id, in: bench.scope)
        #expect(try await bench.experiments.get(id, in: bench.scope).tags == [Entry("k", "2")])
        try await bench.experiments.deleteTag("k", of: id, in: bench.scope)
        let failure = await refusal { try await bench.experiments.deleteTag("k", of: id, in: bench.scope) }
        #expect(failure?.message == "No tag with name: k in experiment with id \(id)")
    }

    @Test(
        "Bad names, ids and locations are refused with MLflow's words",
        arguments: [
            ("", "Invalid experiment name: ''"),
            (String(repeating: "x", count: 501), "'name' exceeds the maximum length of 500 characters"),
        ])
    func badNames(name: String, message: String) async throws {
        let bench = try TrackingBench()
        let failure = await refusal {
            _ = try await bench.experiments.create(name: name, artifactLocation: nil, tags: [], in: bench.scope)
        }
        #expect(failure?.message == message)
    }

    @Test("Ids that are no numbers, and unknown ones, are told apart")
    func badIDs() async throws {
        let bench = try TrackingBench()
        let noNumber = await refusal { _ = try await bench.experiments.get("abc", in: bench.scope) }
        #expect(noNumber?.message == "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.")
        let unknown = await refusal { _ = try await bench.experiments.get("77", in: bench.scope) }
        #expect(unknown?.message == "No Experiment with id=77 exists")
        #expect(unknown?.code == .notFound)
    }

    @Test("Searching experiments filters, orders and pages")
    func search() async throws {
        let bench = try TrackingBench()
        for name in ["alpha", "Beta", "gamma"] {
            _ = try await bench.experiments.create(
                name: name, artifactLocation: nil, tags: [Entry("team", name.lowercased())], in: bench.scope)
        }
        func names(_ filter: String?, _ order: [String] = ["name ASC"]) async throws -> [String] {
            try await bench.search.experiments(
                SearchRequest(filter: filter, orderBy: order, view: .activeOnly, maxResults: 100, pageToken: nil),
                in: bench.scope
            ).items.map(\.name)
        }
        #expect(try await names(nil) == ["Beta", "Default", "alpha", "gamma"])
        #expect(try await names("name LIKE 'b%'").isEmpty)
        #expect(try await names("name ILIKE 'b%'") == ["Beta"])
        #expect(try await names("tags.team = 'alpha' OR attribute.name = 'gamma'") == ["alpha", "gamma"])
        #expect(try await names("tags.team IS NULL") == ["Default"])
        #expect(try await names("experiment_id IN ('1', '3')") == ["alpha", "gamma"])
        #expect(
            try await names("creation_time > 0 AND name != 'Default'", ["experiment_id DESC"]) == [
                "gamma", "Beta", "alpha",
            ])
        let failure = await refusal { _ = try await names("metrics.a > 1") }
        #expect(failure?.message.hasPrefix("Invalid entity type 'metrics'. Valid entity types are") == true)
    }
}
