import ArgumentParser
import Foundation
import LazuliResources

/// `show`
struct ShowCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show one \(Kind.kind.noun).")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { Kind.kind.columns }

    func answer(_ session: Session) async throws -> JSON {
        var names = options.names
        // A workspace may be named by the flag that all commands have.
        if case .workspaces = Kind.kind.home { names.name = names.name ?? session.scope.workspace }
        return try await ResourceVerbs(session: session, kind: Kind.kind).show(names)
    }
}

/// Flags of `list`.
struct ListOptions: ParsableArguments {
    @Option(name: [.customShort("r"), .customLong("max-results")], help: "At most so many.") var maxResults: Int?
    @Flag(name: .customLong("all-results"), help: "All of them.") var allResults = false
    @Flag(name: .customLong("archived-only"), help: "Only what is archived.") var archivedOnly = false
    @Flag(name: .customLong("include-archived"), help: "What is archived too.") var includeArchived = false

    var visibility: ResourceVerbs.Visibility { archivedOnly ? .archived : includeArchived ? .all : .active }
    var limit: Int { maxResults ?? .max }

    func validate() throws {
        if let maxResults, maxResults < 1 { throw ValidationError("--max-results must be 1 or more.") }
    }
}

/// `list`
struct ListCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List every \(Kind.kind.noun).")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var list: ListOptions
    @OptionGroup var global: GlobalOptions
    var columns: [ResourceKind.Column]? { Kind.kind.columns }

    func answer(_ session: Session) async throws -> JSON {
        try await ResourceVerbs(session: session, kind: Kind.kind)
            .list(options.names, visibility: list.visibility, limit: list.limit)
    }
}

/// `create`
struct CreateCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "create", abstract: "Make a \(Kind.kind.noun), or bring it to what the file says.")
    }
    @Option(name: .shortAndLong, help: "A YAML file; - reads the standard input.") var file: String?
    @OptionGroup var options: Kind.Names
    @OptionGroup var flags: Kind.Flags
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let document = try DocumentSource(file: file, settings: flags.settings, changes: edit.changes()).document()
        let made: JSON
        if case .workspaces = Kind.kind.home {
            made = try await WorkspaceCreation(session: session)
                .create(document, name: options.names.name, wait: !change.noWait)
        } else {
            made = try await ResourceVerbs(session: session, kind: Kind.kind)
                .create(document, options.names, wait: !change.noWait)
        }
        return try await flags.finish(made, session)
    }
}

/// A file, the flags that stand for keys, and `--set`: together one document.
struct DocumentSource {
    let file: String?
    let settings: [(String, JSON)]
    let changes: [Assignment]

    func document() throws -> YAMLDocument {
        var document =
            try file.map { try YAMLDocument.read($0) }
            ?? YAMLDocument(
                name: "the command line", folder: FileManager.default.currentDirectoryPath,
                root: SourceNode(.mapping([]), at: .flag("the command line")))
        for (key, value) in settings {
            let flag = Place.flag("--" + (key.split(separator: ".").last ?? "").replacing("_", with: "-"))
            let steps = try Assignment.steps(key)
            document.root = try put(value, steps[...], flag, into: document.root)
        }
        for change in changes { document.root = try change.apply(to: document.root) }
        return document
    }

    private func put(_ value: JSON, _ path: ArraySlice<Assignment.Step>, _ place: Place, into node: SourceNode?) throws
        -> SourceNode
    {
        guard case .name(let name)? = path.first else { return SourceNode(local(value), at: place) }
        var copy =
            node?.entries == nil ? SourceNode(.mapping([]), at: place) : node ?? SourceNode(.mapping([]), at: place)
        copy[name] = try put(value, path.dropFirst(), place, into: copy[name])
        return copy
    }

    /// Paths of flags start from the working folder, even beside a file from elsewhere.
    private func local(_ value: JSON) -> JSON {
        guard let text = value.string, LocalPath.isLocal(text), text.contains("/") || text.hasPrefix(".") else {
            return value
        }
        let full = LocalPath.absolute(text, from: FileManager.default.currentDirectoryPath)
        return FileManager.default.fileExists(atPath: full) ? .string(full) : value
    }
}

/// `update`
struct UpdateCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "update", abstract: "Change a \(Kind.kind.noun).")
    }
    @Option(name: .shortAndLong, help: "A YAML file with the keys to change.") var file: String?
    @OptionGroup var options: Kind.Names
    @OptionGroup var flags: Kind.Flags
    @OptionGroup var edit: EditOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        let settings = flags.settings
        let document =
            file == nil && settings.isEmpty
            ? nil : try DocumentSource(file: file, settings: settings, changes: []).document()
        let changes = try edit.changes()
        guard document != nil || !changes.isEmpty else {
            throw ServiceError(ErrorReport.usageCode, "Say what to change: --set key=value, or --file.")
        }
        let made = try await ResourceVerbs(session: session, kind: Kind.kind)
            .update(options.names, document: document, changes: changes, wait: !change.noWait)
        return try await flags.finish(made, session)
    }
}

/// `delete`
struct DeleteCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "delete", abstract: "Delete a \(Kind.kind.noun).")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var change: ChangeOptions
    @OptionGroup var global: GlobalOptions
    @Flag(name: .customLong("all-resources"), help: .hidden) var allResources = false
    @Flag(name: [.customShort("p"), .customLong("permanently-delete")], help: .hidden) var permanently = false

    func answer(_ session: Session) async throws -> JSON {
        guard let name = options.names.name else {
            throw ServiceError(ErrorReport.usageCode, "--name is missing: say which \(Kind.kind.noun) is meant.")
        }
        try change.confirm("Delete the \(Kind.kind.noun) \(name)?")
        try await ResourceVerbs(session: session, kind: Kind.kind).delete(options.names, wait: !change.noWait)
        return .null
    }
}

/// `archive`
struct ArchiveCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "archive", abstract: "Hide a \(Kind.kind.noun) from lists.")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await ResourceVerbs(session: session, kind: Kind.kind).setArchived(true, options.names)
        return .null
    }
}

/// `restore`
struct RestoreCommand<Kind: KindName>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "restore", abstract: "Bring back an archived \(Kind.kind.noun).")
    }
    @OptionGroup var options: Kind.Names
    @OptionGroup var global: GlobalOptions

    func answer(_ session: Session) async throws -> JSON {
        try await ResourceVerbs(session: session, kind: Kind.kind).setArchived(false, options.names)
        return .null
    }
}
