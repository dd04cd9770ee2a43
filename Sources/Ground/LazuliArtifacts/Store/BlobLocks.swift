import Synchronization

/// Makes "check the condition, then put the file in its place" one step for each blob.
///
/// A fixed number of locks is shared by all names, so that a million blobs cost no memory.
final class BlobLocks: Sendable {
    private final class Stripe: Sendable {
        let mutex = Mutex(())
    }

    private let stripes = (0..<64).map { _ in Stripe() }

    func withLock<Result>(of address: BlobAddress, _ body: () throws -> Result) throws -> Result {
        let index = Int(UInt(bitPattern: address.hashValue) % UInt(stripes.count))
        return try stripes[index].mutex.withLock { _ in try body() }
    }
}
