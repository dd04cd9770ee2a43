import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("A command job as its body asks for it")
struct CommandJobTests {
    @Test(
        "Literals are what a person would type: whole numbers stay whole",
        arguments: [
            (JSON.integer(42), "42"), (.number(0.1), "0.1"), (.bool(true), "true"), (.string("a b"), "a b"),
            (.string("042"), "042"),
            (.number(1e-5), "1e-05"), (.integer(9_007_199_254_740_993), "9007199254740993"),
        ] as [(JSON, String)])
    func literals(value: JSON, text: String) {
        let job = CommandJob(name: "j", properties: ["inputs": ["x": ["jobInputType": "literal", "value": value]]])
        #expect(job.inputs.first?.input.value == text)
        #expect(job.inputs.first?.input.uri == nil)
    }

    @Test(
        "A compute is named by id, by reference or by name; none and serverless are the machine itself",
        arguments: [
            ("/subscriptions/s/resourceGroups/g/providers/P/workspaces/w/computes/cpu", "cpu"), ("azureml:cpu", "cpu"),
            ("cpu", "cpu"), ("serverless", nil), ("azureml:Serverless", nil), ("", nil), (nil, nil),
            ("/subscriptions/s/resourceGroups/g/providers/P/workspaces/w/computes/serverless", nil),
        ] as [(String?, String?)])
    func computes(reference: String?, name: String?) {
        #expect(CommandJob.computeName(reference) == name)
    }

    @Test("Everything is read once")
    func everything() {
        let job = CommandJob(
            name: "j",
            properties: [
                "command": "echo", "codeId": "c", "environmentId": "e", "computeId": "azureml:cpu",
                "experimentName": "exp",
                "environmentVariables": ["A": "x", "B": 1, "C": [1]],
                "inputs": ["d": ["jobInputType": "uri_file", "uri": "u", "mode": "Download"]],
                "outputs": [
                    "m": ["jobOutputType": "mlflow_model", "assetName": "n", "assetVersion": "3"], "o": .emptyObject,
                ],
                "resources": ["instanceCount": 3, "instanceType": "Standard_D2_v2"], "limits": ["timeout": "PT1M"],
            ])
        #expect(job.command == "echo" && job.codeID == "c" && job.environmentID == "e" && job.experimentName == "exp")
        #expect(job.displayName == "j")
        #expect(job.environmentVariables == ["A": "x", "B": "1", "C": "[1]"])
        #expect(job.inputs.first?.input.uri == "u" && job.inputs.first?.input.mode == "Download")
        #expect(job.outputs.map(\.output.type) == ["mlflow_model", "uri_folder"])
        #expect(job.outputs.first?.output.assetName == "n" && job.outputs.first?.output.assetVersion == "3")
        #expect(job.instanceCount == 3 && job.instanceType == "Standard_D2_v2" && job.timeoutSeconds == 60)
    }

    @Test("What is left out has a plain meaning")
    func defaults() {
        let job = CommandJob(name: "j", properties: ["command": "echo"])
        #expect(job.instanceCount == 1 && job.timeoutSeconds == nil && job.experimentName == "Default")
        #expect(job.inputs.isEmpty && job.outputs.isEmpty && job.computeName == nil)
    }
}
