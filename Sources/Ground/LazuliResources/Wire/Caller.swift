/// Who makes a call, as its verified token says.
public struct Caller: Sendable, Equatable {
    /// The principal's object id (a GUID).
    public let objectID: String
    /// The name shown in `systemData.createdBy`.
    public let name: String
    /// The run from inside of which the call comes: the token was given to a job.
    public let run: String?

    public init(objectID: String, name: String, run: String? = nil) {
        self.objectID = objectID
        self.name = name
        self.run = run
    }

    /// The same caller inside of a run.
    public func inside(run: String) -> Caller { Caller(objectID: objectID, name: name, run: run) }
}
