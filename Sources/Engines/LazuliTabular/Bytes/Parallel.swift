import Dispatch
import Glibc

/// Work that is shared among the processors while the caller waits.
enum Parallel {
    static func map<Result: Sendable>(
        count: Int, threads: Int? = nil, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        guard count > 1, threads != 1 else { return (0..<count).map(body) }
        return [Result](unsafeUninitializedCapacity: count) { results, filled in
            // Each call writes a place of its own.
            nonisolated(unsafe) let places = results
            DispatchQueue.concurrentPerform(iterations: count) { place in
                places.initializeElement(at: place, to: body(place))
            }
            filled = count
        }
    }

    static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
