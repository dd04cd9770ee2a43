import Testing

@testable import LazuliInference

@Suite("Numbers of a JSON text")
struct NumberReadingTests {
    private func read(_ text: String) throws -> JSONNumber {
        try Array(text.utf8).withUnsafeBufferPointer { bytes in
            var cursor = JSONCursor(bytes)
            let number = try cursor.number()
            try cursor.expectEnd()
            return number
        }
    }

    @Test(
        "are read as the nearest double",
        arguments: [
            "0", "-0", "1", "-1", "0.1", "1e3", "1E-3", "123456789.123456789", "1.7976931348623157e308", "5e-324",
            "0.30000000000000004", "9007199254740993", "12345678901234567890", "3.141592653589793238462643383279",
            "1e22", "1e23", "61.5", "2757.1", "0.000001",
        ])
    func nearest(_ text: String) throws {
        #expect(try read(text).value == Double(text))
    }

    @Test("keep whole numbers exactly", arguments: ["9223372036854775807", "-9223372036854775807", "0", "42"])
    func whole(_ text: String) throws {
        #expect(try read(text).integer == Int64(text))
    }

    @Test("are refused when they are none", arguments: ["", "-", "01", "1.", ".5", "1e", "+1", "0x10", "1e999"])
    func refused(_ text: String) {
        #expect(throws: ScoringFault.self) { try read(text) }
    }
}
