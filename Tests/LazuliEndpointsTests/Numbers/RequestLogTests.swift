import Foundation
import LazuliConformance
import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("The log of requests")
struct RequestLogTests {
    static func row(_ time: Int64, status: UInt16 = 200, latency: UInt32 = 1_500, id: String = "r") -> RequestRow {
        RequestRow(
            time: time, latency: latency, wait: 250, status: status, isMirrored: false, requestBytes: 17,
            answerBytes: 33, requestID: id, trace: [])
    }

    private func bytes(_ rows: [RequestRow]) -> [UInt8] {
        rows.reduce(into: []) { bytes, row in row.write(to: &bytes) }
    }

    private func times(_ count: Int, _ file: URL, _ query: String = "") throws -> [Int64] {
        RequestLog.newest(count, matching: try RequestQuery(query), in: file.path).map(\.time)
    }

    // MARK: - A row

    @Test("Every field of a row comes back from its bytes, the extremes too")
    func roundTrip() {
        let rows = [
            RequestRow(
                time: 1_790_000_000_123, latency: 1_234_567, wait: 89, status: 408, isMirrored: true,
                requestBytes: 70_000, answerBytes: 80_001, requestID: "9f1c2d3e-0000-4444-8888-aabbccddeeff",
                trace: (1...16).map(UInt8.init)),
            RequestRow(
                time: .max, latency: .max, wait: .max, status: .max, isMirrored: false, requestBytes: .max,
                answerBytes: .max, requestID: "", trace: Array(repeating: 255, count: 16)),
            RequestRow(
                time: .min, latency: 0, wait: 0, status: 0, isMirrored: false, requestBytes: 0, answerBytes: 0,
                requestID: "größe", trace: Array(repeating: 0, count: 16)),
        ]
        for row in rows {
            let bytes = bytes([row])
            #expect(bytes.count == RequestRow.length)
            #expect(RequestRow(bytes) == row)
        }
    }

    @Test("A row without a trace has sixteen zeros for one, and no text")
    func noTrace() {
        let row = RequestRow(bytes([Self.row(1)]))
        #expect(row.trace == Array(repeating: 0, count: 16))
        #expect(row.traceText.isEmpty)
    }

    @Test("An id of more than 36 bytes is cut, and the row keeps its length")
    func longIDs() {
        let long = String(repeating: "abcdefghij", count: 5)
        let written = bytes([Self.row(1, id: long), Self.row(2)])
        #expect(written.count == 2 * RequestRow.length)
        #expect(RequestRow(written.prefix(RequestRow.length)).requestID == String(long.prefix(36)))
        #expect(RequestRow(written.suffix(RequestRow.length)).time == 2)
    }

    @Test("A row is shown with its times in milliseconds")
    func shown() {
        let row = RequestRow(
            time: 0, latency: 1_500, wait: 250, status: 200, isMirrored: true, requestBytes: 1, answerBytes: 2,
            requestID: "r", trace: (0..<16).map { $0 })
        #expect(
            row.json == [
                "time": "1970-01-01T00:00:00.000Z", "status": 200, "latencyMs": 1.5, "waitMs": 0.25, "requestBytes": 1,
                "answerBytes": 2, "requestId": "r", "traceId": "000102030405060708090a0b0c0d0e0f", "mirrored": true,
            ])
    }

    // MARK: - The file

    @Test("The newest come first and no more than were asked for")
    func newest() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log")
            // More than are read at once.
            try Data(bytes((0..<20_000).map { Self.row($0) })).write(to: file)
            #expect(try times(3, file) == [19_999, 19_998, 19_997])
            #expect(try times(0, file) == [])
            #expect(try times(50_000, file) == (0..<20_000).reversed())
        }
    }

    @Test("What is looked for is found however far back it lies")
    func matching() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log")
            let rows = (0..<20_000).map { Self.row($0, status: $0 % 5_000 == 7 ? 500 : 200) }
            try Data(bytes(rows)).write(to: file)
            #expect(try times(10, file, "status >= 500") == [15_007, 10_007, 5_007, 7])
            #expect(try times(2, file, "status >= 500") == [15_007, 10_007])
        }
    }

    @Test("The older of two files is read when the newer does not hold enough")
    func rotated() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log")
            try Data(bytes([1, 2, 3].map { Self.row($0) })).write(to: URL(filePath: file.path + ".1"))
            #expect(try times(5, file) == [3, 2, 1])
            try Data(bytes([4, 5].map { Self.row($0) })).write(to: file)
            #expect(try times(5, file) == [5, 4, 3, 2, 1])
            #expect(try times(3, file) == [5, 4, 3])
            #expect(try times(2, file) == [5, 4])
        }
    }

    @Test("Half a row that a crash left at the end is not taken for one")
    func halfRow() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log")
            for cut in [1, RequestRow.length / 2, RequestRow.length - 1] {
                try Data(bytes([1, 2, 3].map { Self.row($0) }).dropLast(cut)).write(to: file)
                #expect(try times(5, file) == [2, 1])
            }
        }
    }

    @Test("No file holds no requests")
    func absent() throws {
        #expect(try times(5, URL(filePath: "/nowhere/requests.log")) == [])
    }
}
