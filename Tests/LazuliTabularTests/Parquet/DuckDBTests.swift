import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import LazuliTabular

/// Where `lazuli native install duckdb` put the program, if it did.
private let installed: String? = {
    guard let folder = ProcessInfo.processInfo.environment["LAZULI_NATIVE"] else { return nil }
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return versions.first { $0.hasPrefix("duckdb-") }.map { "\(folder)/\($0)/duckdb_cli/duckdb" }
}()

/// A shell script stands in for DuckDB: what is tested here is the conversation with it.
@Suite("Parquet through DuckDB")
struct DuckDBTests {
    private let described = """
        [{"column_name":"code","column_type":"VARCHAR"},
        {"column_name":"price","column_type":"DECIMAL(8,2)"},
        {"column_name":"ok","column_type":"BOOLEAN"},
        {"column_name":"when","column_type":"TIMESTAMP WITH TIME ZONE"},
        {"column_name":"tags","column_type":"INTEGER[]"}]
        [{"counts":[2,1]}]
        """

    private func script(_ lines: String, in folder: TemporaryFolder) throws -> DuckDB {
        try folder.write("#!/bin/sh\n\(lines)\n", "duckdb")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/duckdb")
        return DuckDB(path: "\(folder.path)/duckdb")
    }

    @Test("Rows come with the kinds that the files tell, text that looks like numbers included")
    func converts() async throws {
        let folder = try TemporaryFolder(["a.parquet": "PAR1", "b.parquet": "PAR1"])
        try folder.write(described, "described")
        try folder.write(
            "code,price,ok,when,tags\n1,1.50,true,2024-01-01 00:00:00+00,[1]\n2,2.25,false,2024-01-01 01:00:00+00,\n3,,,,[2]\n",
            "rows")
        var source = TableSource()
        source.parquet = try script(
            """
            target=$(printf '%s' "$5" | sed "s/.* TO '\\([^']*\\)'.*/\\1/")
            cp \(folder.path)/rows "$target"
            cat \(folder.path)/described
            """, in: folder)
        try folder.write(
            "paths: [{pattern: ./*.parquet}]\ntransformations: [{read_parquet: {include_path_column: true}}, {filter: 'col(\"code\") > 1'}]",
            "MLTable")
        let table = try await source.read(path: folder.path).table
        #expect(table.names == ["Path", "code", "price", "ok", "when", "tags"])
        #expect(table.kinds == [.category, .category, .real, .boolean, .dateTime, .category])
        #expect(table.texts("Path").map { $0?.suffix(9) } == ["a.parquet", "b.parquet"])
        #expect(table.texts("when") == ["2024-01-01T01:00:00Z", nil])
    }

    @Test("What DuckDB complains of is told with the file's name")
    func complaint() async throws {
        let folder = try TemporaryFolder(["a.parquet": "no"])
        var source = TableSource()
        source.parquet = try script("echo 'Invalid Input Error: No magic bytes' >&2; exit 1", in: folder)
        let path = "\(folder.path)/a.parquet"
        let expected = TableFault("\(path) cannot be read as Parquet: Invalid Input Error: No magic bytes", file: path)
        await #expect(throws: expected) { try await source.read(path: path) }
    }

    @Test("A DuckDB that cannot be started is told with its path")
    func noProgram() async throws {
        let folder = try TemporaryFolder(["a.parquet": "no"])
        var source = TableSource()
        source.parquet = DuckDB(path: "\(folder.path)/none")
        let fault = try await #require(throws: TableFault.self) {
            try await source.read(path: "\(folder.path)/a.parquet")
        }
        #expect(fault.message.contains("\(folder.path)/none could not be run"))
    }

    @Test(
        "Files that DuckDB itself wrote are read, their rows in order and each from its file",
        .enabled(if: installed != nil))
    func realFiles() async throws {
        let duckdb = try #require(installed), folder = try TemporaryFolder()
        let select = """
            SELECT i AS id, '00' || i AS code, i / 3.0 AS share, i % 2 = 0 AS even, NULLIF('a,"b' || i, 'a,"b1') AS word,
            TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS hour FROM range(FROM_ROW, TO_ROW) t(i)
            """
        for (file, first, last) in [("1", 0, 3), ("2", 3, 5)] {
            let rows = select.replacing("FROM_ROW", with: "\(first)").replacing("TO_ROW", with: "\(last)")
            let statement = "COPY (\(rows)) TO '\(folder.path)/\(file).parquet' (FORMAT parquet)"
            let result = try await Subprocess.run(
                .path(FilePath(duckdb)), arguments: ["-no-init", ":memory:", statement], output: .discarded,
                error: .discarded)
            #expect(result.terminationStatus.isSuccess)
        }
        try folder.write(
            "paths: [{folder: .}]\ntransformations: [{read_parquet: {include_path_column: true}}]", "MLTable")
        var source = TableSource()
        source.parquet = DuckDB(path: duckdb)
        let table = try await source.read(path: folder.path).table
        #expect(table.kinds == [.category, .integer, .category, .real, .boolean, .category, .dateTime])
        #expect(table.texts("id") == ["0", "1", "2", "3", "4"] && table.texts("code").first == "000")
        #expect(table.texts("word")[1] == nil && table.texts("word")[2] == "a,\"b2")
        let shares: [Double] = (0..<5).map { Double($0) / 3 }
        #expect(table.column("share")?.numbers == shares)
        #expect(table.texts("hour")[4] == "2024-01-01T04:00:00Z")
        let files = table.texts("Path").compactMap { path in path?.split(separator: "/").last.map(String.init) }
        #expect(files == ["1.parquet", "1.parquet", "1.parquet", "2.parquet", "2.parquet"])
    }
}
