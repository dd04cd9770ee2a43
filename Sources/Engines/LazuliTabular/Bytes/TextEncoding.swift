/// How a file's bytes stand for characters.
package enum TextEncoding: String, Sendable, CaseIterable {
    case ascii
    case utf8 = "utf-8"
    /// With a byte order mark, or little-endian.
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1 = "iso-8859-1"
    case windows1252 = "windows-1252"

    /// By any of the names that Azure's table files and Python use: case, hyphens and underscores do not matter.
    package init?(named name: String) {
        let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        guard let encoding = Self.names[letters] else { return nil }
        self = encoding
    }

    private static let names: [String: TextEncoding] = [
        "ascii": .ascii, "usascii": .ascii, "utf8": .utf8, "utf8sig": .utf8, "utf8bom": .utf8,
        "utf16": .utf16, "utf16le": .utf16LittleEndian, "utf16be": .utf16BigEndian,
        "latin1": .latin1, "l1": .latin1, "iso88591": .latin1, "iso8859": .latin1,
        "windows1252": .windows1252, "cp1252": .windows1252, "ansi": .windows1252,
    ]
}
