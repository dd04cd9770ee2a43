public import ArgumentParser
import Foundation

/// The option by which every verb that touches a state folder is told which.
public struct HomeOption: ParsableArguments {
    @Option(help: "The state folder. Also: LAZULI_HOME.")
    var home: String?

    public init() {}

    package var folder: StateFolder {
        let environment = ProcessInfo.processInfo.environment
        let path = home ?? environment["LAZULI_HOME"] ?? "\(NSHomeDirectory())/.lazuli"
        return StateFolder(URL(fileURLWithPath: (path as NSString).expandingTildeInPath))
    }
}
