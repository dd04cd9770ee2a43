import Foundation
import LazuliResources

/// `settings.json` of a state folder: what should hold for every start. Options of `lazuli up` go before it.
enum SettingsFile {
    private static let schema: Schema = .object([
        .optional("mirrors", .map(.string)), .optional("serverlessNodes", .integer),
        .optional("port", .integer), .optional("blobPort", .integer), .optional("httpPort", .integer),
        .optional("scoringPort", .integer),
        .optional("requireToken", .boolean), .optional("names", .array(.string)),
    ])

    /// - Throws: `invalidArgument` with the file, the line or the member that is wrong.
    static func apply(_ file: URL, to settings: inout ServerSettings) throws {
        guard let bytes = try? Data(contentsOf: file) else { return }
        let read = try schema.checked(try parsed(bytes, file), at: "settings.json")
        settings.mirrors = (read["mirrors"].object?.pairs ?? []).map { ($0.key, $0.value.string ?? "") }
        settings.serverlessNodes = read["serverlessNodes"].integer ?? settings.serverlessNodes
        settings.port = read["port"].integer ?? settings.port
        settings.blobPort = read["blobPort"].integer ?? settings.blobPort
        settings.httpPort = read["httpPort"].integer ?? settings.httpPort
        settings.scoringPort = read["scoringPort"].integer ?? settings.scoringPort
        settings.requireToken = read["requireToken"].bool ?? settings.requireToken
        settings.names = read["names"].array?.compactMap(\.string) ?? settings.names
    }

    private static func parsed(_ bytes: Data, _ file: URL) throws -> JSON {
        do throws(JSONSyntaxError) {
            return try JSON(parsing: Array(bytes))
        } catch {
            throw ServiceError(
                .invalidArgument, "\(file.path):\(error.line):\(error.column): \(error.reason).", target: file.path)
        }
    }
}
