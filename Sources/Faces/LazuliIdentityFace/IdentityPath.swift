/// What a path of this face asks for; nil paths belong to another face.
enum IdentityPath: Equatable {
    /// An authority's own endpoints; `authority` is its path, `/adfs/{tenant}` or `/{tenant}`.
    enum Endpoint: Equatable { case discovery, keys, token, deviceCode, instances }

    case metadata
    case managedIdentity
    case devicePage
    case authority(path: String, tenant: String, Endpoint)

    private static let endpoints: [[String]: Endpoint] = [
        [".well-known", "openid-configuration"]: .discovery,
        ["v2.0", ".well-known", "openid-configuration"]: .discovery,
        ["discovery", "instance"]: .instances,
        ["discovery", "keys"]: .keys,
        ["discovery", "v2.0", "keys"]: .keys,
        ["oauth2", "token"]: .token,
        ["oauth2", "v2.0", "token"]: .token,
        ["oauth2", "devicecode"]: .deviceCode,
        ["oauth2", "v2.0", "devicecode"]: .deviceCode,
    ]

    /// The most segments that a path of this face has: `/adfs/{tenant}` and the longest endpoint.
    private static let deepest = 2 + (endpoints.keys.map(\.count).max() ?? 0)

    init?(_ path: String) {
        guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) <= Self.deepest + 1 else { return nil }
        let segments = path.split(separator: "/").map(String.init)
        switch segments.map({ $0.lowercased() }) {
        case ["metadata", "endpoints"]: self = .metadata
        case ["msi", "token"]: self = .managedIdentity
        case ["device"]: self = .devicePage
        default:
            let depth = segments.first?.lowercased() == "adfs" ? 2 : 1
            guard segments.count > depth,
                let endpoint = Self.endpoints[segments[depth...].map { $0.lowercased() }]
            else { return nil }
            self = .authority(
                path: "/" + segments[..<depth].joined(separator: "/"), tenant: segments[depth - 1], endpoint)
        }
    }
}
