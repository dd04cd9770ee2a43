public import ArgumentParser
import Foundation
import LazuliClient

/// The option by which every verb that touches a state folder is told which.
public struct HomeOption: ParsableArguments {
    @Option(help: "The state folder. Also: LAZULI_HOME.")
    var home: String?

    public init() {}

    /// The folder that the client's commands look for the server in, too.
    package var folder: StateFolder { StateFolder(URL(fileURLWithPath: ProfileDiscovery(home: home).home)) }
}
