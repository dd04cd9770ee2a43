/// An action split for matching: `Microsoft.MachineLearningServices/workspaces/jobs/write`, case aside.
struct ActionName: Sendable {
    let segments: [String]
    /// Whether the action works on the content of blobs; such actions are granted apart, as data actions.
    let isDataAction: Bool

    init(_ text: String) {
        segments = text.lowercased().split(separator: "/").map(String.init)
        isDataAction = segments.starts(with: Self.blobSegments) && segments.count > Self.blobSegments.count
    }

    /// What every blob data action begins with.
    static let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    private static let blobSegments = blobs.lowercased().split(separator: "/").map(String.init)
}

/// A pattern over actions, in which a segment `*` stands for any run of segments.
///
/// At the end a `*` needs at least one segment; before others it may stand for none: the published role
/// "AzureML Data Scientist" takes `workspaces/write` away from `workspaces/*/write`, which has a meaning only so.
struct ActionPattern: Sendable, ExpressibleByStringLiteral {
    let text: String
    private let segments: [String]

    init(stringLiteral text: String) {
        self.text = text
        segments = text.lowercased().split(separator: "/").map(String.init)
    }

    func matches(_ action: ActionName) -> Bool { Self.matches(segments[...], action.segments[...]) }

    private static func matches(_ pattern: ArraySlice<String>, _ action: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return action.isEmpty }
        let rest = pattern.dropFirst()
        guard first == "*" else { return action.first == first && matches(rest, action.dropFirst()) }
        if rest.isEmpty { return !action.isEmpty }
        return (action.startIndex...action.endIndex).contains { matches(rest, action[$0...]) }
    }
}
