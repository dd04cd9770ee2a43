import Foundation
import LazuliResources
import Subprocess
import SystemPackage

/// Converts Parquet by DuckDB's command, which runs as a child process. Source: duckdb.org/docs, version 1.5.
package struct DuckDB: ParquetConverter {
    private let path: @Sendable () async throws -> String
    private static let largestOutput = 1 << 26

    /// - Parameter path: the executable `duckdb`.
    package init(path: String) { self.path = { path } }

    /// - Parameter find: gives the executable when it is first needed, and may fetch it.
    package init(find: @escaping @Sendable () async throws -> String) { path = find }

    package func convert(_ paths: [String], limit: Int?, to csv: String) async throws -> ParquetConversion {
        let files = "[\(paths.map(Self.quoted).joined(separator: ", "))]"
        let rows = "read_parquet(\(files), union_by_name = true, filename = false)"
        // A count per file tells which row is from which file.
        let counts = paths.map { "(SELECT count(*) FROM read_parquet(\(Self.quoted($0))))" }.joined(separator: ", ")
        let output = try await run(
            [
                "SET TimeZone = 'UTC'", "SET preserve_insertion_order = true", "DESCRIBE SELECT * FROM \(rows)",
                "SELECT [\(counts)] AS counts",
                "COPY (SELECT * FROM \(rows)\(limit.map { " LIMIT \($0)" } ?? "")) TO \(Self.quoted(csv)) (FORMAT csv, HEADER)",
            ], about: paths)
        return try Self.conversion(output, limit)
    }

    private func run(_ statements: [String], about paths: [String]) async throws -> String {
        let arguments = ["-json", "-bail", "-no-init", ":memory:", statements.joined(separator: "; ")]
        let path = try await path()
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(["HOME": "/nonexistent"]),
                input: .none, output: .string(limit: Self.largestOutput), error: .string(limit: Self.largestOutput))
            if result.terminationStatus.isSuccess { return result.standardOutput }
            throw Self.fault(result.standardError, paths)
        } catch let error as SubprocessError {
            throw TableFault("Parquet files are read by DuckDB, and \(path) could not be run: \(error).")
        }
    }

    private static func fault(_ message: String, _ paths: [String]) -> TableFault {
        let sentence = message.split(separator: "\n").first.map(String.init) ?? "it failed without a message"
        return TableFault(
            "\(paths.joined(separator: ", ")) cannot be read as Parquet: \(sentence.trimmingSpaces)", file: paths.first)
    }

    /// The output of two statements: the description of the columns, and the counts.
    static func conversion(_ output: String, _ limit: Int?) throws -> ParquetConversion {
        var columns: [ParquetColumn] = [], counts: [Int] = []
        for document in try documents(output) {
            for row in document.array ?? [] {
                if let name = row["column_name"].string {
                    columns.append(ParquetColumn(name: name, kind: kind(row["column_type"].string ?? "")))
                }
                counts += row["counts"].array?.compactMap(\.integer) ?? []
            }
        }
        var left = limit ?? .max
        let taken = counts.map { count in
            defer { left -= min(left, count) }
            return min(left, count)
        }
        return ParquetConversion(columns: columns, rowCounts: taken)
    }

    /// The lists that stand one after the other in the output.
    private static func documents(_ output: String) throws -> [JSON] {
        try output.components(separatedBy: "]\n[").enumerated().map { place, text in
            let parts = output.components(separatedBy: "]\n[").count
            return try JSON(parsing: (place > 0 ? "[" : "") + text + (place < parts - 1 ? "]" : ""))
        }
    }

    private static func kind(_ type: String) -> ParquetKind {
        let name = type.prefix { $0 != "(" }
        if type.hasSuffix("]") { return .text }
        switch name {
        case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "UHUGEINT",
            "FLOAT", "DOUBLE", "DECIMAL":
            return .number
        case "BOOLEAN": return .boolean
        case "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE":
            return .dateTime
        default: return .text
        }
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacingOccurrences(of: "'", with: "''"))'" }
}
