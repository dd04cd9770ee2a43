import LazuliResources
import Testing

@testable import LazuliCommands

/// Stands for a workspace: gives everything an id without a server.
struct FakeAssets: AssetResolving {
    static let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")

    func resolve(_ value: JSON, _ role: AssetRole, type: String?, datastore: String?) async throws -> JSON {
        guard let text = value.string else { return .string("\(Self.scope.id)/\(role)s/anonymous/versions/1") }
        let bare = text.hasPrefix("azureml:") && !text.hasPrefix("azureml://") ? String(text.dropFirst(8)) : text
        switch role {
        case .compute: return .string("\(Self.scope.id)/computes/\(bare)")
        case .environment, .component, .modelReference:
            let parts = bare.split(separator: ":").map(String.init)
            guard parts.count == 2 else { return .string(text) }
            let segment = role == .environment ? "environments" : role == .component ? "components" : "models"
            return .string("\(Self.scope.id)/\(segment)/\(parts[0])/versions/\(parts[1])")
        default: return .string(bare.hasPrefix("/") ? bare : text)
        }
    }
}

@Suite struct WireTests {
    private func body(_ yaml: String, _ kind: ResourceKind) async throws -> JSON {
        let document = try YAMLDocument.parse(yaml, name: "t.yml", folder: "/")
        let checked = try ShapeChecker.check(document, kind.fields)
        return kind.finish(kind.fields.encode(try await kind.fields.resolve(checked, with: FakeAssets())))
    }

    @Test("a command job becomes the body the stock client sends")
    func encodesCommandJob() async throws {
        let yaml = """
            command: echo ${{inputs.n}}
            environment: azureml:e:1
            compute: azureml:cluster
            display_name: hello
            inputs:
              n: 42
              f: 0.10
              flag: true
              text: "42"
              d: {type: uri_folder, path: azureml://datastores/x/paths/y, mode: ro_mount}
              u: {path: https://x/y.csv, type: uri_file}
            outputs:
              model: {type: mlflow_model, mode: upload, name: m, version: 3}
              plain:
            limits: {timeout: 90}
            distribution: {type: pytorch, process_count_per_instance: 2}
            environment_variables: {A: 1, B: x}
            tags: {n: 1}
            """
        let properties = try await body(yaml, .job)["properties"]
        #expect(properties["jobType"] == "Command")
        #expect(properties["computeId"] == .string(FakeAssets.scope.id + "/computes/cluster"))
        #expect(properties["environmentId"] == .string(FakeAssets.scope.id + "/environments/e/versions/1"))
        #expect(properties["inputs"]["n"] == ["jobInputType": "literal", "value": "42"])
        #expect(properties["inputs"]["f"]["value"] == "0.10")
        #expect(properties["inputs"]["flag"]["value"] == "True")
        #expect(properties["inputs"]["text"]["value"] == "42")
        #expect(
            properties["inputs"]["d"] == [
                "jobInputType": "uri_folder", "uri": "azureml://datastores/x/paths/y", "mode": "ReadOnlyMount",
            ])
        #expect(
            properties["outputs"]["model"] == [
                "jobOutputType": "mlflow_model", "mode": "Upload", "assetName": "m", "assetVersion": "3",
            ])
        #expect(properties["outputs"]["plain"] == ["jobOutputType": "uri_folder"])
        #expect(properties["limits"] == ["jobLimitsType": "Command", "timeout": "PT90S"])
        #expect(properties["distribution"] == ["distributionType": "PyTorch", "processCountPerInstance": 2])
        #expect(properties["environmentVariables"] == ["A": "1", "B": "x"])
        #expect(properties["tags"] == ["n": "1"])
    }

    @Test("a sweep's search space becomes lists")
    func encodesSweep() async throws {
        let yaml = """
            type: sweep
            trial: {command: x, environment: azureml:e:1}
            sampling_algorithm: random
            search_space:
              a: {type: uniform, min_value: 0, max_value: 0.5}
              b: {type: choice, values: [16, 32]}
              c: {type: qnormal, mu: 1, sigma: 2, q: 3}
            objective: {goal: minimize, primary_metric: loss}
            limits: {max_total_trials: 4, max_concurrent_trials: 2, timeout: 3600}
            early_termination: {type: bandit, slack_factor: 0.1, evaluation_interval: 1}
            """
        let properties = try await body(yaml, .job)["properties"]
        #expect(
            properties["searchSpace"] == [
                "a": ["uniform", [0, 0.5]], "b": ["choice", [[16, 32]]], "c": ["qnormal", [1, 2, 3]],
            ])
        #expect(properties["samplingAlgorithm"] == ["samplingAlgorithmType": "Random"])
        #expect(properties["limits"]["jobLimitsType"] == "Sweep")
        #expect(properties["earlyTermination"]["policyType"] == "Bandit")
        #expect(properties["trial"]["environmentId"].string?.hasSuffix("/environments/e/versions/1") ?? false)
    }

    @Test("a pipeline's nodes keep the file's case in the wire's envelope")
    func encodesPipeline() async throws {
        let yaml = """
            type: pipeline
            inputs: {data: {type: uri_folder, path: azureml://datastores/x/paths/y}}
            outputs: {final: {mode: upload}}
            settings: {default_compute: azureml:cluster, continue_on_step_failure: false}
            jobs:
              a:
                type: command
                component: azureml:train:1
                inputs: {data: '${{parent.inputs.data}}', lr: 0.5}
                outputs: {model: '${{parent.outputs.final}}'}
              b:
                command: echo hi
                environment: azureml:e:1
                inputs: {m: '${{parent.jobs.a.outputs.model}}'}
            """
        let properties = try await body(yaml, .job)["properties"]
        let node = properties["jobs"]["a"]
        #expect(node["componentId"].string?.hasSuffix("/components/train/versions/1") ?? false)
        #expect(node["inputs"]["data"] == ["job_input_type": "literal", "value": "${{parent.inputs.data}}"])
        #expect(node["inputs"]["lr"]["value"] == "0.5")
        #expect(node["outputs"]["model"] == ["value": "${{parent.outputs.final}}", "type": "literal"])
        #expect(properties["jobs"]["b"]["componentId"].string != nil)
        #expect(properties["jobs"]["b"]["command"].isNull)
        #expect(properties["settings"]["default_compute"].string?.hasSuffix("/computes/cluster") ?? false)
        #expect(properties["outputs"]["final"]["mode"] == "Upload")
    }

    @Test("a conda file in place becomes text with sorted keys, and a mapping again")
    func encodesCondaFile() async throws {
        let yaml =
            "name: e\nimage: i\nconda_file:\n  name: x\n  channels: [conda-forge]\n  dependencies:\n  - python=3.10\n  - pip:\n    - scikit-learn==1.5.2\n"
        let wire = try await body(yaml, .environment)
        #expect(wire["properties"]["condaFile"].string?.hasPrefix("channels:") ?? false)
        let shown = ResourceKind.environment.show(wire)
        #expect(shown["conda_file"]["dependencies"].array?.count == 2)
        #expect(
            try await body(YAMLWriter.text(of: shown) + "name: e\n", .environment)["properties"]["condaFile"]
                == wire["properties"]["condaFile"])
    }

    @Test("an AutoML job's settings stand below taskDetails")
    func encodesAutoML() async throws {
        let yaml = """
            type: automl
            task: classification
            primary_metric: AUC_weighted
            target_column_name: y
            training_data: {type: mltable, path: azureml:t:1}
            n_cross_validations: 5
            limits: {timeout_minutes: 30, max_trials: 5, enable_early_termination: true}
            training: {allowed_training_algorithms: [logistic_regression, LightGBM]}
            """
        let details = try await body(yaml, .job)["properties"]["taskDetails"]
        #expect(details["taskType"] == "Classification")
        #expect(details["primaryMetric"] == "AUCWeighted")
        #expect(details["nCrossValidations"] == ["mode": "Custom", "value": 5])
        #expect(details["limitSettings"] == ["timeout": "PT30M", "maxTrials": 5, "enableEarlyTermination": true])
        #expect(details["trainingSettings"]["allowedTrainingAlgorithms"] == ["LogisticRegression", "LightGBM"])
    }

    @Test("datastore credentials take the wire's shape")
    func encodesCredentials() async throws {
        let yaml = "name: d\ntype: azure_blob\naccount_name: a\ncontainer_name: c\n"
        #expect(
            try await body(yaml + "credentials: {account_key: k}", .datastore)["properties"]["credentials"]
                == ["credentialsType": "AccountKey", "secrets": ["secretsType": "AccountKey", "key": "k"]])
        #expect(
            try await body(yaml + "credentials: {sas_token: t}", .datastore)["properties"]["credentials"]["secrets"][
                "sasToken"] == "t")
        #expect(try await body(yaml, .datastore)["properties"]["credentials"] == ["credentialsType": "None"])
        let principal = try await body(yaml + "credentials: {tenant_id: t, client_id: c, client_secret: s}", .datastore)
        #expect(
            principal["properties"]["credentials"].object?.keys.sorted() == [
                "clientId", "credentialsType", "secrets", "tenantId",
            ])
    }

    @Test("a compute cluster keeps its numbers and durations")
    func encodesCluster() async throws {
        let yaml =
            "name: c\ntype: amlcompute\nsize: STANDARD_DS3_v2\ntier: low_priority\nmin_instances: 0\nmax_instances: 2\nidle_time_before_scale_down: 120\n"
        let properties = try await body(yaml, .compute)["properties"]
        #expect(properties["computeType"] == "AmlCompute")
        #expect(properties["properties"]["vmPriority"] == "LowPriority")
        #expect(
            properties["properties"]["scaleSettings"]
                == ["minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT120S"])
    }

    static let roundTrips: [(String, String)] = [
        (
            "job",
            "command: x\nenvironment: azureml:e:1\ncompute: azureml:c\ninputs: {a: 1, d: {type: uri_file, path: 'azureml://datastores/x/paths/y', mode: download}}\noutputs: {o: {type: uri_folder, mode: rw_mount}}\nlimits: {timeout: 5}\n"
        ),
        (
            "job",
            "type: sweep\ntrial: {command: x, environment: 'azureml:e:1'}\nobjective: {goal: maximize, primary_metric: a}\nlimits: {max_total_trials: 2}\nsearch_space: {a: {type: choice, values: [1]}, b: {type: uniform, min_value: 0, max_value: 1}}\nsampling_algorithm: grid\n"
        ),
        (
            "job",
            "type: pipeline\njobs: {a: {type: command, component: 'azureml:t:1', inputs: {x: 1}, outputs: {o: '${{parent.outputs.z}}'}}}\noutputs: {z: {type: uri_folder}}\nsettings: {default_compute: 'azureml:c'}\n"
        ),
        ("data", "type: uri_file\npath: azureml://datastores/x/paths/y.csv\ndescription: d\ntags: {a: b}\n"),
        ("environment", "image: i\ndescription: d\nos_type: linux\n"),
        ("model", "type: mlflow_model\npath: azureml://jobs/j/outputs/artifacts/paths/model/\n"),
        (
            "component",
            "type: command\ndisplay_name: T\ncommand: x ${{inputs.a}}\nenvironment: azureml:e:1\ninputs: {a: {type: number, default: 0.1, optional: true}}\noutputs: {o: {type: uri_folder}}\n"
        ),
        (
            "compute",
            "type: amlcompute\nsize: s\ntier: dedicated\nmin_instances: 0\nmax_instances: 1\nidle_time_before_scale_down: 120\n"
        ),
        (
            "compute",
            "type: computeinstance\nsize: s\nssh_public_access_enabled: true\nidle_time_before_shutdown_minutes: 30\n"
        ),
        ("datastore", "type: azure_blob\naccount_name: a\ncontainer_name: c\nprotocol: https\n"),
        (
            "schedule",
            "trigger: {type: cron, expression: '0 9 * * 1', time_zone: UTC}\ncreate_job: {type: command, command: x, environment: 'azureml:e:1'}\n"
        ),
        (
            "schedule",
            "trigger: {type: recurrence, frequency: day, interval: 1, schedule: {hours: [4], minutes: [0]}}\ncreate_job: {type: pipeline, jobs: {a: {component: 'azureml:t:1'}}}\n"
        ),
        ("online-endpoint", "auth_mode: key\ntraffic: {blue: 100}\n"),
        (
            "online-deployment",
            "endpoint_name: e\nmodel: azureml:m:1\ninstance_type: s\ninstance_count: 2\nliveness_probe: {period: 10}\nrequest_settings: {request_timeout_ms: 5000}\n"
        ),
        ("batch-endpoint", "auth_mode: aad_token\ndefaults: {deployment_name: d}\n"),
        (
            "batch-deployment",
            "endpoint_name: e\nmodel: azureml:m:1\ncompute: azureml:c\nmini_batch_size: 2\noutput_action: append_row\nretry_settings: {max_retries: 3, timeout: 300}\nresources: {instance_count: 2}\n"
        ),
        (
            "batch-deployment",
            "type: pipeline\nendpoint_name: e\ncomponent: azureml:p:1\nsettings: {continue_on_step_failure: false, default_compute: c}\n"
        ),
        ("connection", "type: git\ntarget: https://x\ncredentials: {type: pat, pat: secret}\n"),
        ("workspace", "display_name: W\ndescription: d\nlocation: local\ntags: {a: b}\n"),
    ]

    @Test("what show gives, given back to create, makes the same thing", arguments: roundTrips)
    func makesTheSame(group: String, yaml: String) async throws {
        let all: [ResourceKind] = [
            .job, .data, .environment, .model, .component, .compute, .datastore, .schedule, .onlineEndpoint,
            .onlineDeployment,
            .batchEndpoint, .batchDeployment, .connection, .workspace,
        ]
        let kind = try #require(all.first { $0.group == group })
        let named = group == "component" ? "name: thing\nversion: '1'\n" : ""
        let first = try await body(named + yaml, kind)
        let shown = YAMLWriter.text(of: kind.show(first)) + (group.hasSuffix("deployment") ? "endpoint_name: e\n" : "")
        let second = try await body(shown, kind)
        #expect(second == first, "\(shown)\n\(second.prettyText)\n\(first.prettyText)")
    }
}
