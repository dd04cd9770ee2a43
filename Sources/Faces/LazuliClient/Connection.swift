import LazuliResources

/// Everything a command needs of one server: open it once, close it at the end.
public struct Connection: Sendable {
    public let profile: Profile
    public let transport: Transport
    public let tokens: TokenSource
    public let arm: ARMClient

    public init(profile: Profile) throws {
        self.profile = profile
        transport = try Transport(profile: profile)
        tokens = TokenSource(profile: profile, transport: transport)
        arm = ARMClient(profile: profile, transport: transport, tokens: tokens)
    }

    public func close() async { await transport.close() }
}
