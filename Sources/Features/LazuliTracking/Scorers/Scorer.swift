/// One version of a program that judges the traces of an experiment.
public struct Scorer: Sendable, Equatable {
    public let scorerID: String
    /// The experiment's id.
    public let experiment: Int64
    public let name: String
    /// Counts from 1.
    public let version: Int64
    /// What the client wrote; the server does not read it.
    public let content: String
    /// Milliseconds since 1970.
    public let createdAt: Int64
}
