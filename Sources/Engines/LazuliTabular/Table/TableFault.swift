/// Why a table cannot be read.
package struct TableFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, where, and what to do next.
    package let message: String
    /// The file it is about, as it was named by the caller.
    package let file: String?
    /// The line in that file, the first being 1.
    package let line: Int?

    package init(_ message: String, file: String? = nil, line: Int? = nil) {
        self.message = message
        self.file = file
        self.line = line
    }

    package var description: String { message }
}
