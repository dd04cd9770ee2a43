import LazuliResources
import Testing

@testable import LazuliEndpoints

@Suite("Queries of requests")
struct RequestQueryTests {
    /// 2026-11-20T10:00:00Z
    private static let morning: Int64 = 1_795_168_800_000

    private let row = RequestRow(
        time: morning, latency: 150_000, wait: 2_500, status: 404, isMirrored: false, requestBytes: 1_000,
        answerBytes: 50, requestID: "AbC-123", trace: Array(repeating: 0xEF, count: 16))

    private func matches(_ query: String) throws -> Bool { try RequestQuery(query).matches(row) }

    @Test(
        "Every comparison holds where it should and nowhere else",
        arguments: [
            ("status = 404", true), ("status == 404", true), ("status = 405", false), ("status != 404", false),
            ("status != 200", true), ("status < 404", false), ("status < 405", true), ("status <= 404", true),
            ("status <= 403", false), ("status > 404", false), ("status > 403", true), ("status >= 404", true),
            ("status >= 405", false), ("status>=400", true), ("STATUS >= 400", true), (" status  >=  400 ", true),
        ])
    func comparisons(query: String, expected: Bool) throws {
        #expect(try matches(query) == expected)
    }

    @Test(
        "Every field is compared in its own unit",
        arguments: [
            ("latency = 150", true), ("latency = 150ms", true), ("latency = 0.15s", true), ("latency > 0.2s", false),
            ("wait = 2.5", true), ("wait < 3ms", true), ("wait > 1s", false), ("size = 1000", true),
            ("size > 1000", false), ("answer <= 50", true), ("answer < 50", false),
            ("time = 2026-11-20T10:00:00Z", true), ("time > 2026-11-20", true), ("time > 2026-11-21", false),
            ("time < '2026-11-20T10:00:00.001Z'", true), ("time >= \"2026-11-20T10:00:00Z\"", true),
        ])
    func fields(query: String, expected: Bool) throws {
        #expect(try matches(query) == expected)
    }

    @Test(
        "Conditions joined by `and` must all hold",
        arguments: [
            ("status >= 400 and latency > 100ms", true), ("status >= 400 AND latency > 200ms", false),
            ("status >= 500 and latency > 100ms", false), ("status = 404 and abc and size > 1", true), ("", true),
        ])
    func joined(query: String, expected: Bool) throws {
        #expect(try matches(query) == expected)
    }

    @Test(
        "A word alone is looked for in the ids of request and trace, in any case",
        arguments: [
            ("abc", true), ("ABC-12", true), ("efef", true), ("EFEF", true), ("abd", false), ("abc 123", true),
            ("abc 124", false),
        ])
    func words(query: String, expected: Bool) throws {
        #expect(try matches(query) == expected)
    }

    @Test(
        "What cannot be read is named, with the fields there are",
        arguments: [
            ("status >= 400 and colour = red", "colour = red"), ("status >= many", "status >= many"),
            ("latency > 5min", "latency > 5min"), ("time > yesterday", "time > yesterday"), ("= 5", "= 5"),
            ("status =", "status ="),
        ])
    func errors(query: String, part: String) throws {
        let error = try #require(throws: ServiceError.self) { try RequestQuery(query) }
        #expect(error.code == .invalidArgument && error.target == "query")
        #expect(error.message.contains("\"\(part)\""))
        for field in ["status", "latency", "wait", "size", "answer", "time"] { #expect(error.message.contains(field)) }
    }
}
