/// The variables by which the stock clients find a server, wherever they run. Source: the clients' own bootstrapping,
/// as Documentation/Architecture.md tells.
public struct ServerVariables: Sendable {
    public let list: [(name: String, value: String)]

    /// The name of our cloud in the document that `ARM_CLOUD_METADATA_URL` leads to.
    public static let cloudName = "Lazuli"

    /// - Parameters:
    ///   - api: the management API's address, without a slash at the end.
    ///   - bundle: a PEM file with the roots to trust; nil leaves the system's.
    public init(api: String, bundle: String?) {
        self.init(
            [
                ("ARM_CLOUD_METADATA_URL", api + "/metadata/endpoints?api-version=2019-05-01"),
                ("AZUREML_CURRENT_CLOUD", Self.cloudName),
                ("AZURE_AUTHORITY_HOST", api + "/adfs"),
                ("REGISTRY_DISCOVERY_ENDPOINT_URL", api + "/"),
            ], bundle)
    }

    /// The variables by which programs that know only the cloud's own addresses find a server.
    /// - Parameter proxy: the proxy that answers for those addresses.
    public init(proxy: String, bundle: String?) {
        self.init(["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"].map { ($0, proxy) }, bundle)
    }

    private init(_ own: [(String, String)], _ bundle: String?) {
        var list = own + [("AZUREML_RUN_POLLING_INTERVAL_MIN", "1"), ("AZUREML_RUN_POLLING_INTERVAL_MAX", "2")]
        if let bundle { list += Self.bundleNames.map { ($0, bundle) } }
        self.list = list.map { (name: $0.0, value: $0.1) }
    }

    /// What names our cloud, and must not be set where the cloud's own addresses are meant.
    public static let cloudNames = [
        "ARM_CLOUD_METADATA_URL", "AZUREML_CURRENT_CLOUD", "AZURE_AUTHORITY_HOST", "REGISTRY_DISCOVERY_ENDPOINT_URL",
    ]

    /// Under these names Python's requests, OpenSSL and curl look for the roots to trust.
    private static let bundleNames = ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"]

    /// Hosts that no proxy may come between.
    public static let directHosts = ["localhost", "127.0.0.1"]
}
