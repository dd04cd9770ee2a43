import LazuliResources

/// A manifest of files that are fetched from the package index instead of being kept in this project: which package,
/// which version, and the SHA-256 of everything taken.
public struct VendoredPackage: Sendable, Equatable {
    /// What it is, for people: "Swagger UI 5.33.1".
    public let library: String
    public let package: String
    public let version: String
    /// SHA-256 of the wheel, in hexadecimal digits.
    let wheel: String
    /// Where the files are in the wheel.
    let folder: String
    /// SHA-256 of each file, by name.
    let files: [String: String]

    private static let schema: Schema = .object([
        .required("library", .string), .required("licence", .string), .required("package", .string),
        .required("version", .string), .required("wheel", .string), .required("folder", .string),
        .required("files", .map(.string)),
    ])

    /// - Throws: `invalidArgument` for text that is no manifest.
    public init(manifest: [UInt8]) throws {
        let json: JSON
        do throws(JSONSyntaxError) {
            json = try JSON(parsing: manifest)
        } catch {
            throw ServiceError(.invalidArgument, "The manifest, line \(error.line): \(error.reason).")
        }
        let read = try Self.schema.checked(json, at: "manifest")
        func text(_ key: String) -> String { read[key].string ?? "" }
        (library, package, version) = (text("library"), text("package"), text("version"))
        (wheel, folder) = (text("wheel"), text("folder"))
        files = Dictionary(
            uniqueKeysWithValues: (read["files"].object?.pairs ?? []).map { ($0.key, $0.value.string ?? "") })
    }

    /// The package with its hash, as a line of a requirements file.
    var requirement: String { "\(package)==\(version) --hash=sha256:\(wheel)\n" }

    /// Whether bytes are the file of this name.
    func holds(_ bytes: some Sequence<UInt8>, as name: String) -> Bool {
        files[name] == ContentHash.sha256(bytes)
    }
}
