/// Numbers different texts in the order in which they come. Texts are bytes at places that stay where they are; no
/// string is made.
///
/// An open hash table with linear probing. Eight bytes can be read behind the end of every text.
struct LabelInterner {
    struct Entry {
        let text: UnsafePointer<UInt8>
        let length: Int32
        let hash: UInt32
    }

    private(set) var entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private var capacity = 64
    /// The number of an entry plus one; 0 is a free slot. There are twice as many slots as there may be entries.
    private var slots: UnsafeMutablePointer<UInt32>
    private var copies: [UnsafeMutablePointer<UInt8>] = []

    init() {
        entries = .allocate(capacity: capacity)
        slots = .allocate(capacity: capacity * 2)
        slots.initialize(repeating: 0, count: capacity * 2)
    }

    func deallocate() {
        entries.deallocate()
        slots.deallocate()
        for copy in copies { copy.deallocate() }
    }

    var all: UnsafeBufferPointer<Entry> { UnsafeBufferPointer(start: entries, count: count) }

    /// The number of a text, which stays where it is as long as the interner lives.
    mutating func number(_ text: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
        number(text, length, hash: Self.hash(text, length))
    }

    mutating func number(_ text: UnsafePointer<UInt8>, _ length: Int, hash: UInt32) -> Int32 {
        let mask = capacity * 2 - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.hash == hash, Int(entry.length) == length, Self.areEqual(entry.text, text, length) {
                return Int32(bitPattern: slots[slot]) - 1
            }
            slot = (slot + 1) & mask
        }
        if count == capacity { return grow(adding: text, length, hash) }
        entries[count] = Entry(text: text, length: Int32(truncatingIfNeeded: length), hash: hash)
        count += 1
        slots[slot] = UInt32(truncatingIfNeeded: count)
        return Int32(truncatingIfNeeded: count - 1)
    }

    /// The number of a text whose place is used again; a new text is copied.
    mutating func number(copying text: UnsafeBufferPointer<UInt8>) -> Int32 {
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count + 8)
        _ = UnsafeMutableBufferPointer(start: copy, count: text.count).initialize(from: text)
        (copy + text.count).initialize(repeating: 0, count: 8)
        let before = count, found = number(copy, text.count)
        if count > before { copies.append(copy) } else { copy.deallocate() }
        return found
    }

    private mutating func grow(adding text: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt32) -> Int32 {
        let wider = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        wider.moveInitialize(from: entries, count: count)
        entries.deallocate()
        slots.deallocate()
        entries = wider
        capacity *= 2
        slots = .allocate(capacity: capacity * 2)
        slots.initialize(repeating: 0, count: capacity * 2)
        let mask = capacity * 2 - 1
        for place in 0..<count {
            var slot = Int(entries[place].hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: place + 1)
        }
        return number(text, length, hash: hash)
    }

    @inline(__always)
    static func hash(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
        let raw = UnsafeRawPointer(text)
        var value = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15, position = 0
        while position < length {
            var word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if length - position < 8 { word &= lowBytes(length - position) }
            value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
            value ^= value >> 32
            position += 8
        }
        return UInt32(truncatingIfNeeded: value)
    }

    @inline(__always)
    private static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        let (left, right) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
        var position = 0
        while position < length {
            var difference =
                left.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                ^ right.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if length - position < 8 { difference &= lowBytes(length - position) }
            if difference != 0 { return false }
            position += 8
        }
        return true
    }

    @inline(__always)
    private static func lowBytes(_ count: Int) -> UInt64 { (1 << UInt64(count * 8)) &- 1 }
}
