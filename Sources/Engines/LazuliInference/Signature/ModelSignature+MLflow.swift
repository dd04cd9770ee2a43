import LazuliResources

extension ModelSignature {
    /// Why a signature is beyond the native host.
    struct Unsupported: Error { let reason: String }

    /// Reads the input schema of an MLmodel file: a JSON text of columns or of tensors.
    ///
    /// Source: mlflow.org/docs/latest/ml/model/signatures.
    ///
    /// - Parameter takesMoments: whether the model takes seconds since 1970 where the signature says `datetime`.
    init(mlflow inputs: String, outputs: String?, takesMoments: Bool = false) throws(Unsupported) {
        guard let fields = (try? JSON(parsing: inputs))?.array, !fields.isEmpty else {
            throw Unsupported(reason: "The model's signature cannot be read.")
        }
        let described = outputs.flatMap { try? JSON(parsing: $0) } ?? .null
        if fields.allSatisfy({ $0["type"].string == "tensor" }) {
            var tensors: [TensorSpec] = []
            for field in fields { tensors.append(try Self.tensor(field)) }
            self.init(inputs: .tensors(tensors), outputs: described)
        } else {
            var columns: [Column] = []
            for field in fields { columns.append(try Self.column(field, takesMoments)) }
            self.init(inputs: .columns(columns), outputs: described)
        }
    }

    private static func tensor(_ field: JSON) throws(Unsupported) -> TensorSpec {
        let spec = field["tensor-spec"], name = spec["dtype"].string ?? ""
        guard let type = ElementType(arrayName: name) else {
            throw Unsupported(
                reason: "The signature has a tensor of type \(name), which the native host does not read.")
        }
        let shape = (spec["shape"].array ?? []).map { $0.integer ?? -1 }
        return TensorSpec(name: field["name"].string ?? "", type: type, shape: shape)
    }

    private static func column(_ field: JSON, _ takesMoments: Bool) throws(Unsupported) -> Column {
        let name = field["name"].string ?? "", typeName = field["type"].string ?? ""
        if takesMoments, typeName == "datetime" {
            return Column(name: name, type: .float64, isRequired: field["required"].bool ?? true, isMoment: true)
        }
        guard let type = ElementType(columnName: typeName) else {
            throw Unsupported(
                reason:
                    "The signature has a column \"\(name)\" of type \(typeName), which the native host does not read.")
        }
        // Older files say `optional`, newer ones `required`.
        let isRequired = field["required"].bool ?? !(field["optional"].bool ?? false)
        return Column(name: name, type: type, isRequired: isRequired)
    }
}
