import Testing

@testable import LazuliInference

@Suite("Triton repositories")
struct TritonRepositoryTests {
    private static let configuration = """
        # a comment
        name: "flip"
        platform: "onnxruntime_onnx"
        max_batch_size: 8
        input [ { name: "x", data_type: TYPE_FP32, dims: [ 2 ] } ]
        output { name: 'y' data_type: TYPE_FP32 dims: 2 }
        """

    private func repository(_ configuration: String) throws -> ModelFolder {
        let folder = try ModelFolder([
            "flip/1/model.onnx": OnnxWriting.negation(), "flip/3/model.onnx": OnnxWriting.negation(),
        ])
        try folder.write("flip/config.pbtxt", configuration)
        return folder
    }

    private func served(_ path: String) throws -> [NativeModel.Served] {
        switch NativeModel.find(in: path) {
        case .native(let served): return served
        case .notNative(let reason): throw ScoringFault(reason)
        }
    }

    private func reason(_ configuration: String) throws -> String {
        let folder = try repository(configuration)
        guard case .notNative(let reason) = NativeModel.find(in: folder.path) else { return "native" }
        return reason
    }

    @Test("are found as a whole, by one model's folder, and inside an archive's one folder")
    func found() throws {
        let folder = try repository(Self.configuration)
        #expect(try served(folder.path).map(\.name) == ["flip"])
        #expect(try served(folder.path + "/flip").first?.versions.keys.sorted() == [3])
        let outer = try ModelFolder(["repository/flip/1/model.onnx": OnnxWriting.negation()])
        #expect(try served(outer.path).map(\.name) == ["flip"])
    }

    @Test(
        "serve the versions that the policy says; without one, the latest",
        arguments: [
            ("", [3]), ("version_policy: { all { } }", [1, 3]),
            ("version_policy { latest { num_versions: 2 } }", [1, 3]),
            ("version_policy: { specific: { versions: [1] } }", [1]),
        ])
    func versions(_ policy: String, _ expected: [Int]) throws {
        let folder = try repository(Self.configuration + "\n" + policy)
        #expect(try served(folder.path).first?.versions.keys.sorted() == expected)
    }

    @Test("of other backends are refused by name")
    func otherBackends() throws {
        #expect(try reason("name: \"flip\" backend: \"pytorch\"").contains("backend \"pytorch\""))
        #expect(try reason("platform: \"tensorflow_savedmodel\"").contains("tensorflow_savedmodel"))
    }

    @Test("that contradict their graph are refused")
    func contradictions() throws {
        #expect(try reason("input { name: \"z\" data_type: TYPE_FP32 }").contains("an input \"z\""))
        #expect(try reason("input { name: \"x\" data_type: TYPE_INT8 }").contains("TYPE_FP32"))
        #expect(try reason("input {\n name: \"x\"").contains("line 2"))
        #expect(try reason("version_policy { specific { versions: 9 } }").contains("no numbered version"))
    }
}
