import Foundation
public import LazuliResources

/// The Pythons of this machine. Real interpreters only: a shim (pyenv puts them first into PATH) chooses anew each time
/// it runs and confuses every tool that asks it where it is.
public struct PythonInterpreters: Sendable, Equatable {
    public struct Interpreter: Sendable, Hashable {
        public let version: PythonVersion
        public let path: String

        public init(version: PythonVersion, path: String) {
            self.version = version
            self.path = path
        }
    }

    public struct Choice: Sendable, Equatable {
        public let interpreter: Interpreter
        /// Why it is not the Python that was asked for; nil if it is.
        public let substitution: String?
    }

    /// One per version, oldest first.
    public let available: [Interpreter]

    public init(_ interpreters: [Interpreter]) {
        var first: [PythonVersion: Interpreter] = [:]
        for interpreter in interpreters where first[interpreter.version] == nil {
            first[interpreter.version] = interpreter
        }
        available = first.values.sorted { $0.version < $1.version }
    }

    /// Where nothing is asked for: the versions that most packages have builds for come first.
    private static let preferred = [(3, 11), (3, 10), (3, 12), (3, 13), (3, 9), (3, 8)].map {
        PythonVersion($0.0, $0.1)
    }

    /// The interpreter for a wish. If it is not installed: the nearest newer one, else the nearest older one.
    public func choose(_ wish: PythonWish?) throws(ServiceError) -> Choice {
        guard let newest = available.last else {
            throw ServiceError(
                .invalidArgument,
                "No Python was found on this machine. Install one, for instance: apt-get install python3.")
        }
        let allowed = available.filter { wish?.allows($0.version) ?? true }
        if let best = PythonInterpreters.preferred.lazy.compactMap({ version in
            allowed.first { $0.version == version }
        }).first ?? allowed.last {
            return Choice(interpreter: best, substitution: nil)
        }
        let anchor = wish?.anchor ?? newest.version
        let nearest = available.first { $0.version > anchor } ?? newest
        let list = available.map { "\($0.version)" }.joined(separator: ", ")
        return Choice(
            interpreter: nearest,
            substitution: "Python \(wish?.description ?? "") is not installed on this machine; "
                + "Python \(nearest.version) is used instead (installed: \(list)).")
    }

    /// Looks at the usual places. Only file names are read, nothing is run.
    ///
    /// - Parameter variables: of the server; HOME, PYENV_ROOT and PATH say where to look.
    public static func discover(variables: [String: String]) -> PythonInterpreters {
        let home = variables["HOME"] ?? "/root"
        let pyenv = (variables["PYENV_ROOT"] ?? home + "/.pyenv") + "/versions"
        let uvManaged = home + "/.local/share/uv/python"
        var found: [Interpreter] = []
        for folder in folders(in: pyenv) {
            guard let version = PythonVersion(folder) else { continue }
            add("\(pyenv)/\(folder)/bin/python\(version)", version, to: &found)
        }
        let path = (variables["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = path.filter { !$0.contains("/shims") } + ["/usr/local/bin", "/usr/bin"]
        let managed = folders(in: uvManaged).map { "\(uvManaged)/\($0)/bin" }
        for place in places + managed {
            for minor in 8...20 { add("\(place)/python3.\(minor)", PythonVersion(3, minor), to: &found) }
        }
        return PythonInterpreters(found.filter { $0.version >= PythonVersion(3, 8) })
    }

    private static func add(_ path: String, _ version: PythonVersion, to found: inout [Interpreter]) {
        guard FileManager.default.isExecutableFile(atPath: path) else { return }
        found.append(Interpreter(version: version, path: path))
    }

    private static func folders(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }
}
