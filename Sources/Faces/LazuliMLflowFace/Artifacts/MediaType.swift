/// The media type of a file by the end of its name.
enum MediaType {
    private static let types: [String: String] = [
        "txt": "text/plain", "log": "text/plain", "err": "text/plain", "cfg": "text/plain", "conf": "text/plain",
        "ini": "text/plain", "py": "text/plain", "js": "text/plain", "md": "text/plain", "yaml": "text/plain",
        "yml": "text/plain", "toml": "text/plain", "mlmodel": "text/plain", "mlproject": "text/plain",
        "properties": "text/plain", "csv": "text/csv", "tsv": "text/tab-separated-values", "html": "text/html",
        "json": "application/json", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml",
        "webp": "image/webp", "mp3": "audio/mpeg", "wav": "audio/wav", "mp4": "video/mp4",
    ]

    static func of(_ name: String) -> String {
        let end = name.split(separator: ".", omittingEmptySubsequences: false).last.map { $0.lowercased() } ?? ""
        return types[end] ?? "application/octet-stream"
    }
}
