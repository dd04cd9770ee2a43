/// A Python environment that is ready to run programs of users.
package struct ReadyEnvironment: Sendable {
    package let binFolder: String
    package let variables: [String: String]
    /// Makes `pip install` inside a program go to a folder of its own.
    package let privateInstalls: @Sendable (_ folder: String) -> [String: String]
    /// Sentences to show the user: what was relaxed, mapped or dropped.
    package let notices: [String]

    package init(
        binFolder: String, variables: [String: String], notices: [String],
        privateInstalls: @escaping @Sendable (String) -> [String: String]
    ) {
        self.binFolder = binFolder
        self.variables = variables
        self.notices = notices
        self.privateInstalls = privateInstalls
    }
}
