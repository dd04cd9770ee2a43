import LazuliResources

/// One package of a conda file, such as `numpy=1.21`, `conda-forge::pandas>=1.3,<2` or `python=3.9.7=h12345_0`.
///
/// Source: conda documentation, "Package match specifications".
struct CondaDependency {
    let name: String
    /// As written, without the name: `=1.21`, `>=1.3,<2`, or empty.
    let constraint: String

    enum Translation: Equatable {
        case python(PythonWish)
        case requirement(String)
        /// Nothing to install; the notice says why.
        case left(notice: String)
    }

    init(_ text: String) throws(ServiceError) {
        var rest = Substring(text.trimmed)
        if let channel = rest.firstRange(of: "::") { rest = rest[channel.upperBound...] }
        let name = rest.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        guard !name.isEmpty else {
            throw ServiceError(.invalidArgument, "\"\(text)\" names no package.")
        }
        self.name = name.lowercased()
        constraint = CondaDependency.withoutBuild(rest[name.endIndex...].trimmed)
        guard constraint.isEmpty || constraint.first.map({ "=<>!~0123456789".contains($0) }) == true else {
            throw ServiceError(
                .invalidArgument, "\"\(text)\" is not understood. Write it as \"\(name)=1.2\" or \"\(name)>=1.2,<2\".")
        }
    }

    func translation() throws(ServiceError) -> Translation {
        if name == "python" { return .python(try PythonWish(constraint: requirementConstraint)) }
        if let reason = CondaPackageNames.refusal(of: name) {
            throw ServiceError(.invalidArgument, "\"\(name)\" \(reason)")
        }
        if let notice = CondaPackageNames.notice(forSkipped: name) { return .left(notice: notice) }
        // An old pip is of no use to a newer Python, and it is not pip that installs here.
        if name == "pip" { return .requirement("pip") }
        return .requirement(CondaPackageNames.indexName(of: name) + requirementConstraint)
    }

    /// The constraint as pip understands it: conda's `=1.21` means 1.21 and everything that begins with `1.21.`.
    var requirementConstraint: String {
        if constraint.isEmpty || constraint == "=*" || constraint == "==*" { return "" }
        if constraint.first?.isNumber == true { return "==" + constraint }
        guard constraint.hasPrefix("="), !constraint.hasPrefix("==") else {
            return constraint.filter { !$0.isWhitespace }
        }
        let version = constraint.dropFirst().trimmed
        if version.contains(",") || version.hasPrefix("<") || version.hasPrefix(">") { return version }
        let isWhole = version.hasSuffix("*") || version.split(separator: ".").count >= 3
        return isWhole ? "==\(version)" : "==\(version).*"
    }

    /// `=1.21=py37_0` → `=1.21`; `1.21 py37_0` → `1.21`. A build of a conda package means nothing elsewhere.
    private static func withoutBuild(_ constraint: String) -> String {
        let first = constraint.prefix { "=<>!~ ".contains($0) }
        let rest = constraint[first.endIndex...]
        if rest.contains(",") || rest.contains("|") { return constraint }
        return String(first.filter { $0 != " " }) + rest.prefix { $0 != "=" && $0 != " " }
    }
}
