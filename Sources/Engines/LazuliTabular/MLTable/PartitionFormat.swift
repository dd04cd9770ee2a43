/// Columns that are read off the paths of files: `/{Department}/{Day:yyyy/MM/dd}/data.csv`.
///
/// Source: `extract_columns_from_partition_format` of the package mltable. `{name}` is a text up to the next slash,
/// `{name:…}` a point in time of the parts yyyy, MM, dd, HH, mm and ss. The format goes to the end of the path.
struct PartitionFormat: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case literal(String)
        case text(String)
        case time(String, pattern: String)
    }

    private let parts: [Part]
    private let source: String

    /// - Throws: `TableFault` if it names no column, or a brace is not closed.
    init(_ source: String) throws(TableFault) {
        self.source = source
        var parts: [Part] = [], rest = Substring(source)
        while let first = rest.first {
            guard first == "{" else {
                let literal = rest.prefix { $0 != "{" }
                parts.append(.literal(String(literal)))
                rest = rest.dropFirst(literal.count)
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw TableFault("the partition format \(source) has a brace that is not closed.")
            }
            let inside = rest[rest.index(after: rest.startIndex)..<end]
            let pieces = inside.split(separator: ":", maxSplits: 1).map(String.init)
            guard let name = pieces.first else {
                throw TableFault("the partition format \(source) has a column without a name.")
            }
            parts.append(pieces.count == 2 ? .time(name, pattern: pieces[1]) : .text(name))
            rest = rest[rest.index(after: end)...]
        }
        self.parts = parts
        guard !names.isEmpty else {
            throw TableFault(
                "the partition format \"\(source)\" names no column. Write {name} for each part of the path.")
        }
    }

    var names: [String] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .text(let name), .time(let name, _): name
            }
        }
    }

    /// A column per name, for rows whose files are known.
    ///
    /// - Throws: `TableFault` if a path does not end as the format says.
    func columns(paths: [String], fileOfRow: [Int32]) throws(TableFault) -> [Column] {
        var found: [[String: String]] = []
        for path in paths {
            guard let values = values(path) else {
                throw TableFault("The path \(path) does not end as the partition format \(source) says.", file: path)
            }
            found.append(values)
        }
        return parts.compactMap { part -> Column? in
            switch part {
            case .literal: return nil
            case .text(let name):
                var labels = LabelBuilder()
                for values in found { labels.append(values[name]) }
                let codes = fileOfRow.map { labels.values.codes[Int($0)] }
                return Column(
                    name: name, kind: .category, values: .labels(.init(codes: codes, texts: labels.values.texts)))
            case .time(let name, let pattern):
                let seconds = found.map { Self.seconds($0[name] ?? "", pattern) ?? .nan }
                return Column(name: name, kind: .dateTime, values: .times(fileOfRow.map { seconds[Int($0)] }))
            }
        }
    }

    /// The values in a path that ends as the format says.
    func values(_ path: String) -> [String: String]? {
        var start = path.startIndex
        while true {
            if let values = Self.match(parts[...], path[start...]) { return values }
            guard start < path.endIndex else { return nil }
            start = path.index(after: start)
        }
    }

    private static func match(_ parts: ArraySlice<Part>, _ path: Substring) -> [String: String]? {
        guard let part = parts.first else { return path.isEmpty ? [:] : nil }
        let others = parts.dropFirst()
        switch part {
        case .literal(let literal):
            return path.hasPrefix(literal) ? match(others, path.dropFirst(literal.count)) : nil
        case .time(let name, let pattern):
            let value = path.prefix(pattern.count)
            guard value.count == pattern.count, seconds(String(value), pattern) != nil else { return nil }
            return match(others, path.dropFirst(pattern.count))?.merging([name: String(value)]) { own, _ in own }
        case .text(let name):
            let segment = path.prefix { $0 != "/" }
            for length in stride(from: segment.count, to: 0, by: -1) {
                if let rest = match(others, path.dropFirst(length)) {
                    return rest.merging([name: String(path.prefix(length))]) { own, _ in own }
                }
            }
            return nil
        }
    }

    private static func seconds(_ text: String, _ pattern: String) -> Double? {
        var values = ["yyyy": 1970, "MM": 1, "dd": 1, "HH": 0, "mm": 0, "ss": 0]
        var (rest, form) = (Substring(text), Substring(pattern))
        while let first = form.first {
            if let name = values.keys.first(where: form.hasPrefix) {
                guard let value = Int(rest.prefix(name.count)) else { return nil }
                values[name] = value
                form = form.dropFirst(name.count)
                rest = rest.dropFirst(name.count)
            } else {
                guard rest.first == first else { return nil }
                form.removeFirst()
                rest.removeFirst()
            }
        }
        guard rest.isEmpty, let year = values["yyyy"], let month = values["MM"], let day = values["dd"],
            let number = CalendarDay.number(year: year, month: month, day: day)
        else { return nil }
        return Double(number * 86400 + (values["HH"] ?? 0) * 3600 + (values["mm"] ?? 0) * 60 + (values["ss"] ?? 0))
    }
}
