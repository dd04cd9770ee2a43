/// What a token is for, out of the forms in which clients ask.
enum Audience {
    /// Scopes that ask for no resource.
    private static let others: Set<String> = ["openid", "profile", "offline_access", "email"]
    private static let suffix = "/.default"

    /// The audience of a `resource` (as it stands) or of the first resource in a `scope` (less `/.default`, and
    /// nothing else: a slash before it stays, for the stock client compares the claim letter by letter).
    static func asked(scope: String?, resource: String?) -> String? {
        if let resource, !resource.isEmpty { return without(resource) }
        let scopes = (scope ?? "").split(separator: " ").map(String.init)
        return scopes.first { !others.contains($0.lowercased()) }.map(without)
    }

    private static func without(_ scope: String) -> String {
        scope.hasSuffix(suffix) ? String(scope.dropLast(suffix.count)) : scope
    }
}
