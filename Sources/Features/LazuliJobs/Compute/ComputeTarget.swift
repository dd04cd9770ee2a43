import LazuliResources

/// Where jobs run, as far as the queue needs to know it.
struct ComputeTarget: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// No compute was named: the machine itself.
        case serverless
        case cluster(minimum: Int, maximum: Int, idleSeconds: Double)
        case instance(isRunning: Bool)
    }

    let name: String
    let kind: Kind
    /// The size whose limits hold for each node; nil leaves the whole machine.
    let size: String?

    /// How many nodes there may be at once.
    func capacity(serverlessNodes: Int) -> Int {
        switch kind {
        case .serverless: serverlessNodes
        case .cluster(_, let maximum, _): maximum
        case .instance(let isRunning): isRunning ? 1 : 0
        }
    }

    static let serverlessName = "serverless"

    static func serverless(size: String?) -> ComputeTarget {
        ComputeTarget(name: serverlessName, kind: .serverless, size: size)
    }

    static let defaultIdleSeconds = 120.0

    /// - Throws: `notImplemented` for attached computes, which jobs cannot run on yet.
    init(name: String, properties: JSON) throws {
        self.name = name
        let settings = properties["properties"]
        size = settings["vmSize"].string
        switch properties["computeType"].string {
        case "AmlCompute":
            let scale = settings["scaleSettings"]
            kind = .cluster(
                minimum: scale["minNodeCount"].integer ?? 0, maximum: scale["maxNodeCount"].integer ?? 1,
                idleSeconds: scale["nodeIdleTimeBeforeScaleDown"].string.flatMap { ISODuration($0)?.seconds }
                    ?? Self.defaultIdleSeconds)
        case "ComputeInstance": kind = .instance(isRunning: settings["state"].string != "Stopped")
        default:
            throw ServiceError(
                .notImplemented,
                "Jobs do not run on attached computes (\(properties["computeType"].string ?? "?")) yet. "
                    + "Use a cluster, an instance, or leave the compute out.", target: name)
        }
    }

    private init(name: String, kind: Kind, size: String?) {
        self.name = name
        self.kind = kind
        self.size = size
    }
}
