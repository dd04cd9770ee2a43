/// Which algorithms an experiment may use.
struct AlgorithmChoice {
    /// Asked for, and not to be had here, with the reason.
    let unavailable: [String: String]
    private let allowed: Set<String>
    private let blocked: Set<String>

    init(_ settings: ExperimentSettings) throws(LearningFault) {
        allowed = Set(settings.algorithms.allowed)
        blocked = Set(settings.algorithms.blocked)
        unavailable = [:]
    }

    func allows(_ algorithm: String) -> Bool {
        (allowed.isEmpty || allowed.contains(algorithm)) && !blocked.contains(algorithm)
    }
}
