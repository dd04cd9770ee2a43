public import Foundation
public import LazuliPersistence
public import LazuliResources

/// Where this server is reached and keeps its keys.
public struct AccessSettings: Sendable {
    /// The server's own address, `https://localhost:PORT`, without a slash at the end.
    public var baseURL: String
    /// The folder of the signing keys; made, readable by its owner alone, when it is missing.
    public var keyFolder: URL
    /// What the person who runs the server is called.
    public var ownerName: String

    public init(baseURL: String, keyFolder: URL, ownerName: String = "you") {
        self.baseURL = baseURL
        self.keyFolder = keyFolder
        self.ownerName = ownerName
    }
}

/// Who there is, what they may do, and how they prove who they are.
public struct AccessFeature: Sendable {
    public static let migrations = [PrincipalService.migration, RoleAssignmentService.migration]

    public let principals: PrincipalService
    public let roleAssignments: RoleAssignmentService
    public let authorizer: RoleAuthorizer
    public let tokens: TokenService
    public let identityHeaders: IdentityHeaders
    public let deviceCodes: DeviceCodes
    public let tokenEndpoint: TokenEndpoint
    /// The person who runs the server. `identityHeaders.issueHeader(for: owner)` is their sign-in key.
    public let owner: Principal

    /// Opens the feature over a migrated database; on first start it makes the keys and the owner.
    public init(
        database: StateDatabase, settings: AccessSettings, clock: WallClock = .system
    ) async throws {
        let directory = try await AccessDirectory(database: database)
        let keys = try SigningKeys(folder: settings.keyFolder)
        principals = PrincipalService(database: database, directory: directory, clock: clock)
        roleAssignments = RoleAssignmentService(database: database, directory: directory, clock: clock)
        owner = try await principals.ensureLocalUser(named: settings.ownerName)
        authorizer = RoleAuthorizer(directory: directory)
        tokens = try await TokenService(keys: keys, baseURL: settings.baseURL, directory: directory, clock: clock)
        identityHeaders = IdentityHeaders(seal: keys.seal(for: "identity-header"), directory: directory)
        deviceCodes = DeviceCodes(clock: clock)
        tokenEndpoint = TokenEndpoint(
            principals: principals, tokens: tokens, deviceCodes: deviceCodes,
            refreshTokens: RefreshTokens(
                seal: keys.seal(for: "refresh-token"), directory: directory, clock: clock))
    }

    /// The management rows of this feature.
    public var routes: [Route] { roleRoutes + principalRoutes + deviceCodeRoutes }
}
