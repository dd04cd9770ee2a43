/// Arrays for a model of tensors: one without a name, or several by name.
final class TensorPayload: PayloadReader {
    private let specs: [TensorSpec]
    private let tensors: [Tensor]

    init(specs: [TensorSpec], tensors: [Tensor]) {
        self.specs = specs
        self.tensors = tensors
    }

    func removeAll() {
        for tensor in tensors { tensor.removeTexts() }
    }

    func finish(rows: Int) {}

    func read(_ cursor: inout JSONCursor, firstRow: Int) throws(ScoringFault) -> Int {
        if cursor.peek() == UInt8(ascii: "{") { return try readNamed(&cursor) }
        if Self.beginsWithRecord(cursor) { return try readRecords(&cursor) }
        guard specs.count == 1 else {
            throw ScoringFault(
                "The model takes several tensors, which must be given by name: \(specs.map(\.name).joined(separator: ", "))."
            )
        }
        return try readTensor(&cursor, 0)
    }

    private static func beginsWithRecord(_ cursor: JSONCursor) -> Bool {
        var ahead = cursor
        return ahead.take("[") && ahead.peek() == UInt8(ascii: "{")
    }

    private func readTensor(_ cursor: inout JSONCursor, _ index: Int) throws(ScoringFault) -> Int {
        var reader = NestedReader(tensors[index], name: specs[index].name)
        let shape = try reader.read(&cursor)
        tensors[index].shape = try specs[index].fitting(shape)
        return tensors[index].shape.first ?? 1
    }

    /// `{"name": […], …}`; or a table, whose `data` is the tensor.
    private func readNamed(_ cursor: inout JSONCursor) throws(ScoringFault) -> Int {
        try cursor.expect("{")
        var rows = 0
        var seen = Set<Int>()
        if !cursor.take("}") {
            repeat {
                let key = String(decoding: try cursor.string().bytes, as: UTF8.self)
                try cursor.expect(":")
                guard let index = index(of: key) else {
                    guard specs.count == 1, key == "columns" || key == "index" else { throw unknown(key) }
                    try cursor.skip()
                    continue
                }
                rows = try readTensor(&cursor, index)
                seen.insert(index)
            } while try cursor.another(before: "}")
        }
        try expectAll(seen, row: nil)
        return rows
    }

    private func index(of key: String) -> Int? {
        specs.firstIndex { $0.name == key } ?? (specs.count == 1 && key == "data" ? 0 : nil)
    }

    private func unknown(_ key: String) -> ScoringFault {
        ScoringFault("The model has no input \"\(key)\". Its inputs are: \(specs.map(\.name).joined(separator: ", ")).")
    }

    private func expectAll(_ seen: Set<Int>, row: Int?) throws(ScoringFault) {
        guard let index = specs.indices.first(where: { !seen.contains($0) }) else { return }
        let place = row.map { "Record \($0)" } ?? "The request"
        throw ScoringFault("\(place) lacks the input \"\(specs[index].name)\".")
    }

    /// `[{"name": one row's value, …}, …]`.
    private func readRecords(_ cursor: inout JSONCursor) throws(ScoringFault) -> Int {
        var counts = Array(repeating: 0, count: specs.count)
        var shapes = Array(repeating: [Int](), count: specs.count)
        var row = 0
        try cursor.expect("[")
        repeat {
            var seen = Set<Int>()
            try cursor.expect("{")
            if !cursor.take("}") {
                repeat {
                    let key = String(decoding: try cursor.string().bytes, as: UTF8.self)
                    try cursor.expect(":")
                    guard let index = index(of: key) else { throw unknown(key) }
                    var reader = NestedReader(tensors[index], name: specs[index].name, count: counts[index])
                    let shape = try reader.read(&cursor)
                    guard row == 0 || shape == shapes[index] else {
                        throw ScoringFault("Record \(row): \"\(key)\" has another shape than in the records before.")
                    }
                    shapes[index] = shape
                    counts[index] = reader.count
                    seen.insert(index)
                } while try cursor.another(before: "}")
            }
            try expectAll(seen, row: row)
            row += 1
        } while try cursor.another(before: "]")
        for index in specs.indices { tensors[index].shape = try specs[index].fitting([row] + shapes[index]) }
        return row
    }
}

extension TensorSpec {
    /// The shape as the model wants it: an axis of length 1 that the client left out is put in.
    func fitting(_ given: [Int]) throws(ScoringFault) -> [Int] {
        var shape = given
        if shape.count + 1 == self.shape.count {
            if self.shape.last == 1 {
                shape.append(1)
            } else if self.shape.first == 1 || self.shape.first == -1 {
                shape.insert(1, at: 0)
            }
        }
        let fits = shape.count == self.shape.count && zip(shape, self.shape).allSatisfy { $1 < 0 || $0 == $1 }
        guard fits || self.shape.isEmpty else {
            throw ScoringFault(
                "The tensor \"\(name)\" has the shape \(given); the model takes \(self.shape), where -1 is any length.")
        }
        return shape
    }
}
