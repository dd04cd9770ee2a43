import Foundation
import LazuliResources

/// Turns a failed system call into the error that people see.
enum FileFault {
    /// - Parameter action: what was tried, as the rest of "Cannot …": `write the upload`.
    static func error(_ action: String, _ path: String, errno code: Int32 = errno) -> ServiceError {
        let reason = String(cString: strerror(code))
        if code == ENOSPC || code == EDQUOT {
            return BlobFault.diskFull.error(
                "Cannot \(action): the disk of the state folder is full. Free some space and send it again.")
        }
        return ServiceError(
            .internalError, "Cannot \(action) (\(reason)). Check the owner and the disk of the state folder.",
            cause: "\(path): \(reason)")
    }

    /// Repeats a system call while signals interrupt it.
    /// - Returns: what the call returned, never -1.
    @discardableResult
    static func check(_ action: String, _ path: String, _ call: () -> Int) throws -> Int {
        while true {
            let result = call()
            if result != -1 { return result }
            if errno != EINTR { throw error(action, path) }
        }
    }
}
