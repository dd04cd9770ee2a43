import Foundation
import LazuliResources

/// One request that a deployment answered, as the log keeps it: a row of fixed length, so that writing it costs next to
/// nothing and the newest are found from the end.
package struct RequestRow: Sendable, Equatable {
    package static let length = 80
    private static let idLength = 36

    /// Milliseconds since 1970.
    package var time: Int64
    /// Microseconds from the request's last byte to the answer's first, and those of them spent waiting for a worker.
    package var latency: UInt32
    package var wait: UInt32
    package var status: UInt16
    package var isMirrored: Bool
    package var requestBytes: UInt32
    package var answerBytes: UInt32
    /// Up to 36 bytes.
    package var requestID: String
    /// 16 bytes of a W3C trace, zeros without one.
    package var trace: [UInt8]

    package init(
        time: Int64, latency: UInt32, wait: UInt32, status: UInt16, isMirrored: Bool, requestBytes: UInt32,
        answerBytes: UInt32, requestID: String, trace: [UInt8]
    ) {
        self.time = time
        self.latency = latency
        self.wait = wait
        self.status = status
        self.isMirrored = isMirrored
        self.requestBytes = requestBytes
        self.answerBytes = answerBytes
        self.requestID = requestID
        self.trace = trace
    }

    package func write(to bytes: inout [UInt8]) {
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(time)
        append(latency)
        append(wait)
        append(status)
        append(UInt16(isMirrored ? 1 : 0))
        append(requestBytes)
        append(answerBytes)
        let id = requestID.utf8.prefix(Self.idLength)
        bytes.append(contentsOf: id)
        bytes.append(contentsOf: repeatElement(0, count: Self.idLength - id.count))
        let traced = trace.prefix(16)
        bytes.append(contentsOf: traced)
        bytes.append(contentsOf: repeatElement(0, count: 16 - traced.count))
    }

    /// - Parameter bytes: `length` bytes.
    init(_ bytes: some RandomAccessCollection<UInt8>) {
        let bytes = Array(bytes)
        func number<Value: FixedWidthInteger>(_ offset: Int) -> Value {
            bytes[offset..<offset + MemoryLayout<Value>.size].reversed().reduce(0) { $0 << 8 | Value($1) }
        }
        time = Int64(bitPattern: number(0))
        latency = number(8)
        wait = number(12)
        status = number(16)
        isMirrored = (number(18) as UInt16) & 1 == 1
        requestBytes = number(20)
        answerBytes = number(24)
        requestID = String(decoding: bytes[28..<64].prefix { $0 != 0 }, as: UTF8.self)
        trace = Array(bytes[64..<80])
    }

    package var traceText: String { trace.contains { $0 != 0 } ? trace.hexadecimal : "" }

    var json: JSON {
        [
            "time": .string(Timestamp.text(time)), "status": JSON(Int(status)),
            "latencyMs": .number(Double(latency) / 1000), "waitMs": .number(Double(wait) / 1000),
            "requestBytes": JSON(Int(requestBytes)), "answerBytes": JSON(Int(answerBytes)),
            "requestId": .string(requestID), "traceId": .string(traceText), "mirrored": .bool(isMirrored),
        ]
    }
}

/// The file of a deployment's requests. The gateway appends; when it is full it becomes the older of two.
package enum RequestLog {
    /// Bytes of a file: some 800,000 requests.
    package static let largest = 64 << 20

    /// Where bodies are kept, if a deployment keeps them.
    package static func bodies(beside file: String) -> String { file + ".bodies.jsonl" }

    private static let rowsPerRead = 8_192

    /// The newest rows that match, newest first.
    static func newest(_ count: Int, matching query: RequestQuery, in file: String) -> [RequestRow] {
        var found: [RequestRow] = []
        for path in [file, file + ".1"] where found.count < count {
            guard let handle = FileHandle(forReadingAtPath: path) else { continue }
            defer { try? handle.close() }
            var end = Int((try? handle.seekToEnd()) ?? 0) / RequestRow.length
            while end > 0, found.count < count {
                let start = max(0, end - rowsPerRead)
                for row in rows(start..<end, of: handle).reversed() where found.count < count && query.matches(row) {
                    found.append(row)
                }
                end = start
            }
        }
        return found
    }

    private static func rows(_ range: Range<Int>, of handle: FileHandle) -> [RequestRow] {
        try? handle.seek(toOffset: UInt64(range.lowerBound * RequestRow.length))
        guard let data = try? handle.read(upToCount: range.count * RequestRow.length) else { return [] }
        return stride(from: 0, to: data.count - RequestRow.length + 1, by: RequestRow.length).map {
            RequestRow(data[$0..<$0 + RequestRow.length])
        }
    }
}
