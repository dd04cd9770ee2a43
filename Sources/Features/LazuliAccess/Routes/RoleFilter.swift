import LazuliResources

/// The `$filter` of role listings: `atScope()`, `principalId eq '…'`, `assignedTo('…')`, `roleName eq '…'`,
/// `type eq 'BuiltInRole'`, joined by `and`.
struct RoleFilter: Sendable, Equatable {
    var atScope = false
    var principalID: String?
    var roleName: String?

    /// - Throws: `invalidArgument` for a condition that it does not know.
    init(_ text: String?) throws {
        for condition in (text ?? "").split(separator: " and ").map({ String($0) }) where !condition.isEmpty {
            let quoted = condition.split(separator: "'", omittingEmptySubsequences: false)
            let value = quoted.count == 3 ? String(quoted[1]) : nil
            let words = (quoted.first ?? "").lowercased().filter { !$0.isWhitespace }
            switch (words, value) {
            case ("atscope()", nil): atScope = true
            case ("principalideq", .some(let id)), ("assignedto(", .some(let id)): principalID = id
            case ("rolenameeq", .some(let name)): roleName = name
            case ("typeeq", .some(let type)) where type.lowercased() == "builtinrole": break
            default:
                throw ServiceError(
                    .invalidArgument,
                    "The filter \"\(condition)\" is not understood. Use atScope(), principalId eq '<id>', "
                        + "assignedTo('<id>') or roleName eq '<name>'.",
                    target: "$filter")
            }
        }
    }
}
