/// The addresses that the identity documents publish.
public struct IdentitySettings: Sendable {
    /// The management API's own address, `https://localhost:PORT`, without a slash at the end.
    public var baseURL: String
    /// Host and port of the blob service, `localhost:PORT`.
    public var blobAuthority: String

    public init(baseURL: String, blobAuthority: String) {
        self.baseURL = baseURL
        self.blobAuthority = blobAuthority
    }

    /// The name of our cloud, for `AZUREML_CURRENT_CLOUD`.
    public static let cloudName = "Lazuli"

    /// What clients put behind `https://{account}.blob.`: all before the `@` is URL user info, so that the socket goes
    /// to the blob service without any name resolution.
    public var storageSuffix: String { "core.lazuli@\(blobAuthority)" }

    /// Clients cut the audience of the ML services out of this: all after the second dot, `https://ml.azure.lazuli`.
    static let portal = "https://portal.azure.lazuli/"
}
