/// What a Python environment consists of, whichever way it was described.
///
/// Two specifications with the same packages, Python and indexes give the same environment (`EnvironmentHash`).
public struct EnvironmentSpecification: Sendable, Hashable {
    /// The Python asked for; nil means any.
    public var python: PythonWish?
    /// Requirements as pip writes them (PEP 508), for instance `scikit-learn==1.5.2`.
    public var requirements: [String]
    /// Package indexes to look into besides the default one.
    public var extraIndexes: [String]
    /// What was understood otherwise than written, each a sentence for the user.
    public var notices: [String]

    public init(
        python: PythonWish? = nil, requirements: [String] = [], extraIndexes: [String] = [], notices: [String] = []
    ) {
        self.python = python
        self.requirements = requirements
        self.extraIndexes = extraIndexes
        self.notices = notices
    }
}
