/// Which of a model's tensors each column of its signature fills.
struct InputLayout {
    /// The model's inputs, with the width that the columns give to an open one.
    let specs: [TensorSpec]
    /// Per column: the tensor and the place in its row. Nil for a signature of tensors.
    let columns: [(tensor: Int, offset: Int)]?

    /// - Throws: `ScoringFault` if the signature does not fit the model.
    init(signature: ModelSignature, inputs: [TensorSpec]) throws(ScoringFault) {
        guard case .columns(let columns) = signature.inputs else {
            specs = inputs
            self.columns = nil
            return
        }
        if let found = Self.byName(columns, inputs) {
            (specs, self.columns) = (inputs, found)
        } else if inputs.count == 1, let spec = Self.matrix(inputs[0], columns.count) {
            (specs, self.columns) = ([spec], columns.indices.map { (0, $0) })
        } else {
            throw ScoringFault(
                .failed,
                "The model's signature has the columns \(columns.map(\.name).joined(separator: ", ")), and its inputs are "
                    + inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", ") + ": they do not fit.")
        }
        try Self.checkTypes(columns, specs, self.columns ?? [])
    }

    private static func byName(
        _ columns: [ModelSignature.Column], _ inputs: [TensorSpec]
    ) -> [(tensor: Int, offset: Int)]? {
        guard columns.count == inputs.count, inputs.allSatisfy({ $0.rowWidth == 1 }) else { return nil }
        let places = columns.compactMap { column in inputs.firstIndex { $0.name == column.name } }
        return Set(places).count == columns.count ? places.map { ($0, 0) } : nil
    }

    private static func matrix(_ input: TensorSpec, _ width: Int) -> TensorSpec? {
        guard input.shape.count == 2, input.shape[1] < 0 || input.shape[1] == width else { return nil }
        return TensorSpec(name: input.name, type: input.type, shape: [input.shape[0], width])
    }

    private static func checkTypes(
        _ columns: [ModelSignature.Column], _ specs: [TensorSpec], _ layout: [(tensor: Int, offset: Int)]
    ) throws(ScoringFault) {
        for (column, place) in zip(columns, layout) {
            let stored = specs[place.tensor].type
            // Categories of a booster are texts that become numbers.
            let fits =
                (column.type == .string) == (stored == .string) || (column.type == .string && stored == .float64)
                || (column.type == .bool && stored == .string)
            guard fits, !(stored.isInteger && column.type.isFloatingPoint) else {
                throw ScoringFault(
                    .failed,
                    "The signature says that the column \"\(column.name)\" is \(column.typeName), "
                        + "and the model takes \(stored.columnName) there.")
            }
        }
    }
}
