import Foundation
import LazuliClient
import LazuliResources

/// What `lazuli configure --defaults` keeps: names that later commands need not repeat.
struct Defaults {
    var members: JSONObject

    var group: String? { members["group"]?.string }
    var workspace: String? { members["workspace"]?.string }
    var subscription: String? { members["subscription"]?.string }

    static func path(home: String?) -> String { ProfileDiscovery(home: home).home + "/cli.json" }

    static func read(home: String?) throws -> Defaults {
        let path = path(home: home)
        guard let data = FileManager.default.contents(atPath: path) else { return Defaults(members: JSONObject()) }
        do {
            return Defaults(members: try JSON(parsing: data).object ?? JSONObject())
        } catch {
            throw ServiceError(
                .invalidArgument, "\(path):\(error.line):\(error.column): \(error.reason). Mend or remove the file.")
        }
    }

    func write(home: String?) throws {
        let path = Self.path(home: home)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data((JSON.object(members).prettyText + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
