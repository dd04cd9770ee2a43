import LazuliResources
import Yams

/// A mapping of a YAML file, read so that no key is silently ignored.
struct YAMLMapping {
    let file: String
    /// What the mapping is about, for faults: `read_delimited`.
    let subject: String
    let mapping: Node.Mapping

    /// - Throws: `TableFault` that names the line where the text is no YAML mapping.
    init(text: String, file: String) throws(TableFault) {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw Self.fault(error, file)
        }
        guard let mapping = root?.mapping else {
            throw TableFault(
                "\(file) is no MLTable file: it should be a YAML mapping with the list \"paths:\".", file: file)
        }
        self.init(file: file, subject: "the MLTable file", mapping: mapping)
    }

    init(file: String, subject: String, mapping: Node.Mapping) {
        self.file = file
        self.subject = subject
        self.mapping = mapping
    }

    private static func fault(_ error: any Error, _ file: String) -> TableFault {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            TableFault("Line \(mark.line) of \(file) is no YAML: \(problem).", file: file, line: mark.line)
        default: TableFault("\(file) is no YAML: \(error).", file: file)
        }
    }

    func fault(_ text: String, at node: Node?) -> TableFault {
        let line = node?.mark?.line
        return TableFault("\(line.map { "Line \($0) of " } ?? "")\(file): \(text)", file: file, line: line)
    }

    /// - Throws: `TableFault` that names the first key which is not among these.
    func allow(_ keys: [String]) throws(TableFault) {
        for (key, _) in mapping where !keys.contains(key.string ?? "") {
            let name = key.string ?? ""
            throw fault(
                "\(subject) has no setting \"\(name)\".\(NearestName.hint(name, among: keys)) There are: "
                    + "\(keys.joined(separator: ", ")).", at: key)
        }
    }

    subscript(key: String) -> Node? { mapping[key] }

    func text(_ key: String) throws(TableFault) -> String? {
        guard let node = mapping[key] else { return nil }
        guard let text = node.scalar?.string else {
            throw fault("\"\(key)\" of \(subject) should be a text.", at: node)
        }
        return text
    }

    func truth(_ key: String) throws(TableFault) -> Bool? {
        guard let node = mapping[key] else { return nil }
        switch node.scalar?.string.lowercased() {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw fault("\"\(key)\" of \(subject) should be true or false.", at: node)
        }
    }

    func texts(_ key: String) throws(TableFault) -> [String]? {
        try mapping[key].map { node throws(TableFault) in try texts(of: node, "\"\(key)\"") }
    }

    /// One text, or a list of them.
    func texts(of node: Node, _ name: String) throws(TableFault) -> [String] {
        if let text = node.scalar?.string { return [text] }
        guard let items = node.sequence.map({ Array($0) }), items.allSatisfy({ $0.scalar != nil }) else {
            throw fault("\(name) of \(subject) should be a text or a list of texts.", at: node)
        }
        return items.compactMap { $0.scalar?.string }
    }

    func nested(_ node: Node, _ subject: String) throws(TableFault) -> YAMLMapping {
        // A step without settings may stand alone: `- read_parquet`.
        if node.scalar?.string.isEmpty == true || node.null != nil || node == Node("") {
            return YAMLMapping(file: file, subject: subject, mapping: Node.Mapping([]))
        }
        guard let mapping = node.mapping else { throw fault("\(subject) should be a mapping of settings.", at: node) }
        return YAMLMapping(file: file, subject: subject, mapping: mapping)
    }
}
