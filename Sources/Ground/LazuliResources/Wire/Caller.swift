/// Who makes a call, as its verified token says.
public struct Caller: Sendable, Equatable {
    /// The principal's object id (a GUID).
    public let objectID: String
    /// The name shown in `systemData.createdBy`.
    public let name: String

    public init(objectID: String, name: String) {
        self.objectID = objectID
        self.name = name
    }
}
