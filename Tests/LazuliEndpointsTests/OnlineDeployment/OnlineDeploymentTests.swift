import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("Reading a deployment")
struct OnlineDeploymentTests {
    private func deployment(_ properties: JSON) -> OnlineDeployment { OnlineDeployment(["properties": properties]) }

    @Test("What is left out has Azure's defaults")
    func defaults() {
        let read = OnlineDeployment(.emptyObject)
        #expect(read.model == nil && read.code == nil && read.environment == nil && read.instanceType == nil)
        #expect(read.variables.isEmpty && read.workersPerInstance == 1 && read.instanceCount == 1)
        #expect(read.requests.timeout == 5 && read.requests.queueWait == 5 && read.requests.concurrency == 1)
        #expect(read.startLimit == 310)
        #expect(read.scaling == .fixed)
        #expect(!read.keepsBodies)
    }

    @Test("Everything that can be said is read")
    func whole() {
        let read = OnlineDeployment([
            "sku": ["capacity": 3],
            "properties": [
                "model": "m", "codeConfiguration": ["codeId": "c", "scoringScript": "score.py"], "environmentId": "e",
                "environmentVariables": ["WORKER_COUNT": "4", "FLAG": true, "N": 7], "instanceType": "Standard_DS3_v2",
                "requestSettings": [
                    "requestTimeout": "PT1M30S", "maxQueueWait": "PT0.25S", "maxConcurrentRequestsPerInstance": 8,
                ],
                "readinessProbe": ["initialDelay": "PT1S", "period": "PT2S", "failureThreshold": 3],
                "dataCollector": ["collections": ["request": ["dataCollectionMode": "Enabled"]]],
            ],
        ])
        #expect(read.model == "m" && read.environment == "e" && read.instanceType == "Standard_DS3_v2")
        #expect(read.code == OnlineDeployment.Code(id: "c", script: "score.py"))
        #expect(read.variables == ["WORKER_COUNT": "4", "FLAG": "true", "N": "7"])
        #expect(read.workersPerInstance == 4 && read.instanceCount == 3)
        #expect(read.requests.timeout == 90 && read.requests.queueWait == 0.25 && read.requests.concurrency == 8)
        #expect(read.startLimit == 7)
        #expect(read.keepsBodies)
    }

    @Test("Code is a folder and a script in it: one alone is none")
    func code() {
        #expect(deployment(["codeConfiguration": ["codeId": "c"]]).code == nil)
        #expect(deployment(["codeConfiguration": ["scoringScript": "s.py"]]).code == nil)
    }

    @Test("A number of workers that is none means one", arguments: ["0", "-2", "many", "", "1.5"])
    func workers(count: String) {
        #expect(deployment(["environmentVariables": ["WORKER_COUNT": .string(count)]]).workersPerInstance == 1)
    }

    @Test("A duration that cannot be read leaves the default")
    func durations() {
        let read = deployment(["requestSettings": ["requestTimeout": "soon", "maxQueueWait": "PT0S"]])
        #expect(read.requests.timeout == 5 && read.requests.queueWait == 0)
    }

    @Test("The scale follows a target only if it says so")
    func scaling() {
        #expect(deployment(["scaleSettings": ["scaleType": "Default", "minInstances": 4]]).scaling == .fixed)
        var target = ScaleSettings.TargetUtilization()
        #expect(target.least == 1 && target.most == 1 && target.interval == 1 && target.utilization == 0.7)
        #expect(deployment(["scaleSettings": ["scaleType": "TargetUtilization"]]).scaling == .target(target))
        (target.least, target.most) = (3, 3)
        let least = deployment(["scaleSettings": ["scaleType": "targetUtilization", "minInstances": 3]])
        #expect(least.scaling == .target(target))
        (target.least, target.most, target.interval, target.utilization) = (0, 5, 10, 0.25)
        let whole = deployment([
            "scaleSettings": [
                "scaleType": "TargetUtilization", "minInstances": 0, "maxInstances": 5, "pollingInterval": "PT10S",
                "targetUtilizationPercentage": 25,
            ]
        ])
        #expect(whole.scaling == .target(target))
    }

    @Test("Bodies are kept when any collection is enabled")
    func collecting() {
        func keeps(_ modes: [String]) -> Bool {
            let collections = modes.enumerated().map { ("c\($0)", ["dataCollectionMode": .string($1)] as JSON) }
            return deployment(["dataCollector": ["collections": .object(JSONObject(collections))]]).keepsBodies
        }
        #expect(!keeps([]) && !keeps(["Disabled"]))
        #expect(keeps(["enabled"]) && keeps(["Disabled", "Enabled"]))
    }
}
