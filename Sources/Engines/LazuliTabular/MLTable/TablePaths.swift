import Foundation

/// Finds the files that the paths of an MLTable file mean.
struct TablePaths {
    private let file: MLTableFile
    private let localPath: @Sendable (String) async throws -> String

    init(_ file: MLTableFile, _ localPath: @escaping @Sendable (String) async throws -> String) {
        self.file = file
        self.localPath = localPath
    }

    /// In the order of the list; the files of a folder or pattern sorted by path.
    ///
    /// - Throws: `TableFault` if a member means no file.
    func files() async throws -> [String] {
        var files: [String] = []
        for path in file.paths {
            let place = try await place(of: path.text)
            switch path {
            case .file: files.append(try existing(place))
            case .folder:
                files += try listed(FolderListing.files(below: place).map { "\(place)/\($0)" }, "The folder \(place)")
            case .pattern: files += try listed(PathPattern(place).files(), "The pattern \(place)")
            }
        }
        return files
    }

    private func existing(_ place: String) throws(TableFault) -> String {
        guard FileManager.default.fileExists(atPath: place) else {
            let there = FolderListing.files(below: (place as NSString).deletingLastPathComponent).prefix(5)
            throw TableFault(
                "The MLTable file names \(place), which is not there."
                    + (there.isEmpty ? "" : " In that folder are: \(there.joined(separator: ", "))."), file: place)
        }
        guard !FolderListing.isFolder(place) else {
            throw TableFault(
                "The MLTable file names \(place) as a file, and it is a folder. Write folder: instead of file:.",
                file: place)
        }
        return place
    }

    private func listed(_ files: [String], _ what: String) throws(TableFault) -> [String] {
        // The MLTable file itself is no part of the table.
        let tables = files.filter { ($0 as NSString).lastPathComponent != MLTableFile.name }
        guard !tables.isEmpty else { throw TableFault("\(what) of the MLTable file means no file.") }
        return tables
    }

    /// Whether a path begins with a scheme, which is longer than a drive's letter.
    static func isAddress(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), text[..<colon].count > 1 else { return false }
        return text[..<colon].allSatisfy { $0.isLetter || $0.isNumber }
    }

    private func place(of text: String) async throws -> String {
        if text.hasPrefix("file://") { return String(text.dropFirst("file://".count)) }
        if Self.isAddress(text) { return try await localPath(text) }
        if text.hasPrefix("/") { return text }
        let relative = text.hasPrefix("./") ? String(text.dropFirst(2)) : text
        return relative.isEmpty || relative == "." ? file.folder : "\(file.folder)/\(relative)"
    }
}
