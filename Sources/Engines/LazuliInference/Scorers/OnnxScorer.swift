import NativeLibraries

/// An ONNX graph, scored by ONNX Runtime on one thread.
final class OnnxScorer: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine: String
    private let runtime: OpaquePointer
    private let session: OpaquePointer
    private let inputNames: CStrings
    private let outputNames: CStrings
    private var inputValues: [OpaquePointer?]
    private var outputValues: [OpaquePointer?]

    /// - Parameters:
    ///   - model: the bytes of the ONNX file.
    ///   - library: path of `libonnxruntime.so`.
    init(model: [UInt8], graph: OnnxGraph, library: String) throws(ScoringFault) {
        var opened: OpaquePointer?
        var loaded: OpaquePointer?
        try check(lz_ort_open(library, &opened))
        guard let opened else { throw ScoringFault(.failed, "ONNX Runtime could not be opened.") }
        try check(lz_ort_load(opened, model, model.count, &loaded))
        guard let loaded else { throw ScoringFault(.failed, "ONNX Runtime could not load the model.") }
        runtime = opened
        session = loaded
        engine = "ONNX Runtime " + String(cString: lz_ort_version(opened))
        inputs = graph.inputs
        outputs = graph.outputs
        inputNames = CStrings(graph.inputs.map(\.name))
        outputNames = CStrings(graph.outputs.map(\.name))
        inputValues = Array(repeating: nil, count: graph.inputs.count)
        outputValues = Array(repeating: nil, count: graph.outputs.count)
    }

    deinit { lz_ort_unload(runtime, session) }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        defer { releaseValues() }
        for index in inputs.indices { inputValues[index] = try value(of: inputs[index]) }
        let message = lz_ort_run(
            runtime, session, inputNames.pointers, &inputValues, inputValues.count, outputNames.pointers,
            outputValues.count, &outputValues)
        // What ONNX Runtime refuses is nearly always a shape or a category the request brought.
        if let text = takeMessage(message) { throw ScoringFault(.badRequest, "The model refused the input: \(text)") }
        for index in outputs.indices { try read(outputValues[index], into: outputs[index]) }
    }

    private func releaseValues() {
        for index in inputValues.indices {
            if let value = inputValues[index] { lz_ort_release(runtime, value) }
            inputValues[index] = nil
        }
        for index in outputValues.indices {
            if let value = outputValues[index] { lz_ort_release(runtime, value) }
            outputValues[index] = nil
        }
    }

    private func value(of tensor: Tensor) throws(ScoringFault) -> OpaquePointer? {
        var made: OpaquePointer?
        let shape = tensor.shape.map(Int64.init)
        if tensor.type == .string {
            let texts = (0..<tensor.count).map { index -> UnsafePointer<CChar>? in
                tensor.text(at: index).baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
            }
            try check(lz_ort_texts(runtime, texts, texts.count, shape, shape.count, &made))
        } else {
            try check(
                lz_ort_numbers(
                    runtime, Int32(tensor.type.rawValue), tensor.memory, tensor.byteCount, shape, shape.count, &made))
        }
        return made
    }

    private func read(_ value: OpaquePointer?, into tensor: Tensor) throws(ScoringFault) {
        var info = lz_ort_tensor_info()
        try check(lz_ort_describe(runtime, value, &info))
        // A single number is a row of its own.
        let shape =
            info.rank == 0
            ? [1]
            : withUnsafeBytes(of: info.shape) { bytes in
                bytes.bindMemory(to: Int64.self).prefix(info.rank).map(Int.init)
            }
        guard info.type == Int32(tensor.type.rawValue) else {
            throw ScoringFault(.failed, "The model gave an output of another type than its graph declares.")
        }
        if tensor.type == .string { return try readTexts(value, info.count, shape, into: tensor) }
        var data: UnsafeRawPointer?
        try check(lz_ort_data(runtime, value, &data))
        if let data { tensor.copy(data, shape: shape) }
    }

    private func readTexts(
        _ value: OpaquePointer?, _ count: Int, _ shape: [Int], into tensor: Tensor
    ) throws(ScoringFault) {
        var size = 0
        try check(lz_ort_text_size(runtime, value, &size))
        var bytes = [CChar](repeating: 0, count: size + 1)
        var starts = [Int](repeating: 0, count: count)
        try check(lz_ort_text_bytes(runtime, value, &bytes, size, &starts, count))
        tensor.shape = shape
        tensor.reserve(count)
        tensor.removeTexts()
        bytes.withUnsafeBytes { all in
            for index in 0..<count {
                let end = index + 1 < count ? starts[index + 1] : size
                tensor.setText(
                    UnsafeBufferPointer(rebasing: all.bindMemory(to: UInt8.self)[starts[index]..<end]), at: index)
            }
        }
    }
}

/// Texts as C wants them, for as long as this lives.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: max(count, 1))
        for (index, text) in texts.enumerated() {
            let bytes = text.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            bytes.withUnsafeBufferPointer {
                copy.initialize(from: $0.baseAddress ?? UnsafePointer(copy), count: $0.count)
            }
            (pointers + index).initialize(to: UnsafePointer(copy))
        }
    }

    deinit {
        for index in 0..<count { UnsafeMutablePointer(mutating: pointers[index])?.deallocate() }
        pointers.deallocate()
    }
}
