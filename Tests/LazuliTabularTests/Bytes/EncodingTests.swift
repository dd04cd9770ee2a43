import Foundation
import LazuliResources
import Testing

@testable import LazuliTabular

@Suite("Encodings of tables")
struct EncodingTests {
    private let text = "naïve,größe\ncafé €,1\n日本 😀,2\n"

    private func read(_ bytes: [UInt8], _ encoding: TextEncoding?) throws(TableFault) -> Table {
        var options = CSVOptions()
        options.encoding = encoding
        return try CSVReader(options).read(bytes: bytes, named: "t.csv").table
    }

    private func faultOf(_ bytes: [UInt8], _ encoding: TextEncoding?) -> TableFault? {
        do {
            _ = try read(bytes, encoding)
            return nil
        } catch { return error }
    }

    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return bigEndian ? bytes.reversed() : bytes
        }
    }

    @Test("UTF-8 and UTF-16 are read, with and without a byte order mark, told or not")
    func unicode() throws {
        let files: [([UInt8], TextEncoding?)] = [
            (Array(text.utf8), nil), (Array(text.utf8), .utf8), ([0xEF, 0xBB, 0xBF] + text.utf8, nil),
            ([0xEF, 0xBB, 0xBF] + text.utf8, .utf8), ([0xFF, 0xFE] + utf16(text, bigEndian: false), nil),
            ([0xFE, 0xFF] + utf16(text, bigEndian: true), nil), ([0xFE, 0xFF] + utf16(text, bigEndian: true), .utf16),
            (utf16(text, bigEndian: false), .utf16), (utf16(text, bigEndian: true), .utf16BigEndian),
        ]
        for (bytes, encoding) in files {
            let table = try read(bytes, encoding)
            #expect(table.names == ["naïve", "größe"])
            #expect(table.texts("naïve") == ["café €", "日本 😀"])
        }
    }

    @Test("Latin-1 and Windows-1252 are read, which differ in the euro sign")
    func singleBytes() throws {
        let bytes: [UInt8] = Array("a\ncaf".utf8) + [0xE9, 0x20, 0x80, 10]
        #expect(try read(bytes, .windows1252).texts("a") == ["café €"])
        #expect(try read(bytes, .latin1).texts("a") == ["café \u{80}"])
    }

    @Test("A wrong encoding is refused with the line, the byte and another encoding")
    func wrongEncoding() throws {
        let bytes: [UInt8] = Array("a,b\n1,x\n2,caf".utf8) + [0xE9, 10]
        let fault = try #require(faultOf(bytes, nil))
        #expect(fault.line == 3)
        #expect(
            fault.message.contains("Line 3 of t.csv is no UTF-8")
                && fault.message.contains("byte 14 of the file, 0xE9,"))
        #expect(fault.message.contains("windows-1252"))
    }

    @Test("A character outside ASCII is refused where ASCII was given, and UTF-8 named if it is that")
    func beyondASCII() throws {
        let fault = try #require(faultOf(Array("a\nx\ncafé\n".utf8), .ascii))
        #expect(fault.line == 3 && fault.message.contains("Set encoding: utf8."))
    }

    @Test("UTF-16 is recognised where UTF-8 was given or assumed")
    func hiddenUTF16() throws {
        #expect(faultOf(utf16("a,b\n1,2\n", bigEndian: false), nil)?.message.contains("encoding: utf-16") == true)
        #expect(
            faultOf([0xFF, 0xFE] + utf16("a", bigEndian: false), .utf8)?.message.contains("byte order mark") == true)
        #expect(faultOf([0x61, 0x0A, 0x62], .utf16)?.message.contains("odd number of bytes") == true)
        #expect(faultOf([0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x62, 0], .utf16)?.line == 2)
    }

    @Test("Names of encodings are understood however they are spelled")
    func names() {
        #expect(TextEncoding(named: "UTF8") == .utf8 && TextEncoding(named: "iso-8859-1") == .latin1)
        #expect(TextEncoding(named: "latin_1") == .latin1 && TextEncoding(named: "Windows1252") == .windows1252)
        #expect(TextEncoding(named: "ebcdic") == nil)
    }

    @Test("Only sequences that stand for characters are UTF-8")
    func checksUTF8() {
        let good: [[UInt8]] = [
            [0x41], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF],
        ]
        let bad: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0xFF],
        ]
        for bytes in good { #expect(check(bytes) == nil, "\(bytes)") }
        for bytes in bad { #expect(check([0x61] + bytes) == 1, "\(bytes)") }
    }

    private func check(_ bytes: [UInt8]) -> Int? {
        let padded = FileBytes(bytes)
        return UTF8Check.firstFault(padded.start, 0..<padded.count)
    }
}
