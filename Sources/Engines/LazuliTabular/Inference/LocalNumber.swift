/// Numbers as some countries and spreadsheets write them: `1,5` and `1.234,5`, or `1,234.5`.
enum LocalNumber: Sendable, CaseIterable {
    /// A comma before the decimals, and perhaps points between thousands.
    case decimalComma
    /// Commas between thousands, and perhaps a point before the decimals.
    case thousandsComma

    /// The way in which all texts are written, and at least one of them with a comma; nil if there is none. A comma
    /// before three digits may be either: it parts thousands unless the file's fields are parted by semicolons, as they
    /// are where the comma stands before decimals.
    static func infer(_ texts: UnsafeBufferPointer<LabelInterner.Entry>, delimiter: UInt8?) -> LocalNumber? {
        guard texts.contains(where: { $0.bytes.contains(0x2C) }) else { return nil }
        let way: LocalNumber = delimiter == 0x3B ? .decimalComma : .thousandsComma
        return texts.allSatisfy { way.value($0.bytes) != nil } ? way : nil
    }

    /// Nil if the text is not written so.
    func value(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        let text = NumberField.trimmed(text)
        let (group, point): (UInt8, UInt8) = self == .decimalComma ? (0x2E, 0x2C) : (0x2C, 0x2E)
        var plain: [UInt8] = [], digits = 0, groups = 0, hasPoint = false
        for byte in text {
            switch byte {
            case 0x30...0x39:
                digits += 1
                plain.append(byte)
            case group where !hasPoint && (groups == 0 ? (1...3).contains(digits) : digits == 3):
                groups += 1
                digits = 0
            case point where !hasPoint && (groups == 0 || digits == 3):
                hasPoint = true
                plain.append(0x2E)
            case 0x2D where plain.isEmpty: plain.append(byte)
            default: return nil
            }
        }
        guard groups == 0 || hasPoint || digits == 3 else { return nil }
        let padded = FileBytes(plain)
        guard case .number(let value, _) = NumberField(padded.buffer) else { return nil }
        return value
    }
}
