/// Another name for one version of a registered model.
public struct ModelAlias: Sendable, Equatable {
    public let alias: String
    public let version: Int64
}

/// A named line of model versions.
public struct RegisteredModel: Sendable, Equatable {
    public var name: String
    public var description: String?
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var tags: [Entry] = []
    public var aliases: [ModelAlias] = []
    /// The newest version of each stage.
    public var latest: [ModelVersion] = []
}

/// One version of a registered model: the same thing as the model asset of this name and version.
public struct ModelVersion: Sendable, Equatable {
    public var name: String
    public var version: Int64
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var description: String?
    public var user: String
    public var stage: ModelStage
    /// Where the model came from, in the words of who registered it.
    public var source: String
    /// Where clients get the files.
    public var downloadURI: String
    public var runID: String?
    public var runLink: String?
    public var modelID: String?
    public var tags: [Entry]
    public var aliases: [String] = []
}

/// The stages of MLflow's registry.
public enum ModelStage: String, Sendable, CaseIterable {
    case none = "None", staging = "Staging", production = "Production", archived = "Archived"

    var isActive: Bool { self == .staging || self == .production }

    /// - Throws: `invalidArgument` for a word that is no stage; case does not matter.
    init(named name: String) throws {
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
            let all = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw TrackingFault.invalid(
                "Invalid Model Version stage: \(name). Value must be one of \(all).", target: "stage")
        }
        self = stage
    }
}
