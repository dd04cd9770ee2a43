package import LazuliResources

/// What is asked of one online deployment, read from its document.
package struct OnlineDeployment: Sendable, Equatable {
    package var model: String?
    package var code: Code?
    package var environment: String?
    package var variables: [String: String]
    /// A size of machine; nil: the whole machine may be used.
    package var instanceType: String?
    package var instanceCount: Int
    package var requests: RequestSettings
    package var startLimit: Double
    package var scaling: ScaleSettings
    /// Whether the bodies of requests and answers are kept beside the request log.
    package var keepsBodies: Bool

    package struct Code: Sendable, Equatable {
        package var id: String
        package var script: String
    }

    /// - Parameter body: the document's body, checked against the kind's schema.
    package init(_ body: JSON) {
        let properties = body["properties"]
        model = properties["model"].string
        let configuration = properties["codeConfiguration"]
        code = configuration["codeId"].string.flatMap { id in
            configuration["scoringScript"].string.map { Code(id: id, script: $0) }
        }
        environment = properties["environmentId"].string
        variables = Dictionary(
            (properties["environmentVariables"].object?.pairs ?? []).map { ($0.key, $0.value.scalarText ?? "") },
            uniquingKeysWith: { $1 })
        instanceType = properties["instanceType"].string
        instanceCount = body["sku"]["capacity"].integer ?? 1
        requests = RequestSettings(properties["requestSettings"])
        startLimit = Probe(properties["readinessProbe"]).longest
        scaling = ScaleSettings(properties["scaleSettings"])
        keepsBodies = Self.collects(properties["dataCollector"])
    }

    /// The number of worker processes of an instance, as scripts set it for Azure's server.
    package var workersPerInstance: Int { max(1, variables["WORKER_COUNT"].flatMap(Int.init) ?? 1) }

    private static func collects(_ collector: JSON) -> Bool {
        (collector["collections"].object?.pairs ?? []).contains {
            $0.value["dataCollectionMode"].string?.lowercased() == "enabled"
        }
    }
}

/// How long a request may take, and how many may wait.
package struct RequestSettings: Sendable, Equatable {
    /// Seconds from the moment a worker begins on a request.
    package var timeout = 5.0
    /// Seconds that a request waits for a worker before it is answered 429.
    package var queueWait = 5.0
    /// How many an instance works on at once; more than one helps scripts with an `async def run`.
    package var concurrency = 1
    /// How many requests may wait for one instance.
    package static let longestQueue = 1_000

    package init() {}

    init(_ json: JSON) {
        timeout = json["requestTimeout"].seconds ?? timeout
        queueWait = json["maxQueueWait"].seconds ?? queueWait
        concurrency = json["maxConcurrentRequestsPerInstance"].integer ?? concurrency
    }
}

/// When a replica counts as one that will not come up. Defaults are Azure's.
struct Probe: Equatable {
    var initialDelay = 10.0
    var period = 10.0
    var failures = 30

    init(_ json: JSON) {
        initialDelay = json["initialDelay"].seconds ?? initialDelay
        period = json["period"].seconds ?? period
        failures = json["failureThreshold"].integer ?? failures
    }

    /// Seconds until the last failure.
    var longest: Double { initialDelay + period * Double(failures) }
}

/// How the number of instances follows the load.
package enum ScaleSettings: Sendable, Equatable {
    /// As many as `instance_count` says.
    case fixed
    case target(TargetUtilization)

    package struct TargetUtilization: Sendable, Equatable {
        package var least = 1
        package var most = 1
        /// Seconds between two looks.
        package var interval = 1.0
        /// The share of the workers' time that should be busy, 0 to 1.
        package var utilization = 0.7
    }

    init(_ json: JSON) {
        guard json["scaleType"].string?.lowercased() == "targetutilization" else {
            self = .fixed
            return
        }
        var target = TargetUtilization()
        target.least = json["minInstances"].integer ?? target.least
        target.most = json["maxInstances"].integer ?? max(1, target.least)
        target.interval = json["pollingInterval"].seconds ?? target.interval
        target.utilization = json["targetUtilizationPercentage"].number.map { $0 / 100 } ?? target.utilization
        self = .target(target)
    }
}

extension JSON {
    /// The seconds of an ISO 8601 duration.
    var seconds: Double? { string.flatMap(ISODuration.init)?.seconds }
}
