import Crypto
import Foundation
import LazuliResources
import Synchronization

/// Content on its way into the store: written apart, then put in its place at once, or nowhere.
///
/// Calls must follow one another; a writer that is let go of without a commit leaves nothing behind.
public final class BlobWriter: Sendable {
    /// Digests that a writer computes while it writes.
    public enum Digest: Sendable, Hashable { case md5, sha256 }

    let store: BlobStore
    let address: BlobAddress
    let file: OpenFile
    private let state: Mutex<State>

    private struct State {
        var size: Int64 = 0
        var md5: Insecure.MD5?
        var sha256: SHA256?
        /// Where the file is; nil once it has taken its place or is gone.
        var path: String?
    }

    init(store: BlobStore, address: BlobAddress, hashing: Set<Digest>) throws {
        self.store = store
        self.address = address
        let path = try store.prepareUploads(address.container.account).appending(path: UUID().uuidString).path
        file = try OpenFile.create(at: path)
        state = Mutex(
            State(
                md5: hashing.contains(.md5) ? Insecure.MD5() : nil,
                sha256: hashing.contains(.sha256) ? SHA256() : nil, path: path))
    }

    deinit { abort() }

    /// The bytes written so far.
    public var size: Int64 { state.withLock { $0.size } }

    /// - Throws: `insufficientStorage` if the disk is full.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
        try file.write(bytes)
        state.withLock {
            $0.size += Int64(bytes.count)
            $0.md5?.update(bufferPointer: bytes)
            $0.sha256?.update(bufferPointer: bytes)
        }
    }

    /// Appends a range of another open file within the kernel; digests do not see it.
    func append(_ range: Range<Int64>, of source: OpenFile) throws {
        try file.append(range, of: source)
        state.withLock { $0.size += Int64(range.count) }
    }

    /// The digest of what was appended; nil unless it was asked for at the start.
    public func digest(_ digest: Digest) -> [UInt8]? {
        state.withLock { state in
            switch digest {
            case .md5: state.md5.map { Array($0.finalize()) }
            case .sha256: state.sha256.map { Array($0.finalize()) }
            }
        }
    }

    /// - Throws: `invalidArgument` if the content is not what the sender meant to send.
    public func requireMD5(_ expected: [UInt8]) throws {
        guard let actual = digest(.md5), actual != expected else { return }
        throw BlobFault.digestMismatch.error(
            "The content arrived with MD5 \(Data(actual).base64EncodedString()), but Content-MD5 says "
                + "\(Data(expected).base64EncodedString()). Send it again.")
    }

    /// Forgets what was written. Does nothing after a commit.
    public func abort() {
        if let path = takePath() { unlink(path) }
    }

    /// Hands the file over to the caller, who puts it in its place or removes it.
    func takePath() -> String? {
        state.withLock { state in
            defer { state.path = nil }
            return state.path
        }
    }

    var path: String? { state.withLock { $0.path } }
}
