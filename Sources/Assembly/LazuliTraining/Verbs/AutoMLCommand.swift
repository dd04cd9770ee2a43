public import ArgumentParser

/// `lazuli automl`: learning from a table without a server.
public struct AutoMLCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "automl", abstract: "Train the best model for a table, without a server.",
        subcommands: [AutoMLTrain.self])

    public init() {}
}
