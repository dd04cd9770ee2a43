import LazuliResources

@testable import LazuliInference

/// Three columns, as a model of one matrix wants them (a text becomes the number of its category), and their reader.
struct ColumnFixture {
    let matrix = Tensor(.float64)
    let reader: RequestReader

    init(optional: Set<String> = []) {
        let columns = [("carat", ElementType.float64), ("cut", .string), ("count", .int64)].map { name, type in
            ModelSignature.Column(name: name, type: type, isRequired: !optional.contains(name))
        }
        let table = ColumnTable(
            columns: columns, specs: [TensorSpec(name: "input", type: .float64, shape: [-1, 3])], tensors: [matrix],
            layout: [(0, 0), (0, 1), (0, 2)], categories: [1: CategoryTable(["Fair", "Ideal", "Gr\u{fc}n"])])
        reader = RequestReader(ColumnPayload(table))
    }

    /// The matrix that a body fills, row by row.
    func read(_ body: String) throws -> [[Double]] {
        reader.removeAll()
        let request = try Array(body.utf8).withUnsafeBufferPointer { try reader.read($0) }
        reader.finish(rows: request.rows)
        let values = matrix.elements(as: Double.self)
        return (0..<request.rows).map { row in (0..<3).map { values[row * 3 + $0] } }
    }

    func complaint(_ body: String) -> String {
        do {
            return "no complaint, but \(try read(body))"
        } catch {
            return (error as? ScoringFault)?.message ?? "\(error)"
        }
    }
}
