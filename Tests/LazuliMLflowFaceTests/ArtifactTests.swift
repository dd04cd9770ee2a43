import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliResources
import Testing

@Suite("The artifact proxy")
struct ArtifactTests {
    private static let root = "/api/2.0/mlflow-artifacts/artifacts"

    @Test("A run's files stand where jobs keep theirs, and are listed, read and deleted")
    func roundTrip() async throws {
        let bench = try FaceBench()
        try await bench.test { client in
            let run = try await client.newRun()
            let path = "0/\(run)/artifacts"
            #expect(try await client.raw(.put, "\(Self.root)/\(path)/sub/a%20%C3%BC.txt", "hello").status == .ok)
            let file = bench.artifacts.appending(path: "ExperimentRun/dcid.\(run)/sub/a ü.txt")
            #expect(try String(contentsOf: file, encoding: .utf8) == "hello")
            let list = try await client.call(.get, "artifacts?path=\(path)/sub", prefix: "/api/2.0/mlflow-artifacts/")
            #expect(list.body["files"] == [["path": "a ü.txt", "is_dir": false, "file_size": 5]])
            let ofRun = try await client.call(.get, "artifacts/list?run_id=\(run)&path=sub")
            #expect(ofRun.body["files"].array?.first?["path"] == "sub/a ü.txt")
            let read = try await client.raw(.get, "\(Self.root)/\(path)/sub/a%20%C3%BC.txt")
            #expect(String(buffer: read.body) == "hello")
            #expect(read.headers[.contentDisposition] == "attachment; filename*=UTF-8''a%20%C3%BC.txt")
            #expect(try await client.raw(.delete, "\(Self.root)/\(path)/sub").status == .ok)
            let empty = try await client.call(.get, "artifacts?path=\(path)", prefix: "/api/2.0/mlflow-artifacts/")
            #expect(empty.body == [:])
            #expect(try await client.raw(.get, "\(Self.root)/\(path)/sub/x").status == .notFound)
        }
    }

    @Test(
        "Ranges give the part asked for",
        arguments: [
            ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
            ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
            ("bytes=10-", 416, "", "bytes */10"), ("bytes=5-2", 200, "0123456789", nil),
            ("bytes=1-2,4-5", 200, "0123456789", nil), ("lines=1-2", 200, "0123456789", nil),
        ] as [(String, Int, String, String?)])
    func ranges(range: String, status: Int, body: String, contentRange: String?) async throws {
        try await FaceBench().test { client in
            _ = try await client.raw(.put, "\(Self.root)/0/run1/artifacts/f.bin", "0123456789")
            let reply = try await client.raw(
                .get, "\(Self.root)/0/run1/artifacts/f.bin", headers: [.range: range])
            #expect(reply.status.code == status)
            #expect(String(buffer: reply.body) == body)
            #expect(reply.headers[.contentRange] == contentRange)
        }
    }

    @Test(
        "Paths that lead elsewhere are refused",
        arguments: [
            "..%2f..%2fstate.sqlite", "0/run1/artifacts/..%2f..%2f..%2fx", "%2fetc%2fpasswd", "C:%5Cx", "a%5c..%5cb",
            "%252e%252e/x", "a%23b", "x%00y",
        ])
    func traversal(path: String) async throws {
        let bench = try FaceBench()
        try await bench.test { client in
            for method in [HTTPRequest.Method.get, .put, .delete] {
                let reply = try await client.raw(method, "\(Self.root)/\(path)", method == .put ? "x" : nil)
                #expect(reply.status.code == 400, "\(method) \(path)")
            }
        }
        let all = FileManager.default.enumerator(atPath: bench.folder.path)?.compactMap { $0 as? String } ?? []
        #expect(!all.contains { $0.hasSuffix("/x") || $0.hasSuffix("/y") })
    }

    @Test("A symbolic link that a job left does not lead out of the artifacts")
    func links() async throws {
        let bench = try FaceBench()
        let secret = bench.folder.appending(path: "secret.txt")
        try "secret".write(to: secret, atomically: true, encoding: .utf8)
        let run = bench.artifacts.appending(path: "ExperimentRun/dcid.run1")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: run.appending(path: "link"), withDestinationURL: secret)
        try FileManager.default.createSymbolicLink(at: run.appending(path: "folder"), withDestinationURL: bench.folder)
        try await bench.test { client in
            for path in ["link", "folder/secret.txt"] {
                let reply = try await client.raw(.get, "\(Self.root)/0/run1/artifacts/\(path)")
                #expect(reply.status.code >= 400)
                #expect(!String(buffer: reply.body).contains("secret\n"))
            }
            #expect(try await client.raw(.put, "\(Self.root)/0/run1/artifacts/folder/new.txt", "x").status.code == 400)
        }
        #expect(!FileManager.default.fileExists(atPath: bench.folder.appending(path: "new.txt").path))
    }

    @Test("The root of all artifacts cannot be deleted")
    func rootIsSafe() async throws {
        try await FaceBench().test { client in
            for path in ["", "/", "/."] {
                let reply = try await client.raw(.delete, Self.root + path)
                #expect(reply.status.code >= 400)
            }
        }
    }

    @Test("A file does not become a folder, nor a folder a file")
    func kinds() async throws {
        try await FaceBench().test { client in
            let base = "\(Self.root)/0/run1/artifacts"
            var statuses: [Int] = []
            for path in ["a", "a/b", "c/d", "c"] {
                statuses.append(try await client.raw(.put, "\(base)/\(path)", "1").status.code)
            }
            #expect(statuses == [200, 400, 200, 400])
        }
    }

    @Test("A logged model's files are among those of its run")
    func modelFiles() async throws {
        let bench = try FaceBench()
        try await bench.test { client in
            let run = try await client.newRun()
            let made = try await client.call(
                .post, "logged-models", ["experiment_id": "0", "name": "clf", "source_run_id": .string(run)])
            let id = made.body["model"]["info"]["model_id"].string ?? ""
            _ = try await client.raw(.put, "\(Self.root)/0/models/\(id)/artifacts/MLmodel", "flavors:")
            let file = bench.artifacts.appending(path: "ExperimentRun/dcid.\(run)/clf/MLmodel")
            #expect(FileManager.default.fileExists(atPath: file.path))
            let list = try await client.call(.get, "logged-models/\(id)/artifacts/directories")
            #expect(list.body["files"].array?.first?["path"] == "MLmodel")
            let files = "/ajax-api/2.0/mlflow/logged-models/\(id)/artifacts/files?artifact_file_path=MLmodel"
            let read = try await client.raw(.get, files)
            #expect(String(buffer: read.body) == "flavors:")
        }
    }
}
