import Foundation
import LazuliResources
import Yams

/// An MLTable file: which files hold a table, how they are read, and what is done to the rows.
///
/// Source: learn.microsoft.com/azure/machine-learning/reference-yaml-mltable.
package struct MLTableFile: Sendable {
    static let name = "MLTable"

    /// Where relative paths begin.
    let folder: String
    let paths: [TablePath]
    /// Nil if the names of the files are to tell their format.
    let reading: TableReading?
    let steps: [TableStep]

    /// - Parameter path: the file, or a folder with a file `MLTable`.
    /// - Throws: `TableFault` that names the line of what is not understood.
    package init(path: String) throws(TableFault) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let file = exists && isFolder.boolValue ? "\(path)/\(Self.name)" : path
        guard let data = FileManager.default.contents(atPath: file) else {
            throw TableFault(
                "\(file) cannot be read. An MLTable asset is a folder that holds a file \"MLTable\".", file: file)
        }
        let folder = (file as NSString).deletingLastPathComponent
        try self.init(text: String(decoding: data, as: UTF8.self), file: file, folder: folder.isEmpty ? "." : folder)
    }

    /// - Parameter file: what faults call the text.
    package init(text: String, file: String, folder: String) throws(TableFault) {
        self.folder = folder
        let root = try YAMLMapping(text: text, file: file)
        try root.allow(
            [
                "$schema", "type", "paths", "transformations", "metadata", "traits", "name", "version", "description",
                "tags",
            ])
        if let type = try root.text("type"), type != "mltable" {
            throw root.fault("\"type\" should be mltable, and is \(type).", at: root["type"])
        }
        guard let list = root["paths"]?.sequence, !list.isEmpty else {
            throw root.fault(
                "the list \"paths:\" is missing. Name the files of the table there: - file: ./data.csv",
                at: root["paths"])
        }
        var paths: [TablePath] = []
        for node in list { paths.append(try TablePath(node, root)) }
        self.paths = paths
        (reading, steps) = try TransformationList.parse(root)
    }
}

extension MLTableFile {
    /// What its paths name by URIs with a scheme, which only others can tell the places of.
    package var addresses: [String] {
        paths.map(\.text).filter { TablePaths.isAddress($0) && !$0.hasPrefix("file://") }
    }
}

/// A member of `paths`.
enum TablePath: Sendable, Equatable {
    case file(String)
    case folder(String)
    case pattern(String)

    init(_ node: Node, _ root: YAMLMapping) throws(TableFault) {
        if let text = node.scalar?.string {
            self = .file(text)
            return
        }
        guard let mapping = node.mapping, mapping.count == 1, let (key, value) = mapping.first,
            let text = value.scalar?.string, let name = key.string
        else {
            throw root.fault("a member of \"paths\" is one of: file, folder, pattern, each with a path.", at: node)
        }
        switch name {
        case "file": self = .file(text)
        case "folder": self = .folder(text)
        case "pattern": self = .pattern(text)
        default:
            throw root.fault(
                "\"paths\" has no member \"\(name)\".\(NearestName.hint(name, among: ["file", "folder", "pattern"])) There are: "
                    + "file, folder, pattern.", at: key)
        }
    }

    var text: String {
        switch self {
        case .file(let text), .folder(let text), .pattern(let text): text
        }
    }
}

/// How the files of a table are read.
enum TableReading: Sendable {
    case delimited(CSVOptions, PathColumn)
    case parquet(PathColumn)
    case jsonLines(JSONLinesOptions, PathColumn)

    /// Whether each row is to tell the file it is from, in a first column of this name.
    enum PathColumn: Sendable, Equatable {
        case left
        case included(name: String)
    }

    var pathColumn: PathColumn {
        switch self {
        case .delimited(_, let column), .parquet(let column), .jsonLines(_, let column): column
        }
    }
}

/// Something that is done to the rows once they are read.
enum TableStep: Sendable {
    case keepColumns([String])
    case dropColumns([String])
    case convert([ColumnConversion])
    case skip(Int)
    case take(Int)
    case takeRandomSample(probability: Double, seed: UInt64)
    case filter(RowFilter)
    case extractColumns(PartitionFormat)
}
