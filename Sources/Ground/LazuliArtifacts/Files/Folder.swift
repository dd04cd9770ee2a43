import Foundation
import LazuliResources

/// A folder below which no symbolic link is ever followed: every step opens one name and refuses links.
struct Folder: Sendable {
    let handle: OpenFile

    private init(_ handle: OpenFile) { self.handle = handle }

    /// Opens a folder by its path; links in this path itself are the owner's choice and are followed.
    /// - Returns: nil if there is no such folder.
    static func open(_ url: URL) throws -> Folder? {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 { return Folder(OpenFile(descriptor: descriptor, path: url.path)) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw FileFault.error("open a folder", url.path)
    }

    /// Opens a folder, making it and its parents first.
    static func make(_ url: URL) throws -> Folder {
        if let folder = try open(url) { return folder }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        guard let folder = try open(url) else { throw FileFault.error("make a folder", url.path) }
        try Folder.open(url.deletingLastPathComponent())?.handle.synchronize()
        return folder
    }

    /// - Returns: nil if the name is not there, or is no folder.
    func folder(_ name: String) throws -> Folder? {
        let descriptor = openat(handle.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 { return Folder(OpenFile(descriptor: descriptor, path: path(name))) }
        if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
        throw FileFault.error("open a folder", path(name))
    }

    func folder(at names: some Sequence<String>) throws -> Folder? {
        var current = self
        for name in names {
            guard let next = try current.folder(name) else { return nil }
            current = next
        }
        return current
    }

    /// The folder at a path below this one, made where it is missing; durable when this returns.
    /// - Returns: nil if something that is no folder stands in the way.
    func makeFolder(at names: some Sequence<String>) throws -> Folder? {
        var current = self
        for name in names {
            if mkdirat(current.handle.descriptor, name, 0o755) == 0 {
                try current.handle.synchronize()
            } else if errno != EEXIST {
                throw FileFault.error("make a folder", current.path(name))
            }
            guard let next = try current.folder(name) else { return nil }
            current = next
        }
        return current
    }

    /// - Returns: nil if the name is not there, or is a link or a folder.
    func file(_ name: String, writable: Bool = false) throws -> OpenFile? {
        let flags = (writable ? O_RDWR | O_APPEND : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let descriptor = openat(handle.descriptor, name, flags)
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP, EISDIR, ENXIO].contains(errno) { return nil }
            throw FileFault.error("open a blob", path(name))
        }
        let file = OpenFile(descriptor: descriptor, path: path(name))
        return try file.status().kind == .file ? file : nil
    }

    func status(of name: String) -> FileStatus? {
        var raw = stat()
        return fstatat(handle.descriptor, name, &raw, AT_SYMLINK_NOFOLLOW) == 0 ? FileStatus(raw) : nil
    }

    /// - Returns: false if there was no such file.
    @discardableResult
    func removeFile(_ name: String) throws -> Bool {
        if unlinkat(handle.descriptor, name, 0) == 0 { return true }
        if errno == ENOENT { return false }
        throw FileFault.error("delete a file", path(name))
    }

    /// - Returns: false if the folder is not empty or not there.
    @discardableResult
    func removeEmptyFolder(_ name: String) -> Bool {
        unlinkat(handle.descriptor, name, Int32(AT_REMOVEDIR)) == 0
    }

    private func path(_ name: String) -> String { handle.path + "/" + name }
}

extension Folder {
    struct Entry {
        let name: String
        let isFolder: Bool
    }

    /// The files and folders in this folder, in no order; links, devices and names that are not UTF-8 are left out.
    func entries() throws -> [Entry] {
        let copy = openat(handle.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw FileFault.error("list a folder", handle.path)
        }
        defer { closedir(stream) }
        var found: [Entry] = []
        while let raw = readdir(stream) {
            guard let name = Self.name(of: raw), name != ".", name != ".." else { continue }
            switch Int(raw.pointee.d_type) {
            case Int(DT_REG): found.append(Entry(name: name, isFolder: false))
            case Int(DT_DIR): found.append(Entry(name: name, isFolder: true))
            case Int(DT_UNKNOWN): entry(ofUnknown: name).map { found.append($0) }
            default: continue
            }
        }
        return found
    }

    private func entry(ofUnknown name: String) -> Entry? {
        switch status(of: name)?.kind {
        case .file: Entry(name: name, isFolder: false)
        case .folder: Entry(name: name, isFolder: true)
        case .other, nil: nil
        }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafePointer(to: &entry.pointee.d_name) { field in
            field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                String(validatingCString: $0)
            }
        }
    }
}
