/// Memory for doubles, used again from call to call.
struct GrowingDoubles: ~Copyable {
    private var memory = UnsafeMutablePointer<Double>.allocate(capacity: 64)
    private var capacity = 64

    deinit { memory.deallocate() }

    mutating func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
        if count > capacity {
            memory.deallocate()
            capacity = max(count, 2 * capacity)
            memory = .allocate(capacity: capacity)
        }
        memory.update(repeating: 0, count: count)
        return memory
    }
}
