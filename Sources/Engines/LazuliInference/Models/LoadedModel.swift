package import LazuliResources

/// A model that is ready to score. Not to be used from two threads at once.
package final class LoadedModel {
    package let signature: ModelSignature
    /// A body for `/score`; null if none is known.
    package let sample: JSON
    package let scorer: any Scorer
    let inputs: [Tensor]
    let outputs: [Tensor]
    private let reader: RequestReader
    private let writer: AnswerWriter
    private let answered: [Tensor]

    /// - Parameter libraries: the folder of each native library that is there.
    /// - Throws: `ScoringFault` with what is missing or does not fit.
    package convenience init(
        _ description: NativeModel.Description, libraries: [String: String]
    ) throws(ScoringFault) {
        try self.init(description, LoadedScorer(description, libraries: libraries))
    }

    /// - Parameters:
    ///   - description: with a signature.
    ///   - scorer: what is to score instead of what would be chosen.
    convenience init(_ description: NativeModel.Description, scorer: any Scorer) throws(ScoringFault) {
        try self.init(description, LoadedScorer(scorer, signature: description.signature ?? .columns([])))
    }

    private init(_ description: NativeModel.Description, _ loaded: LoadedScorer) throws(ScoringFault) {
        scorer = loaded.scorer
        signature = description.signature ?? loaded.signature
        sample = description.sample.isNull ? signature.sample : description.sample
        let layout = try InputLayout(signature: signature, inputs: scorer.inputs)
        inputs = scorer.makeInputs()
        outputs = scorer.makeOutputs()
        answered = description.firstOutputOnly ? Array(outputs.prefix(1)) : outputs
        writer = AnswerWriter(
            form: description.form, outputs: Array(scorer.outputs.prefix(answered.count)), maps: loaded.maps)
        if case .columns(let columns) = signature.inputs, let places = layout.columns {
            let table = ColumnTable(
                columns: columns, specs: layout.specs, tensors: inputs, layout: places, categories: loaded.categories,
                ignored: description.ignoredColumns, takesMissing: description.takesMissing)
            reader = RequestReader(ColumnPayload(table))
        } else {
            var specs = layout.specs
            // The signature's names are the clients'; the shapes and types are the model's.
            if case .tensors(let named) = signature.inputs, named.count == specs.count,
                !named.contains(where: { $0.name.isEmpty }),
                Set(named.map(\.name)) != Set(specs.map(\.name))
            {
                specs = zip(named, specs).map { TensorSpec(name: $0.name, type: $1.type, shape: $1.shape) }
            }
            reader = RequestReader(TensorPayload(specs: specs, tensors: inputs))
        }
    }

    /// Scores one request's body and writes the answer's.
    package func score(
        _ body: UnsafeBufferPointer<UInt8>, into answer: inout AnswerBuffer
    ) throws(ScoringFault) {
        reader.removeAll()
        let request = try reader.read(body)
        reader.finish(rows: request.rows)
        try scorer.score(inputs, into: outputs)
        writer.write(answered, envelope: request.envelope, into: &answer)
    }
}

extension LoadedModel {
    /// The body of an answer that says what is wrong with a request, and how a right one looks.
    package func errorBody(_ fault: ScoringFault) -> JSON { fault.body(signature: signature, sample: sample) }
}

extension ScoringFault {
    package func body(signature: ModelSignature? = nil, sample: JSON = .null) -> JSON {
        let showsHow = kind == .badRequest
        return [
            "error": .object(dropping: [
                ("code", .string(code)), ("message", .string(message)),
                ("signature", showsHow ? signature?.json : nil), ("sample", showsHow && !sample.isNull ? sample : nil),
            ])
        ]
    }

    private var code: String {
        switch kind {
        case .badRequest: "BadRequest"
        case .notFound: "NotFound"
        case .failed: "ModelFailed"
        }
    }
}
