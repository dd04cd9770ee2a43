/// An environment that every workspace has from the start.
public struct CuratedEnvironment: Sendable, Equatable {
    /// Begins with `AzureML-`.
    public let name: String
    public let version: String
    public let description: String
    public let tags: [String: String]
    /// Every requirement is pinned: the environment means the same tomorrow.
    public let requirements: [String]

    /// Builds of all these versions exist for these Pythons.
    static let python = PythonWish.range(from: PythonVersion(3, 10), below: PythonVersion(3, 13))

    public var specification: EnvironmentSpecification {
        EnvironmentSpecification(python: CuratedEnvironment.python, requirements: requirements)
    }

    /// The same as a conda file, the form in which the asset shows it to clients.
    public var condaFile: String {
        let pip = requirements.map { "    - \($0)\n" }.joined()
        return
            "name: \(name)\nchannels:\n  - conda-forge\n"
            + "dependencies:\n  - python>=3.10,<3.13\n  - pip\n  - pip:\n\(pip)"
    }
}
