import Foundation
import LazuliResources

/// What names, aliases, tags and sources of the registry may look like.
enum RegistryRules {
    private static let longestTagValue = 100_000
    private static let longestAlias = 255
    private static let promptText = "mlflow.prompt.text"

    /// Prompts live in the registry as models with a tag.
    static func isPrompt(_ tags: [Entry]) -> Bool {
        tags.contains { $0.key == RegistrySearch.promptTag && $0.value.lowercased() == "true" }
    }

    /// A name that cannot be given again.
    static func taken(_ name: String, byPrompt: Bool, forPrompt: Bool) -> ServiceError {
        func word(_ isPrompt: Bool) -> String { isPrompt ? "Prompt" : "Registered Model" }
        let message =
            byPrompt == forPrompt
            ? "\(word(forPrompt)) (name=\(name)) already exists."
            : "Tried to create a \(word(forPrompt).lowercased()) with name \(PythonText.repr(name)), but the name is "
                + "already taken by a \(word(byPrompt).lowercased()). Models and prompts share their names."
        return ServiceError(TrackingFault.alreadyExists, message, target: name)
    }

    static func checkName(_ name: String, parameter: String = "name") throws {
        guard !name.allSatisfy(\.isWhitespace) else { throw TrackingFault.missing(parameter) }
        guard !name.contains(where: { $0 == "/" || $0 == ":" }) else {
            throw TrackingFault.invalid(
                "Invalid model name '\(name)'. Names cannot contain '/' or ':'.", target: parameter)
        }
        let normal = NameRules.normalPath(name)
        guard normal == name, normal != ".", !normal.hasPrefix("..") else {
            throw TrackingFault.invalidValue(
                "name", name,
                because: "Names may be treated as files in certain cases, and must not resolve to other names when "
                    + "treated as such. This name would resolve to \(PythonText.repr(normal))")
        }
    }

    static func checkTag(_ tag: Entry) throws {
        try NameRules.checkKey(tag.key, at: "key")
        try NameRules.checkLength(tag.key, of: "key", limit: TrackingLimits.key)
        if tag.key == promptText, tag.value.unicodeScalars.count > longestTagValue {
            throw TrackingFault.invalid(
                "Prompt text exceeds max length of \(longestTagValue) characters.", target: "value")
        }
        try NameRules.checkLength(tag.value, of: "value", limit: longestTagValue)
    }

    static func checkVersion(_ version: String) throws -> Int64 {
        guard let number = Int64(version) else {
            throw TrackingFault.invalid(
                "Parameter 'version' must be an integer, got '\(version)'.", target: "version")
        }
        return number
    }

    static func checkAlias(_ alias: String) throws {
        guard !alias.isEmpty else { throw TrackingFault.invalid("Registered model alias name cannot be empty.") }
        let isWord = alias.unicodeScalars.allSatisfy {
            $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        guard isWord else {
            throw TrackingFault.invalid(
                "Invalid alias name: '\(alias)'. Names may only contain alphanumerics, underscores (_), and dashes (-).",
                target: "alias")
        }
        try NameRules.checkLength(alias, of: "Registered model alias name", limit: longestAlias)
    }

    static func checkNewAlias(_ alias: String) throws {
        try checkAlias(alias)
        guard alias.lowercased() != "latest" else {
            throw TrackingFault.invalid("'latest' alias name (case insensitive) is reserved.", target: "alias")
        }
        guard !(alias.lowercased().hasPrefix("v") && alias.count > 1 && alias.dropFirst().allSatisfy(\.isNumber)) else {
            throw TrackingFault.invalid("Version alias name '\(alias)' is reserved.", target: "alias")
        }
    }

    /// A source must be an address: a path of the server's own disk would hand its files to anybody.
    static func checkSource(_ source: String) throws {
        let plain = unescaped(source)
        guard let colon = plain.firstIndex(of: ":"), !plain.lowercased().hasPrefix("file:"),
            plain[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }),
            plain[..<colon].count > 1
        else {
            throw TrackingFault.invalid(
                "Invalid model version source: '\(source)'. To use a local path as a model version source, the run_id "
                    + "request parameter has to be specified and the local path has to be contained within the "
                    + "artifact directory of the run specified by the run_id.", target: "source")
        }
        guard !plain.contains("\0"), !plain.split(separator: "/").contains("..") else {
            throw TrackingFault.invalid(
                "Invalid model version source: '\(source)'. If supplying a source as an http, https, local file path, "
                    + "ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative "
                    + "path references present. Please provide an absolute path.", target: "source")
        }
    }

    private static func unescaped(_ text: String) -> String {
        var current = text
        for _ in 0..<10 {
            guard let next = current.removingPercentEncoding, next != current else { return current }
            current = next
        }
        return current
    }
}
