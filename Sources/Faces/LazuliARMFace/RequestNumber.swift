import Synchronization

/// Ids of requests that bring none: GUIDs of one random half for each start of the server and one half that counts.
///
/// They find lines in logs and need not be guessed-proof; a random GUID for each costs a system call.
enum RequestNumber {
    private static let start = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    static func next() -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        return String(unsafeUninitializedCapacity: 36) { text in
            var index = 0
            for half in [start, number] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    if index == 8 || index == 13 || index == 18 || index == 23 {
                        text[index] = UInt8(ascii: "-")
                        index += 1
                    }
                    text[index] = digits[Int(half >> shift & 15)]
                    index += 1
                }
            }
            return index
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
