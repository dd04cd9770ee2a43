import LazuliResources

/// What a booster is told: when to stop, and the library's own parameters.
struct BoostingSettings: Sendable {
    /// Rounds at most.
    let rounds: Int
    /// Rounds without progress on the validation rows after which it stops.
    let patience: Int
    /// The library's own names and values.
    let own: [(String, String)]

    /// - Parameter parameters: the library's own, and `rounds` and `patience`.
    init(_ parameters: JSON) {
        rounds = parameters["rounds"].integer ?? 2_000
        patience = parameters["patience"].integer ?? 50
        own = (parameters.object?.pairs ?? []).filter { !["rounds", "patience"].contains($0.key) }
            .compactMap { pair in pair.value.scalarText.map { (pair.key, $0) } }
    }
}
