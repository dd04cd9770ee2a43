import ArgumentParser
import LazuliResources

/// `online-deployment create`; with `--local` the deployment lives as long as the command does.
struct OnlineDeploymentCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an online deployment, or bring it to what the file says.",
        discussion: "With --local it is served until Ctrl-C, its log on the screen; add --no-wait to leave it there.")
    @Option(name: .shortAndLong, help: "A YAML file; - reads the standard input.") var file: String?
    @OptionGroup var options: ChildNames
    @OptionGroup var flags: OnlineDeploymentFlags
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let document = try DocumentSource(file: file, settings: flags.settings, changes: edit.changes()).document()
        guard options.local else {
            let made = try await ResourceVerbs(session: session, kind: .onlineDeployment)
                .create(document, options.names, wait: !change.noWait)
            return try await flags.finish(made, session)
        }
        let local = LocalDeployment(session: session, document: document, names: options.names)
        if change.noWait { return try await local.create() }
        try await local.serve()
        return .null
    }
}
