import Foundation
import LazuliResources

/// Reads a table from wherever a person points: a CSV, Parquet or JSON-lines file, an MLTable file, or a folder with one
/// of these.
package struct TableSource: Sendable {
    /// How delimited text is read that no MLTable file describes.
    package var csv = CSVOptions()
    /// Nil if Parquet files cannot be read here.
    package var parquet: (any ParquetConverter)?
    /// The most rows to give, the first ones; nil for all.
    package var rowLimit: Int?
    /// The place on this machine of what a path in an MLTable file names by a URI with a scheme.
    package var localPath: @Sendable (_ uri: String) async throws -> String = { uri throws(TableFault) in
        throw TableFault("\(uri) is not on this machine. Name a local file, or register the data as an asset.")
    }

    package init() {}

    package static func read(path: String) async throws -> ReadTable { try await TableSource().read(path: path) }

    /// - Throws: `TableFault` that says what is wrong, where, and what to do.
    package func read(path: String) async throws -> ReadTable {
        if FolderListing.isFolder(path) {
            if FileManager.default.fileExists(atPath: "\(path)/\(MLTableFile.name)") {
                return try await read(MLTableFile(path: path))
            }
            return try await readFolder(path)
        }
        if TableFormat(path: path) == .mltable { return try await read(MLTableFile(path: path)) }
        return limited(try await read([path], nil).table)
    }

    package func read(_ file: MLTableFile) async throws -> ReadTable {
        let paths = try await TablePaths(file, localPath).files()
        var (read, rowCounts) = try await read(paths, file.reading, rowLimit: rowsNeeded(file.steps), file.steps)
        var fileOfRow: [Int32] = []
        for (place, count) in rowCounts.enumerated() { fileOfRow += repeatElement(Int32(place), count: count) }
        if case .included(let name)? = file.reading?.pathColumn {
            let labels = LabelValues(codes: fileOfRow, texts: paths)
            read.table.columns.insert(Column(name: name, kind: .category, values: .labels(labels)), at: 0)
        }
        var work = StepWork(read: read, paths: paths, fileOfRow: fileOfRow)
        for step in file.steps { try work.apply(step) }
        return limited(work.read)
    }

    // MARK: Reading files

    private func readFolder(_ path: String) async throws -> ReadTable {
        let files = FolderListing.files(below: path)
        let tables = files.filter { TableFormat(path: $0) != nil }
        if tables.count == 1, TableFormat(path: tables[0]) == .mltable {
            return try await read(MLTableFile(path: "\(path)/\(tables[0])"))
        }
        guard !tables.isEmpty else {
            let found = files.isEmpty ? "It is empty." : "There are: \(files.prefix(5).joined(separator: ", "))."
            throw TableFault(
                "The folder \(path) holds no table. \(found) A table is a file .csv, .tsv, .txt, .parquet, .jsonl or a file "
                    + "\"MLTable\" that names the files.", file: path)
        }
        let formats = Set(tables.compactMap { TableFormat(path: $0) })
        guard formats.count == 1 else {
            throw TableFault(
                "The folder \(path) holds tables of different formats: \(tables.prefix(5).joined(separator: ", ")). Name one of "
                    + "the files, or add a file \"MLTable\" that tells which are meant.", file: path)
        }
        return limited(try await read(tables.map { "\(path)/\($0)" }, nil, rowLimit: rowLimit).table)
    }

    private func read(_ paths: [String], _ reading: TableReading?) async throws -> (table: ReadTable, rowCounts: [Int])
    {
        try await read(paths, reading, rowLimit: rowLimit)
    }

    private func read(
        _ paths: [String], _ reading: TableReading?, rowLimit: Int?, _ steps: [TableStep] = []
    ) async throws -> (table: ReadTable, rowCounts: [Int]) {
        switch reading ?? guess(paths) {
        case .delimited(var options, _):
            options.rowLimit = rowLimit
            options.foresee(steps)
            return try CSVReader(options).files(paths)
        case .jsonLines(var options, _):
            options.rowLimit = rowLimit
            return try JSONLinesReader(options).files(paths)
        case .parquet:
            guard let parquet else {
                throw TableFault(
                    "\(paths.first ?? "") is Parquet, which is read by DuckDB, and DuckDB is not there. Run `lazuli native install "
                        + "duckdb`, or save the table as CSV.", file: paths.first)
            }
            return try await ParquetReader(converter: parquet, rowLimit: rowLimit).read(paths)
        }
    }

    private func guess(_ paths: [String]) -> TableReading {
        switch paths.first.flatMap(TableFormat.init(path:)) {
        case .parquet: .parquet(.left)
        case .jsonLines: .jsonLines(JSONLinesOptions(), .left)
        case .delimited, .mltable, nil: .delimited(csv, .left)
        }
    }

    // MARK: Limits

    private func limited(_ read: ReadTable) -> ReadTable {
        guard let rowLimit, read.table.rowCount > rowLimit else { return read }
        return ReadTable(table: read.table.first(rowLimit), notes: read.notes)
    }

    /// How many of the first rows suffice; nil for all.
    private func rowsNeeded(_ steps: [TableStep]) -> Int? {
        var needed = rowLimit
        for step in steps.reversed() {
            switch step {
            case .take(let count): needed = min(needed ?? .max, count)
            case .skip(let count): needed = needed.map { $0 + count }
            case .filter, .takeRandomSample: needed = nil
            case .keepColumns, .dropColumns, .convert, .extractColumns: break
            }
        }
        return needed
    }
}

extension CSVOptions {
    /// Reads columns at once as they will be converted: from what is written, rather than from what was inferred.
    fileprivate mutating func foresee(_ steps: [TableStep]) {
        for step in steps {
            guard case .convert(let conversions) = step else { continue }
            for conversion in conversions {
                for name in conversion.columns where kinds[name] == nil && words[name] == nil {
                    switch conversion.target {
                    case .real: kinds[name] = .real
                    case .integer, .text, .boolean, .dateTime: words[name] = .asWritten
                    }
                }
            }
        }
    }
}

/// What a file's name says of its format.
enum TableFormat: Sendable {
    case delimited
    case parquet
    case jsonLines
    case mltable

    init?(path: String) {
        let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        if plain == "mltable" || plain.hasSuffix(".mltable") {
            self = .mltable
            return
        }
        switch plain.split(separator: ".").last.map(String.init) {
        case "csv", "tsv", "txt", "data", "tab": self = .delimited
        case "parquet", "pq", "parq": self = .parquet
        case "jsonl", "ndjson", "jsonlines", "json": self = .jsonLines
        default: return nil
        }
    }
}
