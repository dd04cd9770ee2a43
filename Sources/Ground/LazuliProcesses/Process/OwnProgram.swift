import Foundation

/// The running program, which also plays the roles of its child processes.
public enum OwnProgram {
    public static let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
}
