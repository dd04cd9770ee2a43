import LazuliResources

/// `azureml:name:version`, `azureml:name@label`, the same without `azureml:`, an ARM id, or a registry's URI.
enum AssetReference: Equatable {
    case version(name: String, version: String)
    case label(name: String, label: String)
    case id(String)
    case registry(String)

    init?(_ text: String) {
        let lower = text.lowercased()
        if lower.hasPrefix("azureml://") {
            self = .registry(text)
            return
        }
        let bare = lower.hasPrefix("azureml:") ? String(text.dropFirst("azureml:".count)) : text
        if bare.lowercased().hasPrefix("/subscriptions/") {
            self = .id(bare)
            return
        }
        guard !bare.contains("/"), !bare.hasSuffix(".yml"), !bare.hasSuffix(".yaml") else { return nil }
        if let at = bare.lastIndex(of: "@") {
            let label = String(bare[bare.index(after: at)...]), name = String(bare[..<at])
            guard !label.isEmpty, !name.isEmpty else { return nil }
            self = .label(name: name, label: label)
        } else if let colon = bare.lastIndex(of: ":") {
            let version = String(bare[bare.index(after: colon)...]), name = String(bare[..<colon])
            guard !version.isEmpty, !name.isEmpty else { return nil }
            self = .version(name: name, version: version)
        } else {
            return nil
        }
    }

    /// The short form of an id of this workspace; other ids keep their full form behind `azureml:`.
    static func short(_ id: String) -> String {
        guard let (_, rest) = WorkspaceScope.parse(id) else { return id }
        switch rest.count {
        case 2: return "azureml:\(rest[1])"
        case 4 where rest[2].lowercased() == "versions": return "azureml:\(rest[1]):\(rest[3])"
        case 4 where rest[2].lowercased() == "labels": return "azureml:\(rest[1])@\(rest[3])"
        default: return "azureml:" + id
        }
    }
}
