import LazuliResources
import Testing

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test("Bytes become two lower-case digits each, and come back from digits of either case")
    func roundTrip() {
        let bytes: [UInt8] = [0, 9, 0x0A, 0x7F, 0xF0, 0xFF]
        #expect(bytes.hexadecimal == "00090a7ff0ff")
        #expect(Hexadecimal.bytes("00090a7ff0ff") == bytes)
        #expect(Hexadecimal.bytes("00090A7FF0FF") == bytes)
        #expect(Hexadecimal.bytes("") == [])
    }

    @Test("What is no digit is refused, and half a byte", arguments: ["0", "000", "0g", "0@", "`0", "0:", "é0", " 0"])
    func refused(text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }
}
