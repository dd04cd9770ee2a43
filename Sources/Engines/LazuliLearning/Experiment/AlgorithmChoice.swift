/// Which algorithms an experiment may use.
struct AlgorithmChoice {
    /// Asked for, and not to be had here, with the reason.
    let unavailable: [String: String]
    private let allowed: Set<Algorithm>?
    private let blocked: Set<Algorithm>

    /// - Throws: `LearningFault` for a name that is no algorithm's, and when none is left.
    init(_ settings: ExperimentSettings, task: LearningTask) throws(LearningFault) {
        let wanted = try Self.algorithms(settings.algorithms.allowed)
        blocked = Set(try Self.algorithms(settings.algorithms.blocked))
        allowed = wanted.isEmpty ? nil : Set(wanted)
        unavailable = Dictionary(
            wanted.compactMap { algorithm in
                AlgorithmList.reasonAgainst(algorithm, for: task).map { (algorithm.rawValue, $0) }
            }, uniquingKeysWith: { $1 })
        let left = AlgorithmList.available(for: task).filter(allows)
        guard !left.isEmpty else {
            throw LearningFault(
                "No algorithm is left to try. " + unavailable.values.sorted().joined(separator: " ")
                    + " Available are: "
                    + AlgorithmList.available(for: task).map(\.rawValue).joined(separator: ", ") + ".")
        }
    }

    private static func algorithms(_ names: [String]) throws(LearningFault) -> [Algorithm] {
        var algorithms: [Algorithm] = []
        for name in names {
            guard let algorithm = Algorithm(named: name) else {
                throw LearningFault(
                    "\"\(name)\" is no algorithm. There are: "
                        + Algorithm.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            algorithms.append(algorithm)
        }
        return algorithms
    }

    func allows(_ algorithm: Algorithm) -> Bool {
        (allowed?.contains(algorithm) ?? true) && !blocked.contains(algorithm)
    }
}
