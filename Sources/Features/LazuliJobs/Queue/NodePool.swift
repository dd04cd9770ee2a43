import LazuliResources

/// The nodes of one compute: which jobs hold how many, and which idle ones are still warm. A pure value.
struct NodePool: Sendable {
    private(set) var target: ComputeTarget
    private var holders: [(job: Int64, name: String, nodes: Int)] = []
    /// When each idle node was freed, in milliseconds.
    private var freed: [Int64] = []

    init(_ target: ComputeTarget) { self.target = target }

    mutating func update(_ target: ComputeTarget) { self.target = target }

    var busy: Int { holders.reduce(0) { $0 + $1.nodes } }
    var isUnused: Bool { holders.isEmpty }

    func canHold(_ nodes: Int, serverlessNodes: Int) -> Bool {
        busy + nodes <= target.capacity(serverlessNodes: serverlessNodes)
    }

    mutating func take(_ nodes: Int, for job: JobRecord) {
        holders.append((job.id, job.name, nodes))
        freed.removeLast(min(nodes, freed.count))
    }

    mutating func release(_ job: Int64, at: Int64) {
        for holder in holders where holder.job == job { freed += Array(repeating: at, count: holder.nodes) }
        holders.removeAll { $0.job == job }
    }

    /// Nodes are kept for their idle time, and as many as the cluster's minimum for ever.
    func load(at now: Int64) -> NodeLoad {
        guard case .cluster(let minimum, let maximum, let idleSeconds) = target.kind else {
            return NodeLoad(busy: busy, idle: 0)
        }
        let warm = freed.filter { Double(now - $0) < idleSeconds * 1000 }.count
        let idle = min(max(warm, minimum - busy, 0), max(0, maximum - busy))
        return NodeLoad(busy: busy, idle: idle)
    }

    /// Why a job does not run now, in a sentence.
    func explanation(for job: JobRecord, ahead: Int, serverlessNodes: Int) -> String {
        let capacity = target.capacity(serverlessNodes: serverlessNodes)
        if case .instance(isRunning: false) = target.kind {
            return "Waits for compute instance \"\(target.name)\" to be started: it is stopped."
        }
        if job.nodes > capacity {
            return "Waits for \(job.nodes) nodes; \(target.name) has \(capacity) at most, so it will wait for ever."
        }
        let names = holders.prefix(3).map(\.name).joined(separator: ", ")
        let more = holders.count > 3 ? " and \(holders.count - 3) more" : ""
        let place = ahead > 0 ? " \(ahead) jobs are ahead of it." : ""
        return "Waits for \(job.nodes == 1 ? "a node" : "\(job.nodes) nodes") of \(target.name): "
            + "\(busy) of \(capacity) are busy with \(names)\(more).\(place)"
    }
}
