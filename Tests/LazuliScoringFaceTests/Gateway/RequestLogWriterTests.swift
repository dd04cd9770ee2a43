import Foundation
import LazuliConformance
import LazuliEndpoints
import Testing

@testable import LazuliScoringFace

@Suite("Writing the log of requests")
struct RequestLogWriterTests {
    private static func row(_ time: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        RequestRow(
            time: time, latency: 1, wait: 1, status: 200, isMirrored: false, requestBytes: 1, answerBytes: 1,
            requestID: "r", trace: []
        ).write(to: &bytes)
        return bytes
    }

    @Test("Rows are appended, whole again after one that a crash cut short")
    func appending() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log")
            RequestLogWriter.write(Self.row(1), to: file.path, unit: RequestRow.length)
            RequestLogWriter.write(Self.row(2) + Self.row(3).dropLast(20), to: file.path, unit: RequestRow.length)
            RequestLogWriter.write(Self.row(4), to: file.path, unit: RequestRow.length)
            let written = try Array(Data(contentsOf: file))
            #expect(written == Self.row(1) + Self.row(2) + Self.row(4))
        }
    }

    @Test("Lines of text are appended whatever their length")
    func text() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "bodies.jsonl")
            for line in ["{}\n", "[1]\n"] { RequestLogWriter.write(Array(line.utf8), to: file.path) }
            let written = try String(contentsOf: file, encoding: .utf8)
            #expect(written == "{}\n[1]\n")
        }
    }

    @Test("A file that is full becomes the older of two")
    func rotating() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "requests.log"), older = URL(filePath: file.path + ".1")
            try Data().write(to: file)
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: UInt64(RequestLog.largest / RequestRow.length * RequestRow.length))
            RequestLogWriter.write(Self.row(1), to: file.path, unit: RequestRow.length)
            #expect(!FileManager.default.fileExists(atPath: file.path))
            RequestLogWriter.write(Self.row(2), to: file.path, unit: RequestRow.length)
            #expect(try Array(Data(contentsOf: file)) == Self.row(2))
            #expect(FileManager.default.fileExists(atPath: older.path))
        }
    }
}
