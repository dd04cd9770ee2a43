import LazuliResources

/// JSON written straight into bytes: replies here can be megabytes long, and go out without a tree in between.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    static func object(_ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.object(body)
        return text.bytes
    }

    /// A text ready to be written, for what repeats at every point of a long list.
    struct Quoted {
        fileprivate let bytes: [UInt8]

        init(_ text: String) {
            var writer = JSONText()
            writer.quote(text)
            bytes = writer.bytes
        }
    }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func object(_ body: (inout JSONText) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: String) {
        self.key(key)
        quote(value)
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: Quoted) {
        self.key(key)
        bytes.append(contentsOf: value.bytes)
        needsComma = true
    }

    /// Leaves the member out when there is no value, as MLflow's clients expect.
    mutating func field(_ key: StaticString, _ value: String?) {
        if let value { field(key, value) }
    }

    mutating func field(_ key: StaticString, _ value: Int64) {
        self.key(key)
        write(value)
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: Int64?) {
        if let value { field(key, value) }
    }

    mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        append(value ? "true" : "false")
        needsComma = true
    }

    /// NaN goes as a string, as clients read it back.
    mutating func field(_ key: StaticString, number: Double) {
        self.key(key)
        if number.isNaN {
            append("\"NaN\"")
        } else if number.magnitude < 0x1p53, let whole = Int64(exactly: number) {
            write(whole)
            append(".0")
        } else {
            var text = number.description
            text.withUTF8 { bytes.append(contentsOf: $0) }
        }
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ body: (inout JSONText) -> Void) {
        self.key(key)
        object(body)
    }

    /// Leaves an empty list out.
    mutating func field<Element>(
        _ key: StaticString, list: [Element], _ body: (inout JSONText, Element) -> Void
    ) {
        guard !list.isEmpty else { return }
        self.key(key)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in list { body(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func field(_ key: StaticString, json: JSON) {
        self.key(key)
        bytes.append(contentsOf: json.bytes)
        needsComma = true
    }

    mutating func element(json: JSON) {
        separate()
        bytes.append(contentsOf: json.bytes)
        needsComma = true
    }

    mutating func element(_ value: String) {
        separate()
        quote(value)
        needsComma = true
    }

    /// Comma, quotes, name and colon go in one step: answers are mostly these.
    private mutating func key(_ key: StaticString) {
        let length = key.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length + 4) { text in
            var end = 0
            func append(_ byte: UInt8) {
                text[end] = byte
                end += 1
            }
            if needsComma { append(UInt8(ascii: ",")) }
            append(UInt8(ascii: "\""))
            for index in 0..<length { append(key.utf8Start[index]) }
            append(UInt8(ascii: "\""))
            append(UInt8(ascii: ":"))
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<end]))
        }
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Of `UInt64.max`.
    private static let mostDigits = 20

    private mutating func write(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.mostDigits) { digits in
            var rest = value.magnitude
            var first = Self.mostDigits
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { buffer in
            if buffer.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: buffer)
            } else {
                for byte in buffer { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0..<0x20:
            append("\\u00")
            let digits: StaticString = "0123456789abcdef"
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}
