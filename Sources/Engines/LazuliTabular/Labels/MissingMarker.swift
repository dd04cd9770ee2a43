/// The texts that stand for a missing value, in columns of any kind.
///
/// Source: pandas, `read_csv`, parameter `na_values`.
enum MissingMarker {
    static let texts: Set<String> = [
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
        "NULL", "NaN", "None", "n/a", "nan", "null",
    ]
    private static let longest = 9

    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return true }
        guard text.count <= longest, text.count > 1 else { return false }
        switch first {
        case 0x23, 0x2D, 0x31, 0x3C, 0x4E, 0x6E: return texts.contains(String(decoding: text, as: UTF8.self))
        default: return false
        }
    }
}
