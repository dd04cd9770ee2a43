package import LazuliResources

/// An endpoint as the gateway serves it: a whole picture that replaces the one before.
package struct ServedEndpoint: Sendable {
    /// Of two pictures the one with the higher number counts.
    package var edition: UInt64 = 0
    package var name: String
    package var scope: WorkspaceScope
    package var access: EndpointAccess
    package var traffic: TrafficSplit
    package var mirror: TrafficSplit
    package var deployments: [ServedDeployment]

    package init(
        name: String, scope: WorkspaceScope, access: EndpointAccess, traffic: TrafficSplit, mirror: TrafficSplit,
        deployments: [ServedDeployment]
    ) {
        self.name = name
        self.scope = scope
        self.access = access
        self.traffic = traffic
        self.mirror = mirror
        self.deployments = deployments
    }
}

/// Who may score.
package enum EndpointAccess: Sendable {
    /// Whoever has one of the keys.
    case keys([String])
    /// Whoever has a token of the endpoint's making.
    case tokens(EndpointTokens)
    /// Whoever has signed in and holds the role.
    case directory
}

/// A deployment as the gateway serves it.
package struct ServedDeployment: Sendable {
    package var id: DeploymentID
    package var requests: RequestSettings
    package var replicas: [ReplicaAddress]
    /// Whether replicas can be had by asking for them: scaled to zero, or on their way.
    package var isComing: Bool
    /// What to tell a caller when there is no replica.
    package var reason: String
    package var log: RequestLogPlace

    package init(
        id: DeploymentID, requests: RequestSettings, replicas: [ReplicaAddress], isComing: Bool, reason: String,
        log: RequestLogPlace
    ) {
        self.id = id
        self.requests = requests
        self.replicas = replicas
        self.isComing = isComing
        self.reason = reason
        self.log = log
    }
}

/// Where the gateway writes down what it served.
package struct RequestLogPlace: Sendable, Equatable {
    package var file: String
    package var keepsBodies: Bool

    package init(file: String, keepsBodies: Bool) {
        self.file = file
        self.keepsBodies = keepsBodies
    }
}

/// How the gateway reaches one replica.
package struct ReplicaAddress: Hashable, Sendable {
    /// Unique for as long as the server's folder lives.
    package let id: String
    /// Path of the unix socket.
    package let socket: String
    /// Path of the progress file.
    package let progress: String

    package init(id: String, socket: String, progress: String) {
        self.id = id
        self.socket = socket
        self.progress = progress
    }
}

/// What the gateway tells the keepers of the replicas.
package enum GatewayEvent: Sendable {
    /// A request waits for a deployment that has no replica.
    case wanted(DeploymentID)
    /// A replica works on one request for longer than is allowed.
    case overdue(DeploymentID, ReplicaAddress)
}

/// The front of the endpoints: takes requests and hands them to replicas.
package protocol ScoringGateway: Sendable {
    /// Serves the endpoint as it is given from now on. Returns once new replicas are connected to, and those that left
    /// the picture have answered what they had taken in.
    func publish(_ endpoint: ServedEndpoint) async

    /// Stops serving an endpoint, once what was taken in is answered.
    func withdraw(_ endpoint: String) async

    /// The numbers of an endpoint's deployments since the server started, by deployment.
    func traffic(of endpoint: String) async -> [String: TrafficNumbers]

    /// What happened; for one reader.
    var events: AsyncStream<GatewayEvent> { get }
}
