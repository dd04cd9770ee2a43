import Foundation
import LazuliResources
import Testing

@testable import LazuliCommands

struct MLflowCommandTests {
    @Test(arguments: [("30d", 2_592_000_000), ("1d2h3m4s", 93_784_000), ("45m", 2_700_000), ("0s", 0)])
    func `a duration is read as mlflow gc reads it`(text: String, milliseconds: Int64) throws {
        #expect(try MLflowCollection.milliseconds(text) == milliseconds)
    }

    @Test(arguments: ["", "soon", "30", "5m1d", "-1d", "1d1d"])
    func `what is no duration is refused`(text: String) {
        #expect(throws: ServiceError.self) { try MLflowCollection.milliseconds(text) }
    }

    @Test func `a source is told by its form`() throws {
        #expect(try SourceLocation("http://127.0.0.1:5000/") == .server("http://127.0.0.1:5000/"))
        #expect(try SourceLocation("sqlite:////data/mlflow.db") == .file("/data/mlflow.db"))
        #expect(try SourceLocation("file:///data/mlruns") == .folder("/data/mlruns"))
        #expect(throws: ServiceError.self) { try SourceLocation("postgresql://host/db") }
    }

    @Test(arguments: ["../x", "a//b", "/x", "a/./b", ""])
    func `a key that leads out of its folder is refused`(key: String) {
        #expect(throws: ServiceError.self) { try FolderText.path("/folder", key) }
    }

    @Test func `members of a meta file are scalars of YAML`() {
        let text = FolderText.meta([("name", "one: 'x'"), ("end_time", .null), ("version", 1)])
        #expect(text == "name: \"one: 'x'\"\nend_time: null\nversion: 1\n")
    }

    @Test func `datasets are named by the digest that the file store uses`() {
        #expect(FolderText.fingerprint("d" + "2981c147") == "037c37ba03820a2a3a3a9451ad6ae6dd")
    }
}
