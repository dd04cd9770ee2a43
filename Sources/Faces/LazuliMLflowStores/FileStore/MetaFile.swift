import LazuliResources
import Yams

/// A `meta.yaml`: a mapping of scalars, read by the kind of value that a member must have.
struct MetaFile {
    private let members: [String: Node]

    /// - Throws: `invalidArgument` with file and line for what is no YAML mapping.
    init(path: String) throws {
        guard let text = FolderReader.text(path) else {
            throw ServiceError(.notFound, "\(path) is missing or cannot be read.", target: path)
        }
        try self.init(text: text, path: path)
    }

    init(text: String, path: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ServiceError(.invalidArgument, "\(path) is not valid YAML: \(error)", target: path)
        }
        guard let mapping = node?.mapping else {
            throw ServiceError(.invalidArgument, "\(path) holds no members.", target: path)
        }
        members = Dictionary(mapping.compactMap { key, value in key.scalar.map { ($0.string, value) } }) { $1 }
    }

    /// The member's text; nil for a missing one and for null.
    func text(_ name: String) -> String? {
        guard let scalar = members[name]?.scalar else { return nil }
        if scalar.style == .plain || scalar.style == .any, ["null", "~", "", "Null", "NULL"].contains(scalar.string) {
            return nil
        }
        return scalar.string
    }

    func integer(_ name: String) -> Int64? {
        guard let text = text(name) else { return nil }
        return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
    }

    /// A member that is a mapping of texts.
    func entries(_ name: String) -> [StoredEntry] {
        guard let mapping = members[name]?.mapping else { return [] }
        return mapping.compactMap { key, value in
            guard let key = key.scalar?.string, let value = value.scalar?.string else { return nil }
            return StoredEntry(key, value)
        }
    }
}
