/// Shares of the requests by deployment.
package struct TrafficSplit: Sendable, Equatable {
    /// Deployments with a share above zero and the upper end of their stretch of 0 to 100.
    private let stretches: [(name: String, end: Int)]

    package init(_ shares: [String: Int] = [:]) {
        var end = 0
        stretches = shares.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { share in
            end += share.value
            return (share.key, end)
        }
    }

    package static func == (left: TrafficSplit, right: TrafficSplit) -> Bool {
        left.stretches.elementsEqual(right.stretches) { $0 == $1 }
    }

    package var isEmpty: Bool { stretches.isEmpty }
    package var names: [String] { stretches.map(\.name) }

    /// The deployment whose stretch a point lies in; nil beyond all of them.
    /// - Parameter point: 0 to below 100, drawn evenly.
    package func deployment(at point: Double) -> String? {
        stretches.first { point < Double($0.end) }?.name
    }
}
