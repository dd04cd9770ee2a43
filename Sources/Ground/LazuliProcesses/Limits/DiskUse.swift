import Glibc

/// Space that folders take on disk.
enum DiskUse {
    /// Bytes of all files below the folders; links are not followed, what cannot be read counts nothing.
    static func bytes(of folders: [String]) -> Int64 {
        var total: Int64 = 0
        var pending = folders
        while let folder = pending.popLast() {
            for name in StateFile.names(in: folder) {
                var info = stat()
                let path = "\(folder)/\(name)"
                guard lstat(path, &info) == 0 else { continue }
                if info.st_mode & S_IFMT == S_IFDIR { pending.append(path) }
                total += Int64(info.st_blocks) * 512
            }
        }
        return total
    }

    static func size(ofFile path: String) -> Int64 {
        var info = stat()
        return stat(path, &info) == 0 ? Int64(info.st_size) : 0
    }
}
