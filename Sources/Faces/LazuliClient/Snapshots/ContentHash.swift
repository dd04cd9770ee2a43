import Foundation
import LazuliResources

/// The stock client's two ways to name content, so that what one client uploaded the other need not upload again.
enum ContentHash {
    /// The version that the stock client gives its code hash.
    static let codeVersion = 202_208

    /// The hash of a code snapshot: the number of files, each `#name#size`, then all contents in the same order.
    static func ofCode(_ snapshot: Snapshot) throws -> String {
        var digest = ContentDigest()
        digest.add(String(snapshot.files.count))
        for file in snapshot.files { digest.add("#\(file.name)#\(file.size)") }
        for file in snapshot.files { try add(file.path, to: &digest) }
        return digest.hex()
    }

    /// The hash of uploaded data and models: folder by folder, each entry's name and then its content.
    static func ofAsset(_ path: String, ignoring rules: IgnoreRules) throws -> String {
        var digest = ContentDigest()
        digest.add("Initialize for october 2021 AML CLI version")
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ServiceError(.notFound, "There is no file or folder \(path).", target: path)
        }
        if isDirectory.boolValue {
            try addFolder(path, prefix: "", rules, to: &digest)
        } else {
            try add(path, to: &digest)
        }
        return digest.hex()
    }

    private static func addFolder(
        _ folder: String, prefix: String, _ rules: IgnoreRules, to digest: inout ContentDigest
    ) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .sorted { Snapshot.key($0).lexicographicallyPrecedes(Snapshot.key($1)) }
        for name in names where !rules.excludes(prefix + name) {
            digest.add(name)
            let path = folder + "/" + name
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            if isDirectory.boolValue {
                try addFolder(path, prefix: prefix + name + "/", rules, to: &digest)
            } else {
                try add(path, to: &digest)
            }
        }
    }

    private static func add(_ path: String, to digest: inout ContentDigest) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ServiceError(.notFound, "The file \(path) cannot be read.", target: path)
        }
        defer { try? file.close() }
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { digest.add(piece) }
    }
}
