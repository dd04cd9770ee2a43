import LazuliProcesses

/// The hidden roles of the program: what the server starts of itself.
public enum ChildRoles {
    /// Plays the role that the arguments name, if they name one.
    /// - Returns: the exit code, or nil when the arguments are for people.
    public static func run(_ arguments: [String]) -> Int32? {
        guard arguments.count >= 4, arguments[1] == "child" else { return nil }
        switch arguments[2] {
        case "job": return Supervisor.run(folder: arguments[3])
        case "score": return ScoringRole.run(plan: arguments[3])
        default: return nil
        }
    }
}
