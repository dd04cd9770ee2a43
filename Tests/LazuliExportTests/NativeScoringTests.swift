import Foundation
import LazuliResources
import LazuliTabular
import Testing

@testable import LazuliInference
@testable import LazuliLearning

/// Where the environment's packages put the libraries, if they did.
private let libraries: [String: String] = {
    guard let folder = ProcessInfo.processInfo.environment["LAZULI_NATIVE"] else { return [:] }
    return NativeLibrary.allCases.reduce(into: [:]) { found, library in
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let own = versions.first { $0.hasPrefix(library.rawValue + "-") }.map { "\(folder)/\($0)" } ?? folder
        found[library.rawValue] = library.file(in: own) == nil ? nil : own
    }
}()

/// An exported model in a folder of its own, removed when the test is over.
private final class ExportedModel {
    let path = NSTemporaryDirectory() + "lazuli-export-\(UUID().uuidString)"
    let model: FinalModel
    let table: PreparedTable

    init(_ name: String) throws {
        (model, table) = SampleModels.named(name)
        try MLflowModelFolder.write(
            model, to: URL(fileURLWithPath: path), runID: "run", examples: table.examples(0..<2))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func description() throws -> NativeModel.Description {
        switch NativeModel.find(in: path) {
        case .native(let served): return try #require(served.first?.latest)
        case .notNative(let reason): throw ScoringFault(reason)
        }
    }

    func body(_ rows: some Sequence<Int>) -> [UInt8] {
        (["input_data": .array(table.examples(rows))] as JSON).bytes
    }

    /// The largest difference between the last output and what the reference predicts, relative to numbers above 1.
    func error(_ loaded: LoadedModel) throws -> Double {
        let body = body(0..<table.rowCount), expected = model.predictions(of: table.filled(model.columns))
        var buffer = AnswerBuffer()
        try body.withUnsafeBufferPointer { try loaded.score($0, into: &buffer) }
        let output = try #require(loaded.outputs.last)
        return expected.values.enumerated().reduce(0) { worst, number in
            let found = Double(output.elements(as: Float.self)[number.offset])
            return max(worst, abs(found - number.element) / max(1, abs(number.element)))
        }
    }
}

@Suite("Exported models that were damaged")
struct DamagedExportTests {
    @Test("are looked at and asked without a crash, whichever byte is another one and wherever they end")
    func damaged() throws {
        var samples = SampleModels(rows: 60, classes: 3)
        let dense = samples.fitted(.dense)
        let members = [
            samples.trees(samples.fitted(.trees), link: .softmax, outputs: 3, count: 3, leaves: 4),
            samples.linear(dense, link: .oneVersusRest, outputs: 3),
        ]
        let whole = try OnnxExport.graph(of: samples.model(members))
        for index in stride(from: 0, to: whole.count, by: 31) {
            Self.ask(Array(whole.prefix(index)))
            for byte: UInt8 in [0, 1, 0xFF] where whole[index] != byte {
                var copy = whole
                copy[index] = byte
                Self.ask(copy)
            }
        }
    }

    private static func ask(_ bytes: [UInt8]) {
        guard let graph = try? bytes.withUnsafeBytes({ try OnnxGraph(parsing: $0) }), let program = RowProgram(graph)
        else { return }
        let inputs = program.makeInputs()
        for (input, spec) in zip(inputs, program.inputs) {
            let width = spec.rowWidth ?? 1
            guard width < 100 else { return }
            input.shape = [2, width]
            input.reserve(2 * width)
            input.memory.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * width * spec.type.size)
            guard spec.type == .string else { continue }
            for index in 0..<2 * width {
                "good value".utf8.withContiguousStorageIfAvailable { input.setText($0, at: index) }
            }
        }
        try? program.score(inputs, into: program.makeOutputs())
    }
}

@Suite("An exported model in the native host")
struct NativeScoringTests {
    private func answer(_ loaded: LoadedModel, _ body: [UInt8]) throws -> String {
        var buffer = AnswerBuffer()
        try body.withUnsafeBufferPointer { try loaded.score($0, into: &buffer) }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test(
        "predicts what the trainer predicts, without a library",
        arguments: ["regression", "booster", "binary ensemble", "multiclass", "stack", "filled"])
    func own(_ name: String) throws {
        let exported = try ExportedModel(name), description = try exported.description()
        #expect(description.libraries.isEmpty)
        let loaded = try LoadedModel(description, libraries: [:])
        #expect(try exported.error(loaded) < 1e-5)
    }

    @Test(
        "predicts in ONNX Runtime what the trainer predicts", .enabled(if: libraries["onnxruntime"] != nil),
        arguments: SampleModels.names)
    func runtime(_ name: String) throws {
        let exported = try ExportedModel(name)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: exported.path + "/model.onnx")))
        let graph = try bytes.withUnsafeBytes { try OnnxGraph(parsing: $0) }
        let library = try #require(NativeLibrary.onnxruntime.file(in: libraries["onnxruntime"] ?? ""))
        let scorer = try OnnxScorer(model: bytes, graph: graph, library: library)
        let loaded = try LoadedModel(try exported.description(), scorer: scorer)
        #expect(try exported.error(loaded) < 1e-5)
    }

    @Test("answers a classification with a list of labels of the classes' own type")
    func labels() throws {
        func first(_ name: String) throws -> String {
            let exported = try ExportedModel(name)
            return try answer(LoadedModel(exported.description(), libraries: [:]), exported.body(0..<2))
        }
        #expect(
            ["[\"no\", \"no\"]", "[\"no\", \"yes\"]", "[\"yes\", \"no\"]", "[\"yes\", \"yes\"]"].contains(
                try first("booster")))
        #expect(try first("binary ensemble").wholeMatch(of: /\[[01], [01]\]/) != nil)
        #expect(try first("stack").wholeMatch(of: /\[(true|false), (true|false)\]/) != nil)
        #expect(try first("regression").wholeMatch(of: /\[[0-9.]+, [0-9.]+\]/) != nil)
    }

    @Test("takes null for what is missing, and columns that nobody reads")
    func missing() throws {
        let exported = try ExportedModel("booster")
        let loaded = try LoadedModel(exported.description(), libraries: [:])
        let values: JSON = [
            "age": nil, "income": nil, "city name": nil, "member": nil, "when": nil, "label": nil, "code": nil,
            "unused": 7,
            "target": "yes",
        ]
        let bare = try answer(loaded, (["data": [values]] as JSON).bytes)
        #expect(["[\"no\"]", "[\"yes\"]"].contains(bare))
        let unknown: JSON = ["data": [["agee": 1]]]
        let fault = #expect(throws: ScoringFault.self) { try answer(loaded, unknown.bytes) }
        #expect(fault?.message.contains("no column \"agee\"") ?? false)
        #expect(fault?.message.contains("unused") == false)
        let columns: JSON = ["columns": ["target", "age", "income", "city name", "member", "when", "label", "code"]]
        var split = columns
        split["data"] = [["no", 41, 1.5, "Rome", true, "2024-02-29T10:00:00", "very good", 12]]
        #expect(["[\"no\"]", "[\"yes\"]"].contains(try answer(loaded, (["input_data": split] as JSON).bytes)))
    }

    @Test("reads dates as texts and as seconds, truths as truths and as texts")
    func spellings() throws {
        let exported = try ExportedModel("regression")
        let loaded = try LoadedModel(exported.description(), libraries: [:])
        func row(_ when: JSON, _ member: JSON) -> [UInt8] {
            let row: JSON = [
                "age": 30, "income": 100.5, "city name": "Oslo", "member": member, "when": when, "label": "bad",
                "code": 300,
            ]
            return (["input_data": [row]] as JSON).bytes
        }
        let wanted = try answer(loaded, row("2008-01-15T15:58:43Z", true))
        #expect(try answer(loaded, row("2008-01-15 17:58:43+02:00", "True")) == wanted)
        #expect(try answer(loaded, row(1_200_412_723, "TRUE")) == wanted)
        let fault = #expect(throws: ScoringFault.self) { try answer(loaded, row("yesterday", true)) }
        #expect(fault?.message.contains("a date and time") ?? false)
    }
}
