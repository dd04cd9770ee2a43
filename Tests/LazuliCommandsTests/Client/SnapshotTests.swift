import Foundation
import LazuliResources
import Testing

@testable import LazuliClient

@Suite struct SnapshotTests {
    private static let files = [
        "train.py": "print(1)\n", "README.md": "hello", "Sub/a.txt": "a", "Sub/deep/b.txt": "bb",
        "data/big.csv": "1,2\n",
        "empty.txt": "", ".amlignore": "data/\n*.md\n",
    ]

    @Test("content has the hash that the stock client gives it")
    func hashesLikeTheStockClient() throws {
        let folder = try TemporaryFolder(Self.files)
        defer { folder.remove() }
        let rules = IgnoreRules(folder: folder.path)
        #expect(
            try ContentHash.ofCode(Snapshot.ofCode(folder.path))
                == "4c6f9f88cb9d5ececcbcd223d688265c1cf0bde39aa1389b682ec236c9c51c8e")
        #expect(
            try ContentHash.ofAsset(folder.path, ignoring: rules)
                == "a7ed8f73d7219d968a44290f03d1e8fbd2a6a1be6916cdd0e2e5485f01438248")
        #expect(
            try ContentHash.ofAsset(folder.path + "/train.py", ignoring: .init())
                == "be8e1ccd5bbcf8736e49e2bd0fe5d827c4332a4b6c1975d480092b1fa0cc9d74")
    }

    @Test("a snapshot holds what is not ignored, links followed")
    func listsFiles() throws {
        let folder = try TemporaryFolder(
            Self.files.merging([".git/config": "x", "__pycache__/m.pyc": "x"]) { first, _ in first })
        defer { folder.remove() }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.txt", withDestinationPath: folder.path + "/Sub/a.txt")
        let snapshot = try Snapshot.ofCode(folder.path)
        #expect(
            snapshot.files.map(\.name) == [
                ".amlignore", "empty.txt", "link.txt", "Sub/a.txt", "Sub/deep/b.txt", "train.py",
            ])
        #expect(snapshot.totalSize == 24)
    }

    @Test("a folder of which nothing is left is refused")
    func refusesEmptyFolders() throws {
        let folder = try TemporaryFolder([".amlignore": "*\n", "a": "x"])
        defer { folder.remove() }
        #expect(throws: ServiceError.self) { try Snapshot.ofCode(folder.path) }
        #expect(throws: ServiceError.self) { try Snapshot.ofCode(folder.path + "/nowhere") }
    }

    @Test("a link to its own parent ends with a message")
    func endsAtCycles() throws {
        let folder = try TemporaryFolder(["a/b": "x"])
        defer { folder.remove() }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/a/up", withDestinationPath: folder.path)
        #expect(throws: ServiceError.self) { try Snapshot.ofCode(folder.path) }
    }

    static let ignored: [(String, Bool)] = [
        ("m.pyc", true), ("sub/m.pyc", true), ("important.pyc", false), ("top", true), ("sub/top", false),
        ("top/x", true),
        ("logs", false), ("logs/a.txt", true), ("logs/keep.txt", false), ("sub/logs/a.txt", true), ("a/b", true),
        ("a/x/b", true),
        ("a/x/y/b", true), ("a/x/y/b/c", true), ("docs/a.txt", true), ("docs/sub/a.txt", false),
        ("node_modules/x", true),
        ("p/node_modules/y", true), ("build", false), ("build/x", true), ("temp1", true), ("temp", false),
        ("a.c", true), ("b.c", true),
        ("c.c", false), ("x/y", true), ("z/x/y", false), ("#hash", true), ("trail", true), ("foo", false),
        ("foo/a", true), ("foo/a/b", true),
    ]

    @Test("ignore rules leave out what the stock client leaves out", arguments: ignored)
    func ignores(path: String, excluded: Bool) {
        let rules = IgnoreRules(lines: [
            "*.pyc", "/top", "logs/", "!logs/keep.txt", "a/**/b", "docs/*.txt", "**/node_modules", "build/**", "temp?",
            "[ab].c",
            "x/y", "!important.pyc", "# comment", "\\#hash", "trail  ", "foo/*",
        ])
        #expect(rules.excludes(path) == excluded)
    }
}
