import ArgumentParser
import Glibc
import LazuliChildren
import LazuliCommands
import LazuliServer
import LazuliTraining

/// The one program: the server's verbs, the client's commands, and the hidden roles of its own children.
struct Lazuli: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lazuli",
        abstract: "The machine-learning workspace you own.",
        discussion: "Start with `lazuli up`; then `eval \"$(lazuli env)\"` points azure-ai-ml and mlflow at it.",
        version: LazuliVersion.current,
        subcommands: [Up.self, Down.self, Status.self, Diagnose.self, Routes.self, Native.self, AutoMLCommand.self]
            + LazuliCommandLine.groups)
}

@main
enum EntryPoint {
    /// A job's supervisor starts for every job: it branches off before anything else wakes up.
    static func main() async {
        if let code = ChildRoles.run(CommandLine.arguments) { exit(code) }
        if let code = await TrainingRoles.run(CommandLine.arguments) { exit(code) }
        await LazuliCommandLine.main(Lazuli.self)
    }
}
