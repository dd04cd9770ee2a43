/// The hidden roles of the program that train: what an experiment starts of itself, and what a server starts as a job.
public enum TrainingRoles {
    /// Plays the role that the arguments name, if they name one.
    /// - Returns: the exit code, or nil when the arguments are for others.
    public static func run(_ arguments: [String]) async -> Int32? {
        guard arguments.count >= 4, arguments[1] == "child" else { return nil }
        switch arguments[2] {
        case "train": return TrainingRole.run(folder: arguments[3])
        case "automl": return await ExperimentRole.run(folder: arguments[3])
        default: return nil
        }
    }
}
