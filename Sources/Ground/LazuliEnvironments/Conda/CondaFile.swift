import LazuliResources
import Yams

/// A conda environment file. Source: conda documentation, "Creating an environment file manually".
///
/// There is no conda here: Python and its packages come from the Python package index. Names that conda spells
/// otherwise are translated (`CondaPackageNames`), system libraries are left to the host, and what is no Python package
/// at all is refused.
struct CondaFile {
    private(set) var specification = EnvironmentSpecification()
    private var problems: [ServiceError] = []

    init(text: String) throws(ServiceError) {
        let root = try CondaFile.root(of: text)
        guard let mapping = root.mapping else {
            throw ServiceError(.invalidArgument, "The conda file is no YAML mapping with \"dependencies:\".")
        }
        for (key, value) in mapping {
            switch key.string {
            case "dependencies": readDependencies(value)
            case "name", "channels", "prefix": break
            default: refuseKey(key)
            }
        }
        if mapping["dependencies"] == nil {
            problems.append(ServiceError(.invalidArgument, "The conda file has no \"dependencies:\" list."))
        }
        if let error = ServiceError.collecting(problems, in: "The conda file") { throw error }
    }

    private static func root(of text: String) throws(ServiceError) -> Node {
        do {
            if let node = try compose(yaml: text) { return node }
        } catch {
            throw ServiceError(
                .invalidArgument, "The conda file is no valid YAML: \(CondaFile.words(error)).", target: "condaFile")
        }
        throw ServiceError(.invalidArgument, "The conda file is empty.", target: "condaFile")
    }

    private static func words(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem) at line \(mark.line), column \(mark.column)"
        default: "\(error)"
        }
    }

    private mutating func readDependencies(_ node: Node) {
        guard let list = node.sequence else {
            return problem("\"dependencies\" must be a list", at: node)
        }
        for item in list {
            if let text = item.string {
                readPackage(text, at: item)
            } else if let mapping = item.mapping {
                for (key, value) in mapping { readSection(key, value) }
            } else {
                problem("A dependency must be a text such as \"numpy=1.26\"", at: item)
            }
        }
    }

    private mutating func readPackage(_ text: String, at node: Node) {
        do throws(ServiceError) {
            switch try CondaDependency(text).translation() {
            case .python(let wish): specification.python = wish
            case .requirement(let requirement): specification.requirements.append(requirement)
            case .left(let notice): specification.notices.append(notice)
            }
        } catch {
            problem(error.message, at: node)
        }
    }

    private mutating func readSection(_ key: Node, _ value: Node) {
        guard key.string == "pip" else {
            return problem("\"\(key.string ?? "")\" is no section of dependencies; only \"pip\" is", at: key)
        }
        guard let list = value.sequence else { return problem("\"pip\" must be a list", at: value) }
        for item in list {
            guard let text = item.string else {
                problem("A pip requirement must be a text such as \"numpy==1.26.4\"", at: item)
                continue
            }
            do throws(ServiceError) {
                specification.add(try RequirementLine(text, place: place(item)))
            } catch {
                problems.append(error)
            }
        }
    }

    private mutating func refuseKey(_ key: Node) {
        let name = key.string ?? "?"
        if name == "variables" {
            specification.notices.append(
                "\"variables\" of the conda file are not set; use environment_variables of the job instead.")
            return
        }
        let hint = NearestName.hint(name, among: ["name", "channels", "dependencies", "prefix"])
        problem("\"\(name)\" is no key of a conda file.\(hint)", at: key)
    }

    private mutating func problem(_ text: String, at node: Node) {
        let sentence = text.hasSuffix(".") || text.hasSuffix("?") ? text : text + "."
        problems.append(
            ServiceError(.invalidArgument, "\(place(node).capitalizedFirst): \(sentence)", target: "condaFile"))
    }

    private func place(_ node: Node) -> String {
        node.mark.map { "line \($0.line) of the conda file" } ?? "the conda file"
    }
}
