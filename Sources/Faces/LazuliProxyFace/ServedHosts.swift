/// The host names of the cloud that this server answers for. Source: what the stock clients call, and what their users
/// write into programs.
enum ServedHosts {
    /// Which of the server's own listeners answers.
    enum Listener: Sendable, Equatable { case management, blob, scoring }

    private static let rules: [(name: String, listener: Listener)] = [
        ("login.microsoftonline.com", .management), ("management.azure.com", .management),
        ("ml.azure.com", .management), ("*.api.azureml.ms", .management),
        ("*.blob.core.windows.net", .blob),
        ("*.azurewebsites.net", .scoring), ("*.inference.ml.azure.com", .scoring), ("*.azurecontainer.io", .scoring),
    ]

    /// The listener for a name; nil for the rest of the world.
    static func listener(for host: String) -> Listener? {
        let host = host.lowercased()
        return rules.first { rule in
            rule.name.hasPrefix("*.")
                ? host.hasSuffix(rule.name.dropFirst()) && host.utf8.count >= rule.name.utf8.count
                : host == rule.name
        }?.listener
    }
}
