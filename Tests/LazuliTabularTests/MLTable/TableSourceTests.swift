import Testing

@testable import LazuliTabular

@Suite("Tables by their path")
struct TableSourceTests {
    @Test("A file is read by what its name says, and as delimited text otherwise")
    func files() async throws {
        let folder = try TemporaryFolder([
            "a.csv": "x;y\n1;2\n", "b.jsonl": "{\"x\": 1}\n{\"x\": 2}\n", "c.tsv": "x\ty\n1\t2\n", "d": "x,y\n1,2\n",
            "e.json": "[{\"x\": 1}, {\"x\": 3}]",
        ])
        for (name, names) in [
            ("a.csv", ["x", "y"]), ("b.jsonl", ["x"]), ("c.tsv", ["x", "y"]), ("d", ["x", "y"]), ("e.json", ["x"]),
        ] {
            #expect(try await TableSource.read(path: "\(folder.path)/\(name)").table.names == names)
        }
    }

    @Test("A folder with tables of one format is one table; README and the like do not matter")
    func folders() async throws {
        let folder = try TemporaryFolder(["part-1.csv": "x\n1\n", "part-2.csv": "x\n2\n", "README.md": "# Read"])
        #expect(try await folder.read().table.texts("x") == ["1", "2"])
    }

    @Test("A folder without a table, or with tables of different formats, is refused with what is in it")
    func unclearFolders() async throws {
        let empty = try TemporaryFolder(["notes.md": "x"])
        #expect(await empty.fault()?.message.contains("holds no table. There are: notes.md.") == true)
        let mixed = try TemporaryFolder(["a.csv": "x\n1\n", "b.jsonl": "{}"])
        #expect(await mixed.fault()?.message.contains("a.csv, b.jsonl") == true)
    }

    @Test("Parquet without DuckDB is refused with what to install")
    func noDuckDB() async throws {
        let folder = try TemporaryFolder(["a.parquet": "PAR1"])
        #expect(await folder.fault()?.message.contains("lazuli native install duckdb") == true)
    }

    @Test("A text that gzip compressed is read as what it was")
    func compressed() throws {
        // printf 'a,b\n1,2\n' | gzip -n
        let bytes: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0xD4, 0x49, 0xE2, 0x32, 0xD4, 0x31, 0xE2, 2, 0, 0x7B, 7, 0x97,
            0x0A, 8,
            0, 0, 0,
        ]
        #expect(try CSVReader().read(bytes: bytes, named: "t.csv.gz").table.texts("b") == ["2"])
        #expect(throws: TableFault.self) { try CSVReader().read(bytes: bytes.dropLast(9), named: "t.csv.gz") }
    }
}
