import LazuliTrees

/// A graph whose operations work on each row by itself, evaluated without ONNX Runtime: columns are encoded, trees and
/// linear models asked, their results mixed.
///
/// Sums are kept in double precision, where ONNX Runtime adds in single: results agree to the rounding of the latter.
final class RowProgram: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let operations: [RowOperation]
    private let results: [RowCompiler.Result]
    private let memory: RowMemory

    /// - Returns: nil if the graph has other operations.
    init?(_ graph: OnnxGraph) {
        guard graph.maps.isEmpty, graph.inputs.allSatisfy({ $0.rowWidth != nil }), !graph.outputs.isEmpty else {
            return nil
        }
        var compiler = RowCompiler(graph)
        guard let results = compiler.compile() else { return nil }
        inputs = graph.inputs
        outputs = graph.outputs
        operations = compiler.operations
        self.results = results
        memory = RowMemory(lengths: compiler.lengths)
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let count = inputs[0].shape.first ?? 1
        guard inputs.allSatisfy({ ($0.shape.first ?? 1) == count }) else {
            throw ScoringFault("The inputs have different numbers of rows: \(inputs.map { $0.shape.first ?? 1 }).")
        }
        memory.reserve(count)
        for operation in operations { try operation.run(memory, inputs: inputs, rows: count) }
        for (output, result) in zip(outputs, results) { write(result, rows: count, into: output) }
    }

    private func write(_ result: RowCompiler.Result, rows: Int, into output: Tensor) {
        switch result {
        case .numbers(let slot):
            output.shape = [rows, slot.width]
            output.reserve(rows * slot.width)
            let numbers = memory[slot], singles = output.elements(as: Float.self)
            for index in 0..<rows * slot.width { singles[index] = Float(numbers[index]) }
        case .classes(let classes, let slot):
            output.shape = [rows]
            output.reserve(rows)
            let places = memory[slot]
            for row in 0..<rows { output.set(classes, Int(places[row]), at: row) }
        }
    }
}

extension Tensor {
    /// Sets an element to one of a list.
    fileprivate func set(_ list: OnnxConstant, _ place: Int, at index: Int) {
        if index == 0, type == .string { removeTexts() }
        switch list.elements {
        case .texts(let texts): texts[place].withUnsafeBufferPointer { setText($0, at: index) }
        case .numbers(let numbers) where type == .int64: elements(as: Int64.self)[index] = Int64(numbers[place])
        case .numbers(let numbers): elements(as: UInt8.self)[index] = numbers[place] != 0 ? 1 : 0
        }
    }
}
