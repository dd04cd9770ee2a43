import Foundation
import LazuliResources
import Testing

@testable import LazuliInference

/// Where `lazuli native install` or the environment's packages put the libraries, if they did.
private let libraries: [String: String] = {
    guard let folder = ProcessInfo.processInfo.environment["LAZULI_NATIVE"] else { return [:] }
    return NativeLibrary.allCases.reduce(into: [:]) { found, library in
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let own = versions.first { $0.hasPrefix(library.rawValue + "-") }.map { "\(folder)/\($0)" } ?? folder
        found[library.rawValue] = library.file(in: own) == nil ? nil : own
    }
}()

@Suite("Scoring")
struct ScoringTests {
    private func model(_ onnx: [UInt8]) throws -> LoadedModel {
        let folder = try ModelFolder(["model.onnx": onnx])
        guard case .native(let served) = NativeModel.find(in: folder.path), let found = served.first?.latest else {
            throw ScoringFault("not native")
        }
        return try LoadedModel(found, libraries: libraries)
    }

    private func answer(_ model: LoadedModel, _ body: String) throws -> String {
        var buffer = AnswerBuffer()
        try Array(body.utf8).withUnsafeBufferPointer { try model.score($0, into: &buffer) }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test("of a one-hot encoded forest needs no library, and adds up what its leaves say")
    func stumps() throws {
        let model = try model(OnnxWriting.twoStumps)
        #expect(model.scorer.engine == "Lazuli's own tree evaluator")
        let rows = #"[["Ideal", 2.0], ["Fair", 1.5], ["Ideal", 1], ["Unknown", 9], ["Fair", null]]"#
        #expect(try answer(model, #"{"input_data": \#(rows)}"#) == "[111.0, 100.0, 101.0, 110.0, 110.0]")
        #expect(try answer(model, #"{"instances": [{"carat": 2, "cut": "Fair"}]}"#) == #"{"predictions": [110.0]}"#)
    }

    @Test("gives each of many rows what it gives the row alone")
    func manyRows() throws {
        let model = try model(OnnxWriting.twoStumps)
        let rows = (0..<21).map { #"["\#($0 % 2 == 0 ? "Ideal" : "Fair")", \#(Double($0) / 4)]"# }
        let together = try answer(model, "[\(rows.joined(separator: ","))]")
        let alone = try rows.map { try answer(model, "[\($0)]").dropFirst().dropLast() }
        #expect(together == "[\(alone.joined(separator: ", "))]")
    }

    @Test("without its library fails with what to do")
    func withoutLibrary() throws {
        let folder = try ModelFolder(["model.onnx": OnnxWriting.negation()])
        guard case .native(let served) = NativeModel.find(in: folder.path), let found = served[0].latest else { return }
        let error = #expect(throws: ScoringFault.self) { try LoadedModel(found, libraries: [:]) }
        #expect(error?.message.contains("lazuli native install") ?? false)
        let wrong = #expect(throws: ScoringFault.self) {
            try LoadedModel(found, libraries: ["onnxruntime": folder.path])
        }
        #expect(wrong?.message.contains("does not hold the library") ?? false)
    }

    @Test("of other graphs is ONNX Runtime's", .enabled(if: libraries["onnxruntime"] != nil))
    func onnxRuntime() throws {
        let model = try model(OnnxWriting.negation())
        #expect(try answer(model, #"{"data": [[1, 2.5], [-3, 0.1]]}"#) == "[[-1.0, -2.5], [3.0, -0.10000000149011612]]")
        let error = #expect(throws: ScoringFault.self) { try answer(model, #"{"data": [[1, 2, 3]]}"#) }
        #expect(error?.message.contains("has the shape [1, 3]; the model takes [-1, 2]") ?? false)
    }

    @Test("over the Open Inference Protocol takes and gives typed tensors")
    func openInference() throws {
        let routes = InferenceRoutes(
            models: [.init(name: "stumps", versions: [2: try model(OnnxWriting.twoStumps)])], server: "test")
        func ask(_ method: String, _ path: String, _ body: [UInt8] = [], header: Int? = nil) throws -> (
            InferenceRoutes.Head, String
        ) {
            var buffer = AnswerBuffer()
            let head = try body.withUnsafeBufferPointer {
                try routes.answer(method: method, path: path, headerLength: header, body: $0, into: &buffer)
            }
            return (head, String(decoding: buffer.bytes, as: UTF8.self))
        }
        #expect(try ask("GET", "/v2/health/ready").1 == #"{"ready":true}"#)
        #expect(try ask("GET", "/v2/models/stumps").1.contains(#"{"name":"cut","datatype":"BYTES","shape":[-1,1]}"#))
        let cut = #"{"name":"cut","datatype":"BYTES","shape":[1,1],"data":["Ideal"]}"#
        let json = #"{"id":"7","inputs":[\#(cut),{"data":[2],"name":"carat","shape":[1,1],"datatype":"FP32"}]}"#
        #expect(
            try ask("POST", "/v2/models/stumps/versions/2/infer", Array(json.utf8)).1
                == #"{"model_name":"stumps","model_version":"2","id":"7","outputs":[{"name":"price","datatype":"FP32","shape":[1,1],"data":[111.0]}]}"#
        )
        let binary =
            #"{"inputs":[\#(cut),{"name":"carat","shape":[1,1],"datatype":"FP32","parameters":{"binary_data_size":4}}],"parameters":{"binary_data_output":true}}"#
        let (head, answer) = try ask(
            "POST", "/v2/models/stumps/infer", Array(binary.utf8) + [0, 0, 0, 0x40], header: binary.utf8.count)
        #expect(head == .binary(jsonLength: answer.utf8.count - 4) || answer.contains("binary_data_size\":4"))
        #expect(throws: ScoringFault.self) { try ask("GET", "/v2/models/none") }
        #expect(throws: ScoringFault.self) { try ask("GET", "/v2/models/stumps/versions/1") }
        #expect(throws: ScoringFault.self) {
            try ask("POST", "/v2/models/stumps/infer", Array(#"{"inputs":[\#(cut)]}"#.utf8))
        }
    }
}
