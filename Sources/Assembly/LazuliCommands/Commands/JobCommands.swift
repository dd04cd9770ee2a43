import ArgumentParser
import Foundation
import LazuliResources

/// `job create`
struct JobCreate: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Submit a job.")
    @Option(name: .shortAndLong, help: "A YAML file; - reads the standard input.") var file: String?
    @Option(name: .shortAndLong, help: "The name; one is made up if it is left out.") var name: String?
    @Flag(name: .shortAndLong, help: "Print the log and wait for the end.") var stream = false
    @Option(name: [.customShort("a"), .customLong("save-as")], help: "Write the submitted job to a YAML file.")
    var saveAs: String?
    @Flag(name: .customLong("skip-validation"), help: .hidden) var skipValidation = false
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { ResourceKind.job.columns }

    func answer(_ session: Session) async throws -> JSON {
        guard let file else {
            throw ServiceError(ErrorReport.usageCode, "--file is missing: which YAML file describes the job?")
        }
        let document = try DocumentSource(file: file, settings: [], changes: edit.changes()).document()
        let verbs = JobVerbs(session: session)
        let made = try await verbs.create(document, name: name)
        if let saveAs { try Data(YAMLWriter.text(of: made).utf8).write(to: URL(fileURLWithPath: saveAs)) }
        guard stream, let name = made["name"].string else {
            if made["status"].string == "Failed" {
                let reason = made["properties"]["lazuli.reason"].string ?? "`lazuli job stream` says why."
                session.screen.notice("The job \(made["name"].string ?? "") has failed already: \(reason)")
            }
            return made
        }
        return try await verbs.stream(name)
    }
}

/// What names one job; `lazuli job stream NAME` works as well as `--name NAME`.
struct JobNameOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The job's name.") var name: String?
    @Argument(help: .hidden) var words: [String] = []

    func required() throws -> String {
        guard let name = name ?? words.first else {
            throw ServiceError(ErrorReport.usageCode, "--name is missing: say which job is meant.")
        }
        return name
    }
}

/// `job stream`
struct JobStream: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "stream", abstract: "Print a job's log as it grows.")
    @OptionGroup var job: JobNameOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        _ = try await JobVerbs(session: session).stream(job.required())
        return .null
    }
}

/// `job cancel`
struct JobCancel: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "cancel", abstract: "End a job.")
    @OptionGroup var job: JobNameOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await JobVerbs(session: session).cancel(job.required(), wait: !change.noWait)
        return .null
    }
}

/// `job list`
struct JobList: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List jobs, the newest first.")
    @OptionGroup var list: ListOptions
    @Option(name: [.customShort("p"), .customLong("parent-job-name")], help: "List the children of this job.")
    var parent: String?
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { ResourceKind.job.columns }

    func answer(_ session: Session) async throws -> JSON {
        let limit = list.allResults ? Int.max : list.maxResults ?? 50
        if let parent { return try await JobVerbs(session: session).children(of: parent, limit: limit) }
        return try await ResourceVerbs(session: session, kind: .job).list(
            .init(), visibility: list.visibility, limit: limit)
    }
}

/// `job download`
struct JobDownloadCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Copy a job's logs and outputs into a folder.")
    @OptionGroup var job: JobNameOptions
    @Flag(help: "Logs and all outputs.") var all = false
    @Option(name: .customLong("output-name"), help: "One output.") var outputName: String?
    @Option(name: [.customShort("p"), .customLong("download-path")], help: "The folder.") var folder = "."
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if all && outputName != nil { throw ValidationError("Give --all or --output-name, not both.") }
    }

    func answer(_ session: Session) async throws -> JSON {
        let choice: JobDownload.Choice = all ? .everything : outputName.map { .output($0) } ?? .artifacts
        let count = try await JobDownload(session: session).download(job.required(), choice, to: folder)
        session.screen.notice("Downloaded \(count) \(count == 1 ? "file" : "files") to \(folder).")
        return .null
    }
}

/// `job archive`
struct JobArchive: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "archive", abstract: "Hide a job from lists.")
    @OptionGroup var job: JobNameOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await JobVerbs(session: session).setArchived(true, job.required())
        return .null
    }
}

/// `job restore`
struct JobRestore: SessionCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: "Bring back an archived job.")
    @OptionGroup var job: JobNameOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await JobVerbs(session: session).setArchived(false, job.required())
        return .null
    }
}

/// `job update`
struct JobUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a job's tags, properties, name or description.")
    @OptionGroup var job: JobNameOptions
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let changes = try edit.changes()
        guard !changes.isEmpty else {
            throw ServiceError(ErrorReport.usageCode, "Say what to change: --set tags.owner=me.")
        }
        return try await JobVerbs(session: session).update(job.required(), changes: changes)
    }
}

/// `job show-services`
struct JobServices: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "show-services", abstract: "Show the addresses a job offers.")
    @OptionGroup var job: JobNameOptions
    @Option(name: [.customShort("i"), .customLong("node-index")], help: .hidden) var node: Int?
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await ResourceVerbs(session: session, kind: .job).show(.init(name: job.required()))["services"]
    }
}

/// `job validate`
struct JobValidate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Look for mistakes in a job's file.")
    @Option(name: .shortAndLong, help: "A YAML file; - reads the standard input.") var file: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let document = try DocumentSource(file: file, settings: [], changes: edit.changes()).document()
        return try JobVerbs(session: session).validate(document)
    }
}
