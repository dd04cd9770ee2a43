/// Decides how many instances a deployment should have. A pure function of what was counted between two looks.
struct Autoscaler: Sendable, Equatable {
    /// A deployment that may go to zero does so after this long without a request (milliseconds).
    static let idleBeforeZero: Int64 = 30_000
    /// Fewer instances are wanted only when the load was low for this long (milliseconds).
    static let calmBeforeLess: Int64 = 30_000

    private var lastLook: Int64 = 0
    private var lastBusy: UInt64 = 0
    private var lastNeed: Int64 = 0
    private var wokenAt: Int64 = 0

    /// What a new order asks for.
    func instances(for deployment: OnlineDeployment) -> Int {
        switch deployment.scaling {
        case .fixed: deployment.instanceCount
        case .target(let target): min(max(deployment.instanceCount, target.least), target.most)
        }
    }

    mutating func woken(at time: Int64) { wokenAt = time }

    /// - Parameter time: milliseconds since 1970.
    mutating func look(
        _ numbers: TrafficNumbers, _ deployment: OnlineDeployment, instances: Int, at time: Int64
    ) -> Int {
        guard case .target(let target) = deployment.scaling else { return deployment.instanceCount }
        let passed = Double(time - lastLook) / 1000
        guard lastLook > 0, passed >= target.interval * 0.9 else {
            if lastLook == 0 { begin(numbers, time) }
            return instances
        }
        let busy = Double(numbers.busyNanoseconds &- lastBusy) / 1e9 / passed
        remember(numbers, time)
        let load = busy / Double(deployment.workersPerInstance)
        var needed = Int((load / target.utilization).rounded(.up))
        if numbers.queued > 0 { needed = max(needed, instances + 1) }
        if needed >= instances { lastNeed = time }
        if needed == 0, time - max(numbers.lastRequestAt, wokenAt) < Self.idleBeforeZero { needed = 1 }
        if needed < instances, needed > 0, time - lastNeed < Self.calmBeforeLess { needed = instances }
        return min(max(needed, target.least), target.most)
    }

    /// What was just started counts as needed and as asked for: it is not taken away before it could serve.
    private mutating func begin(_ numbers: TrafficNumbers, _ time: Int64) {
        lastNeed = time
        wokenAt = max(wokenAt, time)
        remember(numbers, time)
    }

    private mutating func remember(_ numbers: TrafficNumbers, _ time: Int64) {
        lastLook = time
        lastBusy = numbers.busyNanoseconds
    }
}
