package import Glibc
package import LazuliResources

/// Small whole files of a supervised folder, read and replaced with plain system calls: the supervisor lives for
/// every job and must start without waking Foundation.
package enum StateFile {
    /// The bytes of a file of any kind, those under `/proc` and `/sys` (which report length 0) included; nil if it
    /// cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return content }
            content.append(contentsOf: buffer[0..<count])
        }
    }

    static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    static func json(_ path: String) -> JSON? {
        bytes(path).flatMap { try? JSON(parsing: $0) }
    }

    /// Replaces a file in one step: a reader sees the old content or the new, never half of it.
    ///
    /// - Parameter durable: wait until the content is on disk, so that it survives a power cut.
    package static func replace(_ path: String, with value: JSON, mode: mode_t = 0o644, durable: Bool) throws {
        let draft = "\(path).\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemFailure("write", path) }
        do {
            defer { close(descriptor) }
            try writeAll(value.bytes, to: descriptor, path: path)
            if durable && fsync(descriptor) != 0 { throw SystemFailure("write to disk", path) }
        }
        guard rename(draft, path) == 0 else { throw SystemFailure("replace", path) }
    }

    /// Writes into a file that exists already, such as a setting of a control group.
    static func overwrite(_ path: String, _ text: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure("open", path) }
        defer { close(descriptor) }
        try writeAll(Array(text.utf8), to: descriptor, path: path)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Names in a folder, without `.` and `..`; empty if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemFailure("write", path) }
            done += count
        }
    }
}

/// A system call that failed, in words.
struct SystemFailure: Error, CustomStringConvertible {
    let description: String
    let code: Int32

    /// Call it right after the failing call: it reads `errno`.
    init(_ deed: String, _ object: String, code: Int32 = errno) {
        self.code = code
        description = "Could not \(deed) \(object): \(SystemFailure.reason(code))."
    }

    static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
