import HTTPTypes
import LazuliResources
import Testing

@testable import LazuliMLflowFace

@Suite("GraphQL")
struct GraphQLTests {
    @Test("The language is read as far as MLflow's page uses it")
    func parsing() throws {
        let document = try GraphQLParser.parse(
            """
            # A comment
            query Get($data: Input!, $n: [Int!] = [1, 2]) @component(name: "x") {
              first: get(input: $data, kind: ALL, list: [1.5, "a\\n\\u00e9", {k: null}]) { ...part, ... on T { b } }
            }
            fragment part on T { a @include(if: false) }
            """)
        let operation = try #require(document.operations.first)
        #expect(operation.name == "Get" && operation.variables == ["data": .null, "n": [1, 2]])
        guard case .field(let field) = operation.selections.first else {
            Issue.record("the first selection is no field")
            return
        }
        #expect(field.key == "first" && field.name == "get" && field.arguments["input"] == .variable("data"))
        #expect(field.arguments["kind"] == .constant("ALL"))
        #expect(field.arguments["list"]?.json(JSONObject()) == [1.5, "a\né", ["k": .null]])
        #expect(field.selections.count == 2 && document.fragments["part"]?.count == 1)
    }

    @Test(
        "A text that is wrong is refused with where and why",
        arguments: [
            ("", "Syntax Error: Unexpected <EOF>."), ("query { a", "Syntax Error: Expected a name, found <EOF>."),
            ("subscription { a }", "Syntax Error: Unexpected Name 'subscription'. Queries and mutations are answered."),
            ("{ a(b: \"c) }", "Syntax Error: Unterminated string."),
            ("{ ? }", "Syntax Error: Unexpected character: '?'."),
            ("{ a } { ]", "Syntax Error: Expected a name, found ']'."),
        ])
    func faults(text: String, message: String) {
        #expect(throws: GraphQLFault(message)) { try GraphQLParser.parse(text) }
    }

    private func ask(_ client: FaceClient, _ query: String, _ variables: JSON = .null) async throws -> JSON {
        let reply = try await client.call(
            .post, "graphql", ["query": .string(query), "variables": variables], prefix: "/")
        #expect(reply.status == 200)
        return reply.body
    }

    @Test("A run is answered with its experiment, and what is absent by its type's empty value")
    func run() async throws {
        try await FaceBench().test { client in
            let run = try await client.newRun()
            for (key, value) in [("m", JSON.integer(5)), ("n", "NaN")] {
                let metric: JSON = ["run_id": .string(run), "key": .string(key), "value": value, "timestamp": 7]
                _ = try await client.call(.post, "runs/log-metric", metric)
            }
            let answer = try await ask(
                client,
                """
                query Q($data: In!) { mlflowGetRun(input: $data) { apiError { code } run {
                  info { runId status endTime } experiment { name creationTime } modelVersions { name }
                  data { metrics { key value timestamp } } outputs { modelOutputs { step } } __typename } } }
                """, ["data": ["runId": .string(run)]])
            let found = answer["data"]["mlflowGetRun"]["run"]
            #expect(answer["errors"].isNull && answer["data"]["mlflowGetRun"]["apiError"].isNull)
            #expect(found["info"] == ["runId": .string(run), "status": "RUNNING", "endTime": "0"])
            #expect(found["experiment"]["name"] == "Default" && found["experiment"]["creationTime"].string != nil)
            #expect(found["modelVersions"] == [] && found["outputs"] == ["modelOutputs": []])
            #expect(found["data"]["metrics"].array?.map { $0["value"] } == [5.0, .null])
            #expect(found["data"]["metrics"].array?.first?["timestamp"] == "7")
        }
    }

    @Test("One field that fails leaves the others")
    func failures() async throws {
        try await FaceBench().test { client in
            let answer = try await ask(
                client,
                """
                { a: mlflowGetExperiment(input: {experimentId: "0"}) { experiment { name } }
                  b: MlflowGetRun(input: {runId: "none"}) { run { info { runId } } } }
                """)
            #expect(answer["data"]["a"]["experiment"]["name"] == "Default")
            #expect(answer["data"]["b"].isNull && answer["errors"] == ["Run with id=none not found"])
            let unknown = try await ask(client, "{ mlflowGetExperiment(input: {experimentId: \"0\"}) { colour } }")
            #expect(unknown["errors"] == ["Cannot query field 'colour' on type 'MlflowGetExperiment'."])
        }
    }

    @Test("A fragment that holds itself is refused")
    func cycles() async throws {
        try await FaceBench().test { client in
            let answer = try await ask(client, "{ test(inputString: \"x\") { ...a } } fragment a on Test { ...a }")
            #expect(answer["errors"] == ["Query exceeds maximum depth of 10"])
        }
    }

    @Test("Calls that are not offered say so", arguments: ["2.0/mlflow/webhooks", "3.0/mlflow/gateway/secrets/list"])
    func unbuilt(path: String) async throws {
        try await FaceBench().test { client in
            let reply = try await client.call(.get, path, prefix: "/api/")
            #expect(reply.status == 501 && reply.body["error_code"] == "NOT_IMPLEMENTED")
            #expect(reply.body["message"].string?.contains("not offered by this server") == true)
        }
    }
}
