public import LazuliResources

/// One line of a pip requirement list.
struct RequirementLine: Equatable {
    enum Content: Equatable {
        case requirement(String)
        case extraIndex(String)
        case empty
    }

    let content: Content
    let notice: String?

    /// - Parameter place: where the line stands, for messages: `line 7 of the conda file`.
    init(_ text: String, place: String) throws(ServiceError) {
        let line = RequirementLine.withoutComment(text)
        guard !line.isEmpty else {
            content = .empty
            notice = nil
            return
        }
        guard !line.hasPrefix("-") else {
            content = .extraIndex(try RequirementLine.extraIndex(line, place: place))
            notice = "Packages are also looked for in the index named in \(place)."
            return
        }
        if RequirementLine.isFile(line) {
            throw ServiceError(
                .invalidArgument,
                "\(place.capitalizedFirst): \"\(line)\" is a file, and files are not part of an environment. "
                    + "Name a package, or put the file into the job's code folder and install it there.")
        }
        (content, notice) = RequirementLine.corrected(line)
    }

    /// Name of a requirement in its normal form (PEP 503): `Scikit_Learn[x]>=1` → `scikit-learn`.
    static func name(of requirement: String) -> String {
        let name = requirement.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        var normal = ""
        for character in name.lowercased() {
            let isSeparator = "._-".contains(character)
            if isSeparator && normal.last == "-" { continue }
            normal.append(isSeparator ? "-" : character)
        }
        return normal
    }

    /// The version of a requirement that allows exactly one, `1.5.2` of `scikit-learn==1.5.2`; nil for all others.
    static func exactVersion(of requirement: String) -> String? {
        let plain = requirement.prefix { $0 != ";" }
        guard let equals = plain.firstRange(of: "==") else { return nil }
        let version = plain[equals.upperBound...].filter { !$0.isWhitespace && $0 != "=" }
        return version.contains { ",*<>!~".contains($0) } || version.isEmpty ? nil : String(version)
    }

    private static func withoutComment(_ text: String) -> String {
        var line = Substring(text)
        if line.first == "#" { return "" }
        if let start = line.firstRange(of: " #") { line = line[..<start.lowerBound] }
        return line.trimmed
    }

    private static func extraIndex(_ line: String, place: String) throws(ServiceError) -> String {
        let words = line.split { $0.isWhitespace || $0 == "=" }.map(String.init)
        if ["--extra-index-url", "--index-url", "-i"].contains(words[0]), words.count >= 2 {
            return String(line.dropFirst(words[0].count).drop { $0.isWhitespace || $0 == "=" })
        }
        let advice =
            ["-r", "--requirement", "-c", "--constraint"].contains(words[0])
            ? "The file it names is not part of the environment: write its lines here instead."
            : "Only --extra-index-url and --index-url are understood: remove the line or name a package."
        throw ServiceError(.invalidArgument, "\(place.capitalizedFirst) has the pip option \"\(line)\". \(advice)")
    }

    private static func isFile(_ line: String) -> Bool {
        line.hasPrefix("./") || line.hasPrefix("../") || line.hasPrefix("/") || line.hasPrefix("file:")
    }

    /// The name under which scikit-learn is imported is a trap on the package index: it fails on purpose.
    private static func corrected(_ line: String) -> (Content, String?) {
        guard name(of: line) == "sklearn" else { return (.requirement(line), nil) }
        let rest = line.drop { $0.isLetter }
        return (
            .requirement("scikit-learn\(rest)"),
            "The package \"sklearn\" is called \"scikit-learn\" in the package index."
        )
    }
}

extension EnvironmentSpecification {
    /// A pip requirement list, one requirement a line (requirements.txt).
    public init(requirementList text: String) throws(ServiceError) {
        self.init()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            try add(RequirementLine(String(line), place: "line \(index + 1) of the requirement list"))
        }
    }

    mutating func add(_ line: RequirementLine) {
        switch line.content {
        case .requirement(let requirement): requirements.append(requirement)
        case .extraIndex(let address): extraIndexes.append(address)
        case .empty: break
        }
        if let notice = line.notice { notices.append(notice) }
    }
}

extension StringProtocol {
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
