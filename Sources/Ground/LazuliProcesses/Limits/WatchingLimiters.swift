import Glibc

/// Memory where no control group can be made: the supervisor looks every 200 ms. A best effort, because a job can
/// take more in between. `RLIMIT_AS` would be no help: numerical libraries reserve far more than they use.
struct MemoryWatch: ResourceLimiter {
    let bytes: Int64

    var description: String {
        "\(ByteText.of(bytes)) of memory, a best effort: looked at every 200 ms, because this machine allows no "
            + "control group"
    }
    var watchInterval: Double? { 0.2 }

    func breach(residentBytes: Int64) -> String? {
        residentBytes > bytes ? OutOfMemorySentence.of(limit: bytes) : nil
    }
}

/// Processor cores where no control group can be made: the job is bound to so many cores, rounded up.
struct ProcessorAffinity: ResourceLimiter {
    let cores: Double
    private let allowed = SystemSymbol.allowedProcessors()

    init(cores: Double) { self.cores = cores }

    private var count: Int { max(1, Int(cores.rounded(.up))) }

    var description: String {
        "\(Double(count).coresText), a best effort: bound to these cores, which other jobs may use too, because "
            + "this machine allows no control group"
    }

    func enter() throws {
        let available = ProcessorSet.numbers(allowed)
        guard available.count > count else { return }
        // Jobs begin at different cores, so that they share as late as possible.
        let first = Int(getpid()) % available.count
        let chosen = (0..<count).map { available[(first + $0) % available.count] }
        guard SystemSymbol.allowProcessors(ProcessorSet.bits(chosen, length: allowed.count)) else {
            throw SystemFailure("bind", "the job to \(cores.coresText)")
        }
    }

    func leave() { _ = SystemSymbol.allowProcessors(allowed) }
}

/// Processors as a bit field, as the kernel wants them: bit n stands for processor n.
enum ProcessorSet {
    static func numbers(_ bits: [UInt8]) -> [Int] {
        (0..<bits.count * 8).filter { bits[$0 / 8] & (1 << ($0 % 8)) != 0 }
    }

    static func bits(_ numbers: [Int], length: Int) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: length)
        for number in numbers where number / 8 < length { bits[number / 8] |= 1 << (number % 8) }
        return bits
    }
}
