import Foundation
import GRDB
import LazuliConformance
import LazuliPersistence
import LazuliResources
import Testing

@Suite("The state database")
struct StateDatabaseTests {
    private static let table = Migration("test-001", sql: "CREATE TABLE item (name TEXT NOT NULL PRIMARY KEY)")

    private struct Refused: Error, Equatable { let name: String }

    private func count(_ database: StateDatabase) async throws -> Int {
        try await database.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM item") ?? 0 }
    }

    @Test("Every one of many writes at once is there, and each gets its own result")
    func manyWrites() async throws {
        try await withTemporaryDatabase([Self.table]) { database in
            let results = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<600 {
                    group.addTask {
                        try await database.write { database in
                            try database.execute(sql: "INSERT INTO item VALUES (?)", arguments: ["\(index)"])
                            return index
                        }
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(results.sorted() == Array(0..<600))
            #expect(try await count(database) == 600)
        }
    }

    @Test("A write that fails undoes itself alone: the others of its commit stay")
    func oneFails() async throws {
        try await withTemporaryDatabase([Self.table]) { database in
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let result = await Result.of {
                            try await database.write { database in
                                try database.execute(sql: "INSERT INTO item VALUES (?)", arguments: ["\(index)"])
                                if index % 3 == 0 { throw Refused(name: "\(index)") }
                            }
                        }
                        let error = result.failure as? Refused
                        #expect(error == (index % 3 == 0 ? Refused(name: "\(index)") : nil))
                    }
                }
            }
            let names = try await database.read { try String.fetchAll($0, sql: "SELECT name FROM item") }
            #expect(names.compactMap(Int.init).sorted() == (0..<200).filter { $0 % 3 != 0 })
        }
    }

    @Test("A statement that the database refuses fails its write and no other")
    func constraint() async throws {
        try await withTemporaryDatabase([Self.table]) { database in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let result = await Result.of {
                            try await database.write { try $0.execute(sql: "INSERT INTO item VALUES ('same')") }
                        }
                        return result.failure == nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
            let rows = try await count(database)
            #expect(rows == 1)
        }
    }

    @Test("What a write returned from is what the next reader sees")
    func readYourWrites() async throws {
        try await withTemporaryDatabase([Self.table]) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let name = "\(index)"
                        try await database.write {
                            try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: [name])
                        }
                        let found = try await database.read {
                            try String.fetchOne($0, sql: "SELECT name FROM item WHERE name = ?", arguments: [name])
                        }
                        #expect(found == name)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A file that is opened again has all that was written, and its schema is not made twice")
    func reopened() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "a.sqlite").path
            let later = Migration("test-002", sql: "ALTER TABLE item ADD COLUMN size INTEGER NOT NULL DEFAULT 7")
            let first = try StateDatabase(path: path, migrations: [Self.table])
            try await first.write { try $0.execute(sql: "INSERT INTO item VALUES ('kept')") }
            try first.close()
            let second = try StateDatabase(path: path, migrations: [Self.table, later])
            let rows = try await second.read { try String.fetchAll($0, sql: "SELECT name || ' ' || size FROM item") }
            #expect(rows == ["kept 7"])
            try second.close()
        }
    }

    @Test("A write is durable: it is in a copy of the files that is made while the database is open")
    func durable() async throws {
        try await withTemporaryFolder { folder in
            let open = folder.appending(path: "open"), copy = folder.appending(path: "copy")
            try FileManager.default.createDirectory(at: open, withIntermediateDirectories: true)
            let database = try StateDatabase(path: open.appending(path: "a.sqlite").path, migrations: [Self.table])
            for index in 0..<10 {
                try await database.write { try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: ["\(index)"]) }
            }
            try FileManager.default.copyItem(at: open, to: copy)
            try database.close()
            let copied = try StateDatabase(path: copy.appending(path: "a.sqlite").path, migrations: [Self.table])
            #expect(try await count(copied) == 10)
            try copied.close()
        }
    }

    @Test("The schema's text holds the tables and none of the database's own")
    func schema() async throws {
        try await withTemporaryDatabase([Self.table]) { database in
            let text = try await database.schemaText()
            #expect(text.contains("CREATE TABLE item"))
            #expect(text.contains("CREATE TABLE document"))
            #expect(!text.contains("grdb_migrations"))
        }
    }

    @Test("Rows of numbers are stored as they are, and a row that breaks a rule is an error")
    func numbers() async throws {
        let points = Migration(
            "test-002", sql: "CREATE TABLE point (a INTEGER NOT NULL PRIMARY KEY, b REAL, c INTEGER)")
        try await withTemporaryDatabase([points]) { database in
            try await database.write { database in
                let insert = NumericStatement(
                    try database.cachedStatement(sql: "INSERT INTO point (a, b, c) VALUES (?, ?, ?)"))
                for number in 0..<3 {
                    try insert.execute { place in
                        place.append(Int64(number))
                        place.append(Double(number) / 2)
                        place.append(number == 1)
                    }
                }
                let repeated = #expect(throws: DatabaseError.self) { try insert.execute { $0.append(0 as Int64) } }
                #expect(repeated?.resultCode == .SQLITE_CONSTRAINT)
            }
            let rows = try await database.read {
                try String.fetchAll($0, sql: "SELECT a || ' ' || b || ' ' || c FROM point ORDER BY a")
            }
            #expect(rows == ["0 0.0 0", "1 0.5 1", "2 1.0 0"])
        }
    }
}

extension Result where Success: Sendable, Failure == any Error {
    fileprivate static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    fileprivate var failure: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
