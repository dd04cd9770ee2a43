import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliMLflowFace
import LazuliResources
import Testing

@Suite("MLflow's calls")
struct MLflowCallTests {
    @Test("Runs are made, logged to and read back in MLflow's form")
    func runs() async throws {
        try await FaceBench().test { client in
            let run = try await client.newRun()
            #expect(run.count == 32)
            let metric: JSON = ["run_id": .string(run), "key": "m", "value": "NaN", "timestamp": "5", "step": 2]
            #expect(try await client.call(.post, "runs/log-metric", metric).body == [:])
            let batch: JSON = [
                "run_id": .string(run), "metrics": [["key": "n", "value": 1, "timestamp": 1, "step": 0]],
                "params": [["key": "p", "value": "v\"\n"]], "tags": [["key": "t", "value": "é"]],
            ]
            #expect(try await client.call(.post, "runs/log-batch", batch).status == 200)
            let found = try await client.call(.get, "runs/get?run_id=\(run)&run_uuid=\(run)").body["run"]
            #expect(found["info"]["run_uuid"].string == run)
            #expect(found["info"]["status"] == "RUNNING")
            #expect(found["info"]["start_time"] == 1)
            #expect(found["data"]["metrics"].array?.first?["value"] == "NaN")
            #expect(found["data"]["params"].array?.first?["value"] == "v\"\n")
            #expect(found["inputs"] == [:])
        }
    }

    @Test(
        "The same calls answer under every mount",
        arguments: [
            "/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/",
            "/mlflow/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/api/2.0/mlflow/",
            "/mlflow/v2.0/Subscriptions/s/resourcegroups/g/providers/microsoft.machinelearningservices/Workspaces/w/api/2.0/mlflow/",
        ])
    func mounts(prefix: String) async throws {
        try await FaceBench().test { client in
            let reply = try await client.call(.get, "experiments/get?experiment_id=0", prefix: prefix)
            #expect(reply.body["experiment"]["name"] == "Default")
        }
    }

    @Test(
        "Paths of others are not MLflow's",
        arguments: ["/", "/studio/index.html", "/healthy", "/subscriptions/x", "/mlflow/v3.0/x"])
    func foreignPaths(path: String) {
        #expect(MLflowFace.match(path) == nil)
    }

    @Test("A workspace mount gives its names and the path below")
    func workspaceMount() {
        let found = MLflowFace.match(
            "/mlflow/v1.0/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W/api/2.0/mlflow/runs/get"
        )
        #expect(found?.rest == "/api/2.0/mlflow/runs/get")
        #expect(found?.scope == WorkspaceScope(subscription: "S", resourceGroup: "G", workspace: "W"))
    }

    @Test("Health and version answer in plain text")
    func health() async throws {
        try await FaceBench().test { client in
            let health = try await client.raw(.get, "/health")
            #expect(String(buffer: health.body) == "OK")
            let version = try await client.raw(.get, "/version")
            #expect(String(buffer: version.body).hasPrefix("3."))
            let info = try await client.call(.get, "server-info", prefix: "/api/3.0/mlflow/")
            #expect(info.body["artifact_serving_enabled"] == true)
            let gateway = try await client.call(.get, "gateway-proxy", prefix: "/ajax-api/2.0/mlflow/")
            #expect(gateway.body == ["endpoints": []])
        }
    }

    @Test(
        "What is missing or of the wrong type is named",
        arguments: [
            ("experiments/create", [:], "Missing value for required parameter 'name'."),
            ("experiments/create", ["name": 5], "Invalid value 5 for parameter 'name' supplied:"),
            (
                "runs/log-metric", ["run_id": "x", "key": "m", "timestamp": 1],
                "Missing value for required parameter 'value'."
            ),
            (
                "runs/log-metric", ["run_id": "x", "key": "m", "value": "abc", "timestamp": 1],
                "Invalid value \"abc\" for parameter 'value' supplied:"
            ),
            (
                "runs/log-batch", ["run_id": "x", "metrics": [["key": "m", "timestamp": 1]]],
                "Missing value for required parameter 'metrics[0].value'."
            ),
            ("runs/log-batch", ["run_id": "x", "metrics": 5], "Invalid value 5 for parameter 'metrics' supplied:"),
            ("runs/update", ["status": "FINISHED"], "Missing value for required parameter 'run_id'."),
        ] as [(String, JSON, String)])
    func badRequests(path: String, body: JSON, message: String) async throws {
        try await FaceBench().test { client in
            let reply = try await client.call(.post, path, body)
            #expect(reply.status == 400)
            #expect(reply.body["error_code"] == "INVALID_PARAMETER_VALUE")
            #expect(reply.body["message"].string?.hasPrefix(message) == true, "\(reply.body["message"])")
        }
    }

    @Test("Bodies that are no JSON object, and other content types, are refused in one sentence")
    func badBodies() async throws {
        try await FaceBench().test { client in
            let uri = "/api/2.0/mlflow/experiments/create"
            let broken = try await client.raw(.post, uri, "{\"name\": ", headers: [.contentType: "application/json"])
            #expect(broken.status.code == 400)
            #expect(String(buffer: broken.body).contains("The body is not JSON"))
            let list = try await client.raw(.post, uri, "[1]", headers: [.contentType: "application/json"])
            #expect(list.status.code == 400)
            let text = try await client.raw(.post, uri, "{}", headers: [.contentType: "text/plain"])
            #expect(String(buffer: text.body).contains("Content-Type must be one of ['application/json']"))
        }
    }

    @Test("Unknown paths and methods answer in MLflow's form")
    func unknownPaths() async throws {
        try await FaceBench().test { client in
            let unknown = try await client.call(.get, "nothing/here")
            #expect(unknown.status == 404)
            #expect(unknown.body["error_code"] == "ENDPOINT_NOT_FOUND")
            #expect(try await client.call(.get, "runs/create").status == 405)
            let missing = try await client.call(.get, "runs/get?run_id=nope")
            #expect(missing.body["error_code"] == "RESOURCE_DOES_NOT_EXIST")
            #expect(missing.status == 404)
        }
    }

    @Test("Who may only read can read, and cannot log")
    func permissions() async throws {
        try await FaceBench(readsOnly: true).test { client in
            #expect(try await client.call(.get, "experiments/get?experiment_id=0").status == 200)
            let refused = try await client.call(.post, "runs/create", ["experiment_id": "0"])
            #expect(refused.status == 403)
            #expect(refused.body["error_code"] == "PERMISSION_DENIED")
            #expect(refused.body["message"].string?.contains("workspaces/experiments/runs/write") == true)
        }
    }

    @Test("Queries are decoded as browsers and Python encode them")
    func queries() async throws {
        try await FaceBench().test { client in
            _ = try await client.call(.post, "experiments/create", ["name": "my réseau+1"])
            let found = try await client.call(.get, "experiments/get-by-name?experiment_name=my+r%C3%A9seau%2B1")
            #expect(found.body["experiment"]["experiment_id"] == "1")
        }
    }

    @Test("Logged models and registered models live through their calls")
    func models() async throws {
        try await FaceBench().test { client in
            let run = try await client.newRun()
            let made = try await client.call(
                .post, "logged-models", ["experiment_id": "0", "name": "clf", "source_run_id": .string(run)])
            let id = made.body["model"]["info"]["model_id"].string ?? ""
            #expect(made.body["model"]["info"]["status"] == "LOGGED_MODEL_PENDING")
            let ready = try await client.call(
                .patch, "logged-models/\(id)", ["model_id": .string(id), "status": "LOGGED_MODEL_READY"])
            #expect(ready.body["model"]["info"]["status"] == "LOGGED_MODEL_READY")
            _ = try await client.call(.patch, "logged-models/\(id)/tags", ["tags": [["key": "a", "value": "1"]]])
            #expect(try await client.call(.delete, "logged-models/\(id)/tags/a").status == 200)
            _ = try await client.call(.post, "registered-models/create", ["name": "m"])
            let version = try await client.call(
                .post, "model-versions/create", ["name": "m", "source": .string("models:/\(id)")])
            #expect(version.body["model_version"]["version"] == "1")
            #expect(version.body["model_version"]["run_id"].string == run)
            let uri = try await client.call(.get, "model-versions/get-download-uri?name=m&version=1")
            #expect(uri.body["artifact_uri"].string == "mlflow-artifacts:/0/models/\(id)/artifacts")
            _ = try await client.call(.post, "registered-models/alias", ["name": "m", "alias": "best", "version": "1"])
            let found = try await client.call(.get, "registered-models/get?name=m").body["registered_model"]
            #expect(found["aliases"] == [["alias": "best", "version": "1"]])
            #expect(try await client.call(.delete, "registered-models/delete", ["name": "m"]).status == 200)
        }
    }
}
