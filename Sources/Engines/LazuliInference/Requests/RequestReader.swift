/// The keys under which clients send their rows, and how an answer to each looks.
enum Envelope {
    /// Azure's key, its older `data`, and a body that is a bare list: the answer is a bare list.
    case bare
    /// MLflow's four keys: the answer stands under `predictions`.
    case predictions

    private static let bareKeys = ["input_data", "data"]
    private static let mlflowKeys = ["dataframe_split", "dataframe_records", "instances", "inputs"]

    init?(key: UnsafeBufferPointer<UInt8>) {
        let name = String(decoding: key, as: UTF8.self)
        if Self.bareKeys.contains(name) {
            self = .bare
        } else if Self.mlflowKeys.contains(name) {
            self = .predictions
        } else {
            return nil
        }
    }

    static var names: String { (bareKeys + mlflowKeys).joined(separator: ", ") }
}

/// Reads the values of a request, in whichever shape they come, to where the model wants them.
protocol PayloadReader: AnyObject {
    /// Forgets what earlier requests brought.
    func removeAll()
    /// Reads the value of the envelope's key and puts its rows behind those that are there.
    /// - Returns: how many rows came.
    func read(_ cursor: inout JSONCursor, firstRow: Int) throws(ScoringFault) -> Int
    /// Shapes the tensors for that many rows.
    func finish(rows: Int)
}

/// Reads request bodies into the tensors of a model.
final class RequestReader {
    struct Request {
        let envelope: Envelope
        let rows: Int
    }

    private let payload: any PayloadReader

    init(_ payload: any PayloadReader) { self.payload = payload }

    func removeAll() { payload.removeAll() }
    func finish(rows: Int) { payload.finish(rows: rows) }

    /// Reads one body and puts its rows behind the `firstRow` ones that are there already.
    func read(_ body: UnsafeBufferPointer<UInt8>, firstRow: Int = 0) throws(ScoringFault) -> Request {
        var cursor = JSONCursor(body)
        switch cursor.peek() {
        case UInt8(ascii: "{"): return try readObject(&cursor, firstRow)
        case UInt8(ascii: "["):
            let rows = try payload.read(&cursor, firstRow: firstRow)
            try cursor.expectEnd()
            return Request(envelope: .bare, rows: rows)
        // Some clients encode their body twice.
        case UInt8(ascii: "\""):
            var unescaping = TextUnescaping()
            let inner = try unescaping.resolve(try cursor.string().bytes)
            guard inner.first != UInt8(ascii: "\"") else { throw Self.noEnvelope }
            return try inner.withUnsafeBufferPointer { bytes throws(ScoringFault) in
                try read(bytes, firstRow: firstRow)
            }
        case 0 where cursor.position >= cursor.end: throw ScoringFault("The request has no body. \(Self.expected)")
        default:
            throw ScoringFault(
                "The body is not a JSON object or list; it begins with \(cursor.excerpt()). \(Self.expected)")
        }
    }

    private func readObject(_ cursor: inout JSONCursor, _ firstRow: Int) throws(ScoringFault) -> Request {
        var found: Request?
        try cursor.expect("{")
        if !cursor.take("}") {
            repeat {
                let key = try cursor.string().bytes
                try cursor.expect(":")
                guard let envelope = Envelope(key: key) else {
                    try cursor.skip()
                    continue
                }
                guard found == nil else {
                    throw ScoringFault("The request has two of the keys \(Envelope.names); it may have one.")
                }
                found = Request(envelope: envelope, rows: try payload.read(&cursor, firstRow: firstRow))
            } while try cursor.another(before: "}")
        }
        try cursor.expectEnd()
        guard let found else { throw Self.noEnvelope }
        return found
    }

    private static var noEnvelope: ScoringFault { ScoringFault("The request has no rows to score. \(expected)") }

    private static var expected: String { "Expected is an object with one of the keys \(Envelope.names)." }
}
