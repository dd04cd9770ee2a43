import Glibc

/// Finds the number of a text among a fixed list, without making a copy of what is looked for.
final class TextTable: @unchecked Sendable {
    private let texts: [[UInt8]]
    /// Open addressing; a slot holds the text's number plus one, 0 if it is free. Never written after `init`.
    private let slots: UnsafeMutablePointer<UInt32>
    private let mask: Int

    init(_ texts: [[UInt8]]) {
        self.texts = texts
        var size = 4
        while size < 2 * texts.count { size *= 2 }
        mask = size - 1
        slots = .allocate(capacity: size)
        slots.initialize(repeating: 0, count: size)
        for (number, text) in texts.enumerated() {
            text.withUnsafeBufferPointer { bytes in
                guard find(bytes) == nil else { return }
                var slot = Self.hash(bytes) & mask
                while slots[slot] != 0 { slot = (slot + 1) & mask }
                slots[slot] = UInt32(number + 1)
            }
        }
    }

    convenience init(_ texts: [String]) { self.init(texts.map { Array($0.utf8) }) }

    deinit { slots.deallocate() }

    func find(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = Self.hash(text) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if isEqual(number, text) { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Whether the text of that number is this one.
    @inline(__always)
    func isEqual(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        texts[number].withUnsafeBufferPointer { own in
            guard own.count == text.count, let left = own.baseAddress, let right = text.baseAddress else {
                return own.count == text.count
            }
            return memcmp(left, right, own.count) == 0
        }
    }

    /// FNV-1a.
    @inline(__always)
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
