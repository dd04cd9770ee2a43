import LazuliResources

/// A feature version of Python, such as 3.10.
public struct PythonVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `3.10`, `3.10.4` and `3.10.*`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= 3, let major = Int(parts[0]), let minor = Int(parts[1]) else {
            return nil
        }
        self.init(major, minor)
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (left: PythonVersion, right: PythonVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// Which Python an environment asks for.
public enum PythonWish: Sendable, Hashable, CustomStringConvertible {
    case exactly(PythonVersion)
    /// From the first up to and without the second; nil means open.
    case range(from: PythonVersion?, below: PythonVersion?)

    /// Reads a pip-like constraint: `==3.10.*`, `==3.9.7`, `>=3.7,<3.11`, or nothing at all.
    init(constraint: String) throws(ServiceError) {
        var from: PythonVersion?
        var below: PythonVersion?
        for part in constraint.split(separator: ",") {
            let sign = part.prefix { "=<>!~".contains($0) }
            guard let version = PythonWish.version(part[sign.endIndex...]) else {
                throw ServiceError(
                    .invalidArgument, "\"python\(constraint)\" names no Python version. Write it as \"python=3.10\".")
            }
            guard version.major == 3 else {
                throw ServiceError(.invalidArgument, "Python \(version) was asked for; only Python 3 can be had.")
            }
            switch sign {
            case "==", "~=", "=", "===":
                self = .exactly(version)
                return
            case ">=": from = version
            case ">": from = PythonVersion(version.major, version.minor + 1)
            case "<": below = version
            case "<=": below = PythonVersion(version.major, version.minor + 1)
            default:
                throw ServiceError(
                    .invalidArgument, "\"python\(constraint)\" is not understood. Write it as \"python=3.10\".")
            }
        }
        self = .range(from: from, below: below)
    }

    /// `3` alone, as in `python=3`, means any Python 3.
    private static func version(_ text: Substring) -> PythonVersion? {
        let parts = text.split(separator: ".").filter { $0 != "*" }
        if parts.count == 1, let major = Int(parts[0]) { return PythonVersion(major, 0) }
        return PythonVersion(parts.prefix(2).joined(separator: "."))
    }

    func allows(_ version: PythonVersion) -> Bool {
        switch self {
        case .exactly(let wanted): wanted.minor == 0 ? wanted.major == version.major : wanted == version
        case .range(let from, let below): from.map { version >= $0 } ?? true && below.map { version < $0 } ?? true
        }
    }

    /// The version to be near to when the wish cannot be fulfilled.
    var anchor: PythonVersion {
        switch self {
        case .exactly(let version): version
        case .range(let from, let below):
            from ?? below.map { PythonVersion($0.major, $0.minor - 1) } ?? PythonVersion(3, 0)
        }
    }

    public var description: String {
        switch self {
        case .exactly(let version): return version.minor == 0 ? "\(version.major)" : "\(version)"
        case .range(let from, let below):
            return [from.map { "\($0) or newer" }, below.map { "older than \($0)" }].compactMap { $0 }
                .joined(separator: " and ")
        }
    }
}
