import LazuliDomain
import LazuliEndpoints
import LazuliResources
import Logging
import NIOCore

/// The gateway's state: everything here happens on one event loop, so that nothing needs a lock and a request crosses
/// no thread on its way to a model.
final class Gateway {
    struct Settings {
        /// Bytes of a request's body.
        var largestBody = 128 << 20
        var mostConnections = 10_000
        var patience = ClientConnection.Patience()
        /// What the shares of deployments are drawn from.
        var seed = UInt64.random(in: .min ... .max)
    }

    let loop: any EventLoop
    let settings: Settings
    let logger: Logger
    let allocator = ByteBufferAllocator()
    private let teller: (GatewayEvent) -> Void
    private let authority: ScoringAuthority
    private let pages: ScoringPages

    private var endpoints: [String: EndpointLanes] = [:]
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    private var requestCount: UInt64 = 0
    private var chance: QuickRandom
    private var isSweeping = false
    private var isLogFlushPlanned = false
    private var isPatienceWatched = false
    /// Milliseconds since 1970 at the zero of the loop's clock.
    private let epoch: Int64

    /// What is kept of one endpoint.
    final class EndpointLanes {
        var picture: ServedEndpoint
        var lanes: [String: DeploymentLane] = [:]
        init(_ picture: ServedEndpoint) { self.picture = picture }
    }

    init(
        loop: any EventLoop, settings: Settings, authority: ScoringAuthority, pages: ScoringPages, clock: WallClock,
        logger: Logger, tell: @escaping (GatewayEvent) -> Void
    ) {
        self.loop = loop
        self.settings = settings
        chance = QuickRandom(seed: settings.seed)
        self.authority = authority
        self.pages = pages
        self.logger = logger
        teller = tell
        epoch = clock.now() - Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)
    }

    func tell(_ event: GatewayEvent) { teller(event) }

    /// Milliseconds since 1970.
    func wallClock(_ moment: NIODeadline) -> Int64 { epoch + Int64(moment.uptimeNanoseconds / 1_000_000) }

    // MARK: - Pictures

    func show(_ picture: ServedEndpoint, done: @escaping () -> Void) {
        let key = picture.name.lowercased()
        let endpoint = endpoints[key] ?? EndpointLanes(picture)
        guard picture.edition >= endpoint.picture.edition else { return done() }
        endpoint.picture = picture
        endpoints[key] = endpoint
        let steps = Countdown(done)
        for (name, lane) in endpoint.lanes where !picture.deployments.contains(where: { $0.id.name == name }) {
            endpoint.lanes[name] = nil
            keep(lane, until: steps.step())
        }
        for deployment in picture.deployments {
            let lane = endpoint.lanes[deployment.id.name] ?? DeploymentLane(deployment, gateway: self)
            endpoint.lanes[deployment.id.name] = lane
            lane.show(deployment, done: steps.step())
        }
        steps.begin()
        needsSweep()
    }

    func withdraw(_ name: String, done: @escaping () -> Void) {
        guard let endpoint = endpoints.removeValue(forKey: name.lowercased()) else { return done() }
        let steps = Countdown(done)
        for lane in endpoint.lanes.values { keep(lane, until: steps.step()) }
        steps.begin()
    }

    /// Lanes that left the picture, until they have answered what they took in.
    private var leaving: [ObjectIdentifier: DeploymentLane] = [:]

    private func keep(_ lane: DeploymentLane, until done: @escaping () -> Void) {
        leaving[ObjectIdentifier(lane)] = lane
        lane.remove { [weak self] in
            lane.flushLog()
            self?.leaving[ObjectIdentifier(lane)] = nil
            done()
        }
        needsSweep()
    }

    func traffic(of name: String) -> [String: TrafficNumbers] {
        (endpoints[name.lowercased()]?.lanes ?? [:]).mapValues(\.report)
    }

    var everyEndpoint: [EndpointLanes] { endpoints.values.sorted { $0.picture.name < $1.picture.name } }

    // MARK: - Connections

    func opened(_ client: ClientConnection) {
        guard connections.count < settings.mostConnections else { return client.close() }
        connections[ObjectIdentifier(client)] = client
        watchPatience()
    }

    func closed(_ client: ClientConnection) { connections[ObjectIdentifier(client)] = nil }

    private func watchPatience() {
        guard !isPatienceWatched else { return }
        isPatienceWatched = true
        loop.assumeIsolated().scheduleTask(in: settings.patience.look) {
            self.isPatienceWatched = false
            let now = NIODeadline.now()
            for client in self.connections.values { client.checkPatience(at: now) }
            if !self.connections.isEmpty { self.watchPatience() }
        }
    }

    func closeIdleClients() { for client in connections.values where client.isIdle { client.close() } }

    // MARK: - Requests

    func take(_ raw: RawRequest, from client: ClientConnection) {
        let now = NIODeadline.now()
        guard let (endpoint, rest) = endpoint(of: raw) else { return client.send(pages.root(raw, self)) }
        let path = raw.text(rest..<raw.head.path.upperBound) ?? ""
        if raw.head.method == .options { return client.send(Self.preflight) }
        switch EndpointPath.route(path, raw.head.method) {
        case .score: authorize(raw, rest, endpoint, client, now)
        case .health: client.send(pages.health(endpoint, raw))
        case .document: pages.document(endpoint, raw, self) { client.send($0) }
        case .page(let file): pages.file(file, endpoint, self) { client.send($0) }
        case .unknown:
            client.send(
                .failure(
                    404, "NotFound",
                    "Endpoint \"\(endpoint.picture.name)\" has nothing at \"\(path)\". Score by POST to /score; "
                        + "/swagger.json says how."))
        }
    }

    private static let preflight = ScoringAnswer(status: 204, headers: ByteBuffer(string: CrossOrigin.preflight))

    /// The endpoint of a request, and where the path below it begins.
    private func endpoint(of raw: RawRequest) -> (EndpointLanes, Int)? {
        let named = raw.headBytes.withUnsafeReadableBytes { bytes in
            EndpointPath.named(raw.head.path, bytes).map { found in
                (String(decoding: bytes[found.name], as: UTF8.self), found.rest)
            }
        }
        if let (name, rest) = named {
            // As it is written, first: folding case costs more than looking.
            return (endpoints[name] ?? endpoints[name.lowercased()]).map { ($0, rest) }
        }
        guard let host = raw.text(raw.head.values.host), let name = EndpointPath.endpoint(ofHost: host) else {
            return nil
        }
        return endpoints[name].map { ($0, raw.head.path.lowerBound) }
    }

    private func authorize(
        _ raw: RawRequest, _ rest: Int, _ endpoint: EndpointLanes, _ client: ClientConnection, _ now: NIODeadline
    ) {
        switch authority.judge(raw, endpoint.picture, at: wallClock(now)) {
        case .granted: score(raw, rest, endpoint, client, now)
        case .refused(let answer): client.send(answer)
        case .undecided(let question):
            authority.ask(question, endpoint.picture, on: loop) { [weak self] answer in
                guard let self else { return }
                if let answer { client.send(answer) } else { score(raw, rest, endpoint, client, now) }
            }
        }
    }

    private func score(
        _ given: RawRequest, _ rest: Int, _ endpoint: EndpointLanes, _ client: ClientConnection, _ now: NIODeadline
    ) {
        guard let raw = decoded(given, client) else { return }
        let lane: DeploymentLane
        switch choose(raw, endpoint) {
        case .success(let chosen): lane = chosen
        case .failure(let refusal): return client.send(refusal.answer)
        }
        requestCount += 1
        let id = raw.text(raw.head.values.requestID).map(RequestID.given) ?? .own(requestCount)
        let call = ScoringCall(raw, pathStart: rest, requestID: id, received: now, client: client)
        needsSweep()
        lane.take(call, at: now)
        guard !endpoint.picture.mirror.isEmpty, let name = endpoint.picture.mirror.deployment(at: point()),
            let mirror = endpoint.lanes[name]
        else { return }
        mirror.take(call.mirrored(at: now), at: now)
    }

    private func decoded(_ raw: RawRequest, _ client: ClientConnection) -> RawRequest? {
        guard let coding = raw.text(raw.head.values.contentEncoding)?.lowercased(), coding != "identity" else {
            return raw
        }
        do {
            var plain = raw
            plain.body = ByteBuffer(
                bytes: try BodyCoding.plain(Array(raw.body.readableBytesView), coding, limit: settings.largestBody))
            return plain
        } catch {
            let sentence = (error as? ServiceError)?.message ?? "\(error)"
            client.send(.failure(400, "BadRequest", sentence))
            return nil
        }
    }

    // MARK: - Which deployment

    private struct Refusal: Error { let answer: ScoringAnswer }

    /// 0 to below 100, evenly.
    private func point() -> Double { Double(chance.next() >> 11) * (100 / 9_007_199_254_740_992) }

    private func choose(_ raw: RawRequest, _ endpoint: EndpointLanes) -> Result<DeploymentLane, Refusal> {
        if let wanted = raw.text(raw.head.values.deployment), !wanted.isEmpty {
            if let lane = endpoint.lanes[wanted] { return .success(lane) }
            // The stock SDK leaves the header of one call in the next, to another endpoint: it checks names itself.
            let isStockSDK = raw.text(raw.head.values.userAgent)?.contains("azure-ai-ml/") == true
            guard isStockSDK else { return .failure(Refusal(answer: Self.noDeployment(wanted, endpoint))) }
        }
        let picture = endpoint.picture
        if let name = picture.traffic.deployment(at: point()), let lane = endpoint.lanes[name] {
            return .success(lane)
        }
        // An endpoint whose traffic was never set, with one deployment: there is nothing to choose.
        if picture.traffic.isEmpty, endpoint.lanes.count == 1, let lane = endpoint.lanes.values.first {
            return .success(lane)
        }
        return .failure(Refusal(answer: Self.noTraffic(endpoint)))
    }

    private static func noDeployment(_ wanted: String, _ endpoint: EndpointLanes) -> ScoringAnswer {
        let hint = NearestName.hint(wanted, among: Array(endpoint.lanes.keys))
        return .failure(
            404, "DeploymentNotFound",
            "Endpoint \"\(endpoint.picture.name)\" has no deployment \"\(wanted)\" (header azureml-model-deployment).\(hint)"
        )
    }

    private static func noTraffic(_ endpoint: EndpointLanes) -> ScoringAnswer {
        let name = endpoint.picture.name
        guard !endpoint.lanes.isEmpty else {
            return .failure(404, "NoDeployment", "Endpoint \"\(name)\" has no deployment. Create one first.")
        }
        let names = endpoint.lanes.keys.sorted()
        return .failure(
            404, "NoTraffic",
            "Endpoint \"\(name)\" sends no traffic to any of its deployments (\(names.joined(separator: ", "))). "
                + "Set it with `lazuli online-endpoint update -n \(name) --traffic \"\(names[0])=100\"`, "
                + "or name one in the header azureml-model-deployment.")
    }

    // MARK: - Time

    private static let sweepInterval = TimeAmount.milliseconds(20)

    /// Looks after queues and replicas for as long as there is something to look after.
    func needsSweep() {
        guard !isSweeping else { return }
        isSweeping = true
        loop.assumeIsolated().scheduleTask(in: Self.sweepInterval) {
            self.isSweeping = false
            let now = NIODeadline.now()
            var isBusy = false
            for endpoint in self.endpoints.values {
                for lane in endpoint.lanes.values where lane.sweep(at: now) { isBusy = true }
            }
            for lane in self.leaving.values where lane.sweep(at: now) { isBusy = true }
            if isBusy { self.needsSweep() }
        }
    }

    func needsLogFlush() {
        guard !isLogFlushPlanned else { return }
        isLogFlushPlanned = true
        loop.assumeIsolated().scheduleTask(in: .seconds(1)) { self.flushLogs() }
    }

    func flushLogs() {
        isLogFlushPlanned = false
        for endpoint in endpoints.values { for lane in endpoint.lanes.values { lane.flushLog() } }
    }

    // MARK: - Replicas

    func connect(_ replica: ReplicaConnection, done: @escaping (ReplicaConnection?) -> Void) {
        ReplicaConnector.connect(replica, on: loop, done: done)
    }
}

/// Numbers that are random enough to share out requests, and cost no system call. Source: SplitMix64 (Steele, Lea, Flood 2014).
struct QuickRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Calls a closure when a number of steps have been made.
final class Countdown {
    private var open = 1
    private let done: () -> Void

    init(_ done: @escaping () -> Void) { self.done = done }

    func step() -> () -> Void {
        open += 1
        return { self.tick() }
    }

    /// All steps are given out.
    func begin() { tick() }

    private func tick() {
        open -= 1
        if open == 0 { done() }
    }
}

/// Undoes the coding of a body.
enum BodyCoding {
    static func plain(_ bytes: [UInt8], _ coding: String, limit: Int) throws -> [UInt8] {
        switch coding {
        case "gzip", "x-gzip": return try Inflate.gzip(bytes, limit: limit)
        case "deflate": return try Inflate.deflate(bytes, limit: limit)
        default:
            throw ServiceError(
                .malformedBody, "Content-Encoding \"\(coding)\" is not understood; gzip and deflate are.")
        }
    }
}
