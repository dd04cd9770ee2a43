import Foundation

/// Reads folders and files of this machine with few system calls: a store has hundreds of thousands of small files.
enum FolderReader {
    enum Kind { case file, folder, other }

    /// The entries of a folder by name; none if it cannot be read.
    static func entries(_ path: String) -> [(name: String, kind: Kind)] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var entries: [(name: String, kind: Kind)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            entries.append((name, kind(of: path + "/" + name, Int32(entry.pointee.d_type))))
        }
        return entries.sorted { $0.name < $1.name }
    }

    private static func kind(of path: String, _ type: Int32) -> Kind {
        if type == Int32(DT_REG) { return .file }
        if type == Int32(DT_DIR) { return .folder }
        var status = stat()
        guard stat(path, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    static func folders(_ path: String) -> [String] { entries(path).filter { $0.kind == .folder }.map(\.name) }

    /// All files below a folder, by path below it; a name such as `a/b` is a file in a folder.
    static func files(_ path: String, below prefix: String = "") -> [String] {
        entries(path).flatMap { entry -> [String] in
            switch entry.kind {
            case .file: return [prefix + entry.name]
            case .folder: return files(path + "/" + entry.name, below: prefix + entry.name + "/")
            case .other: return []
            }
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// The bytes of a small file, or nil if it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, done in
            while done < buffer.count {
                let got = read(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                done += got
            }
        }
    }

    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }
}
