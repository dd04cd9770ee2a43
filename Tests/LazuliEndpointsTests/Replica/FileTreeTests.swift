import Foundation
import LazuliConformance
import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("Trees that share their files")
struct FileTreeTests {
    private func write(_ text: String, to place: URL) throws {
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    private func number(_ place: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: place.path)[.systemFileNumber] as? Int
    }

    @Test("A folder is made anew with all below it, and its files are the same files")
    func folders() async throws {
        try await withTemporaryFolder { root in
            let source = root.appending(path: "source"), target = root.appending(path: "a/target")
            for file in ["MLmodel", "data/model.pkl", "data/deep/er/x y.txt", ".hidden"] {
                try write(file, to: source.appending(path: file))
            }
            try FileManager.default.createDirectory(
                at: source.appending(path: "empty"), withIntermediateDirectories: true)
            try FileTree.link(source, to: target)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: target.path).sorted()
                    == FileManager.default.subpathsOfDirectory(atPath: source.path).sorted())
            for file in ["MLmodel", "data/deep/er/x y.txt", ".hidden"] {
                #expect(try number(target.appending(path: file)) == number(source.appending(path: file)))
            }
            try FileManager.default.removeItem(at: source)
            #expect(
                try String(contentsOf: target.appending(path: "data/model.pkl"), encoding: .utf8) == "data/model.pkl")
        }
    }

    @Test("A single file is linked under the name it is given")
    func files() async throws {
        try await withTemporaryFolder { root in
            let source = root.appending(path: "model.pkl"), target = root.appending(path: "linked.pkl")
            try write("weights", to: source)
            try FileTree.link(source, to: target)
            #expect(try number(target) == number(source))
        }
    }

    @Test("What is not there any more is named")
    func gone() async throws {
        try await withTemporaryFolder { root in
            let source = root.appending(path: "gone")
            let error = try #require(throws: ServiceError.self) {
                try FileTree.link(source, to: root.appending(path: "target"))
            }
            #expect(error.code == .notFound && error.message.contains(source.path))
        }
    }
}
