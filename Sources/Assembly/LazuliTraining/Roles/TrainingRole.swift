import Foundation
import Glibc
import LazuliLearning
import LazuliProcesses
import LazuliResources
import Synchronization

/// The role `lazuli child train <folder>`: reads orders, a line of JSON each, and answers each with a line.
enum TrainingRole {
    /// Where the process that starts this one says that the libraries lie.
    static let lightGBMVariable = "LAZULI_LIGHTGBM"
    static let xgboostVariable = "LAZULI_XGBOOST"
    /// How many threads it says that one model may be trained on.
    static let threadsVariable = "LAZULI_TRAINING_THREADS"
    /// How many bytes the process may hold: beyond them it fails alone, before the machine runs out.
    static let memoryVariable = "LAZULI_TRAINING_MEMORY"

    /// - Returns: the exit code.
    static func run(folder path: String) -> Int32 {
        TrainingSurroundings.prepare()
        limitMemory()
        do {
            let folder = TrainingFolder(path)
            let libraries = NativeLibraryFiles(
                lightGBM: Environment.text(lightGBMVariable), xgboost: Environment.text(xgboostVariable))
            let threads = Environment.integer(threadsVariable) ?? 1
            let runner = try TrainingRunner(folder: folder, libraries: libraries, threads: threads)
            let orders = OrderQueue()
            orders.fillFromStandardInput()
            while true { say(runner.run(orders.take()).json.text) }
        } catch {
            complain("\(error)")
            return 1
        }
    }

    /// A process of less memory could not even begin.
    private static let leastMemory = 256 << 20

    private static func limitMemory() {
        guard let bytes = Environment.integer(memoryVariable) else { return }
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(max(bytes, leastMemory)), limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    }

    static func say(_ line: String) { put(line, to: STDOUT_FILENO) }
    static func complain(_ line: String) { put(line, to: STDERR_FILENO) }

    private static func put(_ line: String, to descriptor: Int32) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}

/// Orders as they come. When no more can come, the search has ended, however it did: so does this process, at once.
private final class OrderQueue: Sendable {
    private let orders = Mutex<[TrainingOrder]>([])
    private let filled = DispatchSemaphore(value: 0)

    func fillFromStandardInput() {
        Thread.detachNewThread {
            while let line = readLine() {
                guard let json = try? JSON(parsing: line) else { continue }
                self.orders.withLock { $0.append(TrainingOrder(json)) }
                self.filled.signal()
            }
            _exit(0)
        }
    }

    func take() -> TrainingOrder {
        filled.wait()
        return orders.withLock { $0.removeFirst() }
    }
}

enum Environment {
    static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    static func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}

/// What a process that trains sets before it opens a library.
enum TrainingSurroundings {
    static func prepare() {
        HeapLimits.set()
        // Threads that wait for each other must not spin on a small machine.
        setenv("OMP_WAIT_POLICY", "passive", 0)
        setenv("OMP_NUM_THREADS", "1", 0)
        signal(SIGPIPE, SIG_IGN)
    }
}
