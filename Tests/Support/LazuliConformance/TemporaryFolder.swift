public import Foundation
public import LazuliPersistence

/// A folder of one test's own, gone when the test has ended.
public func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lazuli-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// A database of one test's own, with the tables of documents and secrets.
public func withTemporaryDatabase<Value>(
    _ more: [Migration] = [], _ body: (StateDatabase) async throws -> Value
) async throws -> Value {
    try await withTemporaryFolder { folder in
        let database = try StateDatabase(
            path: folder.appending(path: "lazuli.sqlite").path,
            migrations: [SecretVault.migration, DocumentTable.migration] + more)
        let value = try await body(database)
        try database.close()
        return value
    }
}
