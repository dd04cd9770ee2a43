public import GRDB
public import LazuliResources

/// The kinds of versioned assets, by their segment in ids.
public enum AssetKind: String, Sendable, CaseIterable {
    case data, models, environments, components, codes

    /// The word for one of them in messages.
    public var singular: String {
        switch self {
        case .data: "data asset"
        case .models: "model"
        case .environments: "environment"
        case .components: "component"
        case .codes: "code asset"
        }
    }
}

/// A version of an asset that a reference led to.
public struct ResolvedAsset: Sendable {
    public let id: String
    public let name: String
    public let version: String
    public let properties: JSON
    /// Sentences to show the user, such as that an old name was taken for a kept one.
    public let notices: [String]

    public init(id: String, name: String, version: String, properties: JSON, notices: [String] = []) {
        self.id = id
        self.name = name
        self.version = version
        self.properties = properties
        self.notices = notices
    }
}

/// The assets of a workspace as other features see them.
public protocol AssetCatalog: Sendable {
    /// Finds the version that a reference means.
    ///
    /// - Parameter reference: `azureml:name:version`, `azureml:name@label`, the same without `azureml:`, an ARM id, or
    ///   `azureml://registries/azureml/…`.
    /// - Throws: `notFound` naming what is missing and the nearest name; `invalidArgument` for what is no reference.
    func resolve(_ reference: String, kind: AssetKind, in scope: WorkspaceScope) async throws -> ResolvedAsset

    /// Stores a new version inside the caller's transaction.
    /// - Parameter version: nil takes the next whole number.
    /// - Returns: the id of the version.
    func register(
        _ kind: AssetKind, name: String, version: String?, properties: JSON, by: String, at: Int64,
        in scope: WorkspaceScope, _ database: Database
    ) throws -> String
}
