import Foundation

/// The environment variables that every program of a user is started with, a job's command or a scoring script. Nothing
/// else is inherited from the server.
package enum ProgramVariables {
    /// - Parameter folders: where programs are looked for before the server's own places.
    package static func base(programsIn folders: [String]) -> [String: String] {
        let inherited = ProcessInfo.processInfo.environment
        var variables: [String: String] = [:]
        for name in ["HOME", "LANG", "LC_ALL", "TZ", "USER", "TMPDIR"] { variables[name] = inherited[name] }
        variables["LANG"] = inherited["LANG"] ?? "C.UTF-8"
        variables["PATH"] = (folders + [inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]).joined(separator: ":")
        variables["PYTHONUNBUFFERED"] = "1"
        // Two spinning OpenMP pools on shared cores cost many times what they compute.
        variables["OMP_WAIT_POLICY"] = "passive"
        return variables
    }
}
