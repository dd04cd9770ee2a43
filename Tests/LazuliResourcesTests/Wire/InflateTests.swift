import Foundation
import Testing

@testable import LazuliResources

@Suite("Compressed bodies")
struct InflateTests {
    private static let text =
        String(repeating: "lapis lazuli ", count: 9) + String(decoding: (32..<127).map(UInt8.init), as: UTF8.self)
        + " lapis"

    /// The text above as Python's `gzip.compress` makes it, with its `mtime` 0.
    private let packed = [UInt8](
        Data(
            base64Encoded: """
                H4sIAAAAAAACA8tJLMgsVshJrCrNyQRS9OEoKCopq6iqqWtoamnr6OrpGxgaGZuYmplbWFpZ29ja2Ts4Ojm7uLq5e3h6efv4+vkH
                BAYFh4SGhUdERkXHxMbFJyQmJaekpqVnZGZl5+Tm5RcUFhWXlJaVV1RWVdfU1kEsAwCxGAJI2gAAAA==
                """, options: .ignoreUnknownCharacters) ?? Data())

    @Test("What gzip made comes out again")
    func roundTrip() throws {
        #expect(String(decoding: try Inflate.gzip(packed, limit: 1000), as: UTF8.self) == Self.text)
    }

    @Test("A stream without gzip's header is read as well, and a block may be stored")
    func deflate() throws {
        let raw = Array(packed.dropFirst(10).dropLast(8))
        #expect(String(decoding: try Inflate.deflate(raw, limit: 1000), as: UTF8.self) == Self.text)
        #expect(try Inflate.deflate([1, 2, 0, 253, 255, 104, 105], limit: 10) == [104, 105])
    }

    @Test("Every cut is refused, and so is what is changed or grows too large")
    func faults() throws {
        for count in 0..<packed.count {
            #expect(throws: (any Error).self, "after \(count) bytes") {
                try Inflate.gzip(Array(packed.prefix(count)), limit: 1000)
            }
        }
        for place in packed.indices.dropFirst(10) {
            var changed = packed
            changed[place] ^= 1
            #expect(throws: (any Error).self, "byte \(place) changed") { try Inflate.gzip(changed, limit: 1000) }
        }
        #expect(throws: (any Error).self) { try Inflate.gzip(packed, limit: 100) }
    }
}
