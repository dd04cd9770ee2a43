/// Which fields of which file belong to which column.
struct ColumnLayout {
    private(set) var names: [String]
    /// Per file and field the column's place.
    private(set) var places: [[Int]]
    /// Per file and column the field's place; nil where the file lacks the column.
    private(set) var fields: [[Int?]] = []

    /// - Throws: `TableFault` where names repeat or headers differ that may not.
    init(_ files: [CSVFile], _ options: CSVOptions) throws(TableFault) {
        names = []
        places = []
        guard let first = files.first else { return }
        switch options.header {
        case .noHeader, .fromFirstFile:
            let header = try Self.distinct(first.header, of: first, options.repeatedNames)
            names = header ?? (0..<(files.map(\.fieldCount).max() ?? 0)).map(CSVFile.defaultName)
            places = files.map { Array(0..<(header?.count ?? $0.fieldCount)) }
        case .allFilesSameHeaders:
            names = try Self.distinct(first.header, of: first, options.repeatedNames) ?? []
            for file in files { try addSame(file, first, options.repeatedNames) }
        case .allFilesDifferentHeaders:
            for file in files { try addByName(file, options.repeatedNames) }
        }
        fields = places.map { places in
            var fields = [Int?](repeating: nil, count: names.count)
            for (field, place) in places.enumerated() { fields[place] = field }
            return fields
        }
    }

    private mutating func addSame(
        _ file: CSVFile, _ first: CSVFile, _ repeated: RepeatedNames
    ) throws(TableFault) {
        guard let header = try Self.distinct(file.header, of: file, repeated) else {
            places.append([])
            return
        }
        if header == names { return places.append(Array(names.indices)) }
        let missing = names.first { !header.contains($0) }, added = header.first { !names.contains($0) }
        guard missing == nil, added == nil else {
            let difference =
                missing.map { "has no column \"\($0)\"" } ?? added.map { "has a further column \"\($0)\"" } ?? ""
            throw TableFault(
                "The header of \(file.text.name) \(difference), unlike that of \(first.text.name). If the files have different "
                    + "columns, set header: all_files_different_headers.", file: file.text.name, line: 1)
        }
        // The same names in another order.
        places.append(header.map { names.firstIndex(of: $0) ?? 0 })
    }

    private mutating func addByName(_ file: CSVFile, _ repeated: RepeatedNames) throws(TableFault) {
        var known = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var fields: [Int] = []
        for name in try Self.distinct(file.header, of: file, repeated) ?? [] {
            if known[name] == nil {
                known[name] = names.count
                names.append(name)
            }
            fields.append(known[name] ?? 0)
        }
        places.append(fields)
    }

    private static func distinct(
        _ header: [String]?, of file: CSVFile, _ repeated: RepeatedNames
    ) throws(TableFault) -> [String]? {
        guard let header else { return nil }
        var first: [String: Int] = [:], names: [String] = []
        let taken = Set(header)
        for (place, name) in header.enumerated() {
            if let before = first[name] {
                guard repeated == .renamed else {
                    throw TableFault(
                        "\(file.text.name) has two columns \"\(name)\": columns \(before + 1) and \(place + 1). Give one of "
                            + "them another name in the header.", file: file.text.name, line: 1)
                }
                let free = (1...).lazy.map { "\(name).\($0)" }.first { !taken.contains($0) && first[$0] == nil }
                names.append(free ?? name)
                first[names[place]] = place
            } else {
                first[name] = place
                names.append(name)
            }
        }
        return names
    }
}
