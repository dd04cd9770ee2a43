import Foundation
import LazuliResources
import Yams

/// A YAML file read with the places of its values.
struct YAMLDocument: Sendable {
    /// As the user named the file: it begins every message.
    let name: String
    /// The folder that relative paths in the file start from.
    let folder: String
    var root: SourceNode

    /// Reads a file; `-` is the standard input, whose relative paths start from the working folder.
    static func read(_ path: String, standardInput: () -> Data = { FileHandle.standardInput.readDataToEndOfFile() })
        throws -> YAMLDocument
    {
        let working = FileManager.default.currentDirectoryPath
        if path == "-" {
            return try parse(String(decoding: standardInput(), as: UTF8.self), name: "<stdin>", folder: working)
        }
        let full = LocalPath.absolute(path, from: working)
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory)
        guard exists, !isDirectory.boolValue, let data = FileManager.default.contents(atPath: full) else {
            let reason = isDirectory.boolValue ? "is a folder" : exists ? "cannot be read" : "does not exist"
            throw ServiceError(
                .invalidArgument, "The file \(path) \(reason).\(LocalPath.hint(full))", target: path)
        }
        return try parse(
            String(decoding: data, as: UTF8.self), name: path, folder: (full as NSString).deletingLastPathComponent)
    }

    static func parse(_ text: String, name: String, folder: String) throws -> YAMLDocument {
        do {
            let node = try Parser(yaml: text).singleRoot()
            let reader = YAMLReader(file: name)
            let root = try node.map(reader.read) ?? SourceNode(.null, at: .file(name, line: 1, column: 1))
            return YAMLDocument(name: name, folder: folder, root: root)
        } catch let error as YamlError {
            throw syntaxError(error, name)
        }
    }

    private static func syntaxError(_ error: YamlError, _ name: String) -> ServiceError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ServiceError(
                .invalidArgument,
                "\(name):\(mark.line):\(mark.column): this is not valid YAML: \(problem). Check indentation, colons and quotes."
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { $0 }.joined(separator: ", ")
            return ServiceError(
                .invalidArgument,
                "\(name):\(context.mark.line):\(context.mark.column): the key \(keys) stands here more than once; keep one."
            )
        default:
            return ServiceError(.invalidArgument, "\(name) is not valid YAML: \(error)")
        }
    }
}

/// Turns parsed nodes into source nodes, reading plain scalars as YAML 1.1 does (and with it the stock client).
struct YAMLReader {
    let file: String

    func read(_ node: Node) throws -> SourceNode {
        let place = Place.file(file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        switch node {
        case .scalar(let scalar): return Self.scalar(scalar, place)
        case .sequence(let sequence):
            return SourceNode(.list(try sequence.map(read)), at: place)
        case .mapping(let mapping): return SourceNode(.mapping(try entries(of: mapping, place)), at: place)
        case .alias: throw ServiceError(.invalidArgument, "\(place): this alias points at nothing.")
        }
    }

    private func entries(of mapping: Node.Mapping, _ place: Place) throws -> [SourceNode.Entry] {
        var merged: [SourceNode.Entry] = []
        var own: [SourceNode.Entry] = []
        for (keyNode, valueNode) in mapping {
            guard let key = keyNode.scalar?.string else {
                throw ServiceError(.invalidArgument, "\(place): a key must be a plain text.")
            }
            let value = try read(valueNode)
            if key == "<<" {
                merged += value.entries ?? (value.elements ?? []).flatMap { $0.entries ?? [] }
            } else {
                let mark = keyNode.mark
                own.append(
                    .init(key: key, place: .file(file, line: mark?.line ?? 1, column: mark?.column ?? 1), value: value))
            }
        }
        let names = Set(own.map(\.key))
        return merged.filter { !names.contains($0.key) } + own
    }

    static func scalar(_ scalar: Node.Scalar, _ place: Place) -> SourceNode {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else {
            return SourceNode(.string(text), written: text, at: place)
        }
        return SourceNode(plain(text), written: text, at: place)
    }

    /// What an unquoted text stands for.
    static func plain(_ text: String) -> SourceNode.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
        if let integer = integer(text) { return .integer(integer) }
        if let number = number(text) { return .number(number) }
        return .string(text)
    }

    private static func integer(_ text: String) -> Int64? {
        let digits = text.replacing("_", with: "")
        let unsigned = digits.drop { $0 == "+" || $0 == "-" }
        guard digits.count - unsigned.count <= 1, let first = unsigned.first, first.isNumber else { return nil }
        let sign: Int64 = digits.first == "-" ? -1 : 1
        if unsigned.hasPrefix("0x") { return Int64(unsigned.dropFirst(2), radix: 16).map { sign * $0 } }
        if unsigned.hasPrefix("0b") { return Int64(unsigned.dropFirst(2), radix: 2).map { sign * $0 } }
        if unsigned.hasPrefix("0"), unsigned.count > 1 { return Int64(unsigned, radix: 8).map { sign * $0 } }
        return Int64(digits)
    }

    /// YAML 1.1 wants a point in a number with a fraction or an exponent: `1e-3` is a text.
    private static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case ".inf", "+.inf": return .infinity
        case "-.inf": return -.infinity
        case ".nan": return .nan
        default: break
        }
        guard text.contains("."), text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-._eE".contains($0)) }) else {
            return nil
        }
        return Double(text.replacing("_", with: ""))
    }
}
