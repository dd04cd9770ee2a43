import Foundation
import LazuliResources

/// A Python environment that is ready for use. It is shared by all jobs of the same specification.
public struct PythonEnvironment: Sendable, Equatable {
    /// Hash of its content; the name of its folder.
    public let id: String
    public let folder: String
    public let pythonVersion: PythonVersion
    /// Everything the user should know: what was replaced, skipped or relaxed.
    public var notices: [String]
    /// Whether it was there already.
    public var wasCached: Bool
    /// How long the build took, in seconds.
    public let buildSeconds: Double

    public var python: String { folder + "/bin/python" }
    /// To be put first into PATH.
    public var bin: String { folder + "/bin" }

    /// What a process needs to live in this environment, given the PATH it would have had.
    public func variables(path: String) -> [String: String] {
        ["VIRTUAL_ENV": folder, "PATH": "\(bin):\(path)"]
    }

    /// Lets `pip install` inside a job work without changing the environment, which other jobs share: pip installs into
    /// a folder of the job, and Python looks there first.
    public func privateInstallVariables(folder: String) -> [String: String] {
        ["PIP_TARGET": folder, "PYTHONPATH": folder, "PIP_DISABLE_PIP_VERSION_CHECK": "1"]
    }
}

/// The file that says an environment is complete. It is written last.
struct EnvironmentMarker: Equatable {
    static let fileName = "lazuli-environment.json"

    var python: PythonVersion
    var interpreter: String
    var requirements: [String]
    /// Every package with its version, as uv resolved them.
    var lock: [String]
    var notices: [String]
    var uvVersion: String
    var buildSeconds: Double
    var builtAt: String

    var json: JSON {
        [
            "python": .string("\(python)"), "interpreter": .string(interpreter),
            "requirements": .array(requirements.map(JSON.string)), "lock": .array(lock.map(JSON.string)),
            "notices": .array(notices.map(JSON.string)), "uvVersion": .string(uvVersion),
            "buildSeconds": .number(buildSeconds), "builtAt": .string(builtAt),
        ]
    }
}

extension EnvironmentMarker {
    init?(json: JSON) {
        guard let python = json["python"].string.flatMap({ PythonVersion($0) }),
            let interpreter = json["interpreter"].string
        else { return nil }
        self.init(
            python: python, interpreter: interpreter, requirements: json["requirements"].strings,
            lock: json["lock"].strings, notices: json["notices"].strings, uvVersion: json["uvVersion"].string ?? "",
            buildSeconds: json["buildSeconds"].number ?? 0, builtAt: json["builtAt"].string ?? "")
    }

    init?(folder: String) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(EnvironmentMarker.fileName)"),
            let json = try? JSON(parsing: data)
        else { return nil }
        self.init(json: json)
    }

    func write(to folder: String) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(EnvironmentMarker.fileName)")
        try Data(json.prettyText.utf8).write(to: file, options: .atomic)
    }
}

extension JSON {
    fileprivate var strings: [String] { array?.compactMap(\.string) ?? [] }
}
