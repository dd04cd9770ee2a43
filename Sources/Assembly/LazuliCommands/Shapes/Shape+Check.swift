import Foundation
import LazuliResources

/// Collects every problem of a file while it is checked.
struct ShapeChecker {
    private(set) var problems: [(place: Place, message: String)] = []
    /// The folder of the file that is being read.
    private var folder: String
    /// The files that are being read, outermost first: a file may not contain itself.
    private var openFiles: [String] = []

    init(folder: String) { self.folder = folder }

    /// The document in its checked form: paths absolute, words canonical, files it names read in; or all its problems.
    static func check(_ document: YAMLDocument, _ fields: Fields) throws -> JSON {
        var checker = ShapeChecker(folder: document.folder)
        guard document.root.entries != nil else {
            throw ServiceError(
                .invalidArgument,
                "\(document.root.place): the file must hold keys and values, not \(document.root.kindName).")
        }
        let value = checker.object(document.root, fields, "")
        try checker.throwProblems(in: document.name)
        return value
    }

    func throwProblems(in name: String) throws {
        guard !problems.isEmpty else { return }
        let sorted = problems.enumerated().sorted { left, right in
            left.element.place.order == right.element.place.order
                ? left.offset < right.offset : left.element.place.order < right.element.place.order
        }.map(\.element)
        if sorted.count == 1 { throw ServiceError(.invalidArgument, "\(sorted[0].place): \(sorted[0].message)") }
        throw ServiceError(
            .invalidArgument, "\(name) has \(sorted.count) problems:",
            details: sorted.map { ServiceError(.invalidArgument, "\($0.place): \($0.message)") })
    }

    private mutating func problem(_ node: SourceNode, _ message: String) -> JSON {
        problems.append((node.place, message))
        return .null
    }

    private mutating func expected(_ what: String, _ node: SourceNode, _ path: String) -> JSON {
        problem(node, "\(path.isEmpty ? "this" : "\"\(path)\"") must be \(what), not \(Self.named(node)).")
    }

    private static func named(_ node: SourceNode) -> String {
        guard let text = node.written, !text.isEmpty, text.count <= 40, !node.isNull else { return node.kindName }
        return node.string == nil ? text : "\"\(text)\""
    }

    /// `${{…}}` may stand for any scalar; it is filled in by the server.
    static func isExpression(_ node: SourceNode) -> Bool { node.string?.contains("${{") ?? false }

    mutating func check(_ node: SourceNode, _ shape: Shape, _ path: String) -> JSON {
        switch shape {
        case .any: return node.json
        case .later(let shape): return check(node, shape(), path)
        case .coded(let inner, _), .prepared(let inner, _): return check(node, inner, path)
        case .object(let fields): return object(node, fields, path)
        case .map(let inner):
            guard let entries = node.entries else { return expected("a mapping", node, path) }
            return .object(JSONObject(entries.map { ($0.key, check($0.value, inner, "\(path).\($0.key)")) }))
        case .list(let inner):
            guard let elements = node.elements else { return expected("a list", node, path) }
            return .array(elements.enumerated().map { check($1, inner, "\(path)[\($0)]") })
        case .oneOrMore(let inner):
            if node.elements == nil { return .array([check(node, inner, path)]) }
            return check(node, .list(inner), path)
        case .scalarOr(let scalar, let structured):
            if node.isNull { return .null }
            return check(node, node.entries == nil && node.elements == nil ? scalar : structured, path)
        case .file(let inner): return file(node, inner, path)
        case .asset(let role): return asset(node, role, path)
        default: return scalar(node, shape, path)
        }
    }

    private mutating func scalar(_ node: SourceNode, _ shape: Shape, _ path: String) -> JSON {
        if Self.isExpression(node) { return node.json }
        switch shape {
        case .text, .literal:
            guard let text = node.scalarText else { return expected("a text", node, path) }
            return .string(text)
        case .integer, .seconds, .minutes:
            if let integer = node.json.integer { return JSON(integer) }
            if let integer = node.string.flatMap({ Int($0) }) { return JSON(integer) }
            return expected("a whole number", node, path)
        case .number:
            if node.json.number != nil { return node.json }
            if let number = node.string.flatMap({ Double($0) }) { return .number(number) }
            return expected("a number", node, path)
        case .boolean:
            if let flag = node.json.bool { return .bool(flag) }
            if let text = node.string?.lowercased(), text == "true" || text == "false" { return .bool(text == "true") }
            return expected("true or false", node, path)
        case .word(let words): return word(node, words, path)
        default: return node.json
        }
    }

    private mutating func word(_ node: SourceNode, _ words: Words, _ path: String) -> JSON {
        let known = words.pairs.map(\.file)
        guard let text = node.scalarText else { return expected("one of \(known.joined(separator: ", "))", node, path) }
        if let word = words.canonical(text) { return .string(word) }
        return problem(
            node,
            "\"\(path)\" is \"\(text)\", which is not one of \(known.joined(separator: ", "))."
                + NearestName.hint(text, among: known))
    }

    mutating func object(_ node: SourceNode, _ fields: Fields, _ path: String) -> JSON {
        guard let entries = node.entries else { return expected("a mapping", node, path) }
        var result = JSONObject()
        let before = path.isEmpty ? "" : path + "."
        var word: String?
        if let variants = fields.variants {
            if let chosen = node[variants.key], !chosen.isNull {
                let checked = self.word(chosen, variants.words, before + variants.key)
                guard checked.string != nil else { return .null }
                word = checked.string
            } else {
                word = variants.fallback
                if word == nil {
                    let known = variants.list.map(\.word).joined(separator: ", ")
                    return problem(node, "the key \"\(before)\(variants.key)\" is missing; it is one of \(known).")
                }
            }
            result[variants.key] = JSON(word)
        }
        let rows = fields.rows(for: word) { row in
            guard case .word(let words) = row.shape, let text = node[row.key]?.string else { return nil }
            return words.canonical(text)
        }
        for entry in entries where entry.key != fields.variants?.key {
            guard let row = rows.first(where: { $0.key == entry.key }) else {
                if fields.keepsOthers {
                    result[entry.key] = entry.value.json
                } else {
                    unknown(entry, rows, fields, path)
                }
                continue
            }
            guard row.presence != .shown, !entry.value.isNull else { continue }
            result[row.key] = check(entry.value, row.shape, before + row.key)
        }
        for row in rows where row.presence == .required && (node[row.key]?.isNull ?? true) {
            _ = problem(node, "the key \"\(before)\(row.key)\" is missing; it is required.")
        }
        return .object(result)
    }

    private mutating func unknown(_ entry: SourceNode.Entry, _ rows: [Row], _ fields: Fields, _ path: String) {
        // Every file may name its schema; it says nothing that is not known already.
        if entry.key == "$schema" { return }
        let known = rows.map(\.key) + [fields.variants?.key].compactMap { $0 }
        let place = path.isEmpty ? "" : " in \"\(path)\""
        let hint = NearestName.hint(entry.key, among: known)
        let all = hint.isEmpty ? " Known keys: \(known.sorted().joined(separator: ", "))." : hint
        problems.append((entry.place, "unknown key \"\(entry.key)\"\(place).\(all)"))
    }

    private mutating func file(_ node: SourceNode, _ inner: Shape, _ path: String) -> JSON {
        guard let text = node.string, LocalPath.isLocal(text) else { return check(node, inner, path) }
        let full = LocalPath.absolute(LocalPath.stripped(text), from: folder)
        guard !openFiles.contains(full) else { return problem(node, "\(text) contains itself.") }
        do {
            let document = try YAMLDocument.read(full)
            let outer = folder
            folder = document.folder
            openFiles.append(full)
            defer {
                folder = outer
                openFiles.removeLast()
            }
            return check(document.root, inner, path)
        } catch let error as ServiceError {
            return problem(node, "\"\(path)\": \(error.message)")
        } catch {
            return problem(node, "\"\(path)\": \(text) cannot be read.")
        }
    }

    // MARK: Assets

    private mutating func asset(_ node: SourceNode, _ role: AssetRole, _ path: String) -> JSON {
        switch role {
        case .code, .data, .model, .modelPath, .buildContext: return location(node, role, path)
        case .environment: return named(node, AssetShapes.environment, role, path)
        case .component, .modelReference: return named(node, AssetShapes.shape(of: role), role, path)
        case .compute, .job:
            guard let text = node.scalarText else { return expected("a name", node, path) }
            return .string(text)
        }
    }

    /// A local path is made absolute and must exist; anything else is left to the server.
    private mutating func location(_ node: SourceNode, _ role: AssetRole, _ path: String) -> JSON {
        guard let text = node.scalarText else { return expected("a path or a URI", node, path) }
        guard LocalPath.isLocal(text) else { return .string(text) }
        let full = LocalPath.absolute(LocalPath.stripped(text), from: folder)
        guard FileManager.default.fileExists(atPath: full) else {
            return problem(node, "\"\(path)\" names \(text), and there is no \(full).\(LocalPath.hint(full))")
        }
        return .string(full)
    }

    /// A reference by name, a file of its own, or the thing itself in place.
    private mutating func named(_ node: SourceNode, _ inner: Shape, _ role: AssetRole, _ path: String) -> JSON {
        guard let text = node.string else { return check(node, inner, path) }
        if Self.isExpression(node) || AssetReference(text) != nil { return .string(text) }
        if text.hasPrefix("azureml:") || !looksLikeFile(text) {
            return problem(
                node,
                "\"\(path)\" is \"\(text)\"; name a version with it: azureml:\(text.replacing("azureml:", with: ""))@latest "
                    + "or azureml:\(text.replacing("azureml:", with: "")):1.")
        }
        return file(node, inner, path)
    }

    private func looksLikeFile(_ text: String) -> Bool {
        text.hasPrefix("file:") || text.hasPrefix(".") || text.contains("/") || text.hasSuffix(".yml")
            || text.hasSuffix(".yaml")
    }
}
