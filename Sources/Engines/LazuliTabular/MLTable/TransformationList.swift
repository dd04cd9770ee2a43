import LazuliResources
import Yams

/// Reads the list `transformations` of an MLTable file. What is not known is refused by its name.
enum TransformationList {
    static let supported = [
        "read_delimited", "read_parquet", "read_json_lines", "keep_columns", "drop_columns", "convert_column_types",
        "skip",
        "take", "take_random_sample", "filter", "extract_columns_from_partition_format",
    ]

    static func parse(_ root: YAMLMapping) throws(TableFault) -> (reading: TableReading?, steps: [TableStep]) {
        guard let node = root["transformations"], node.null == nil else { return (nil, []) }
        guard let list = node.sequence else {
            throw root.fault("\"transformations\" should be a list.", at: node)
        }
        var reading: TableReading?
        var steps: [TableStep] = []
        for item in list {
            let (name, settings, key) = try step(item, root)
            if name.hasPrefix("read_"), supported.contains(name) {
                guard reading == nil else {
                    throw root.fault(
                        "the files are read once: take out \"\(name)\" or the other read transformation.", at: key)
                }
                reading = try self.reading(name, root.nested(settings, name))
            } else {
                steps.append(try self.step(name, settings, key, root))
            }
        }
        return (reading, steps)
    }

    private static func step(
        _ item: Node, _ root: YAMLMapping
    ) throws(TableFault) -> (name: String, settings: Node, key: Node) {
        if let name = item.scalar?.string { return (name, Node(""), item) }
        guard let mapping = item.mapping, mapping.count == 1, let (key, value) = mapping.first, let name = key.string
        else {
            throw root.fault("a member of \"transformations\" is one transformation with its settings.", at: item)
        }
        return (name, value, key)
    }

    // MARK: Reading

    private static func reading(_ name: String, _ settings: YAMLMapping) throws(TableFault) -> TableReading {
        let pathColumn: TableReading.PathColumn = try settings.truth("include_path_column") == true ? .included : .left
        switch name {
        case "read_parquet":
            try settings.allow(["include_path_column"])
            return .parquet(pathColumn)
        case "read_json_lines":
            try settings.allow(["include_path_column", "invalid_lines", "encoding"])
            var options = JSONLinesOptions()
            options.encoding = try encoding(settings)
            options.skipsInvalidLines = try choice("invalid_lines", ["error": false, "drop": true], settings) ?? false
            return .jsonLines(options, pathColumn)
        default: return .delimited(try delimited(settings), pathColumn)
        }
    }

    private static func delimited(_ settings: YAMLMapping) throws(TableFault) -> CSVOptions {
        try settings.allow([
            "delimiter", "encoding", "header", "empty_as_string", "include_path_column", "infer_column_types",
            "support_multi_line", "partition_size",
        ])
        var options = CSVOptions()
        // As Azure reads it: a comma unless another delimiter is given, and short rows are filled up.
        options.shortRows = .padded
        let delimiter = try settings.text("delimiter") ?? ","
        guard let character = delimiter == "\\t" ? "\t" : delimiter.first, delimiter.count == 1 || delimiter == "\\t"
        else {
            throw settings.fault(
                "\"delimiter\" should be one character, and is \"\(delimiter)\".", at: settings["delimiter"])
        }
        options.delimiter = character
        options.encoding = try encoding(settings)
        let headers = Dictionary(uniqueKeysWithValues: HeaderMode.allCases.map { ($0.rawValue, $0) })
        options.header = try choice("header", headers, settings) ?? .allFilesSameHeaders
        options.emptyAsText = try settings.truth("empty_as_string") ?? false
        options.quotedLineEnds = try settings.truth("support_multi_line") ?? true
        // A mapping says how many rows to look at; we look at all.
        if settings["infer_column_types"]?.mapping == nil {
            options.infersKinds = try settings.truth("infer_column_types") ?? true
        }
        return options
    }

    private static func encoding(_ settings: YAMLMapping) throws(TableFault) -> TextEncoding? {
        guard let name = try settings.text("encoding") else { return nil }
        guard let encoding = TextEncoding(named: name) else {
            throw settings.fault(
                "the encoding \"\(name)\" is not known here. There are: utf8, utf8bom, utf16, ascii, latin1, iso88591, "
                    + "windows1252. Save the file in one of these.", at: settings["encoding"])
        }
        return encoding
    }

    private static func choice<Value>(
        _ key: String, _ values: [String: Value], _ settings: YAMLMapping
    ) throws(TableFault) -> Value? {
        guard let text = try settings.text(key) else { return nil }
        if let value = values[text] { return value }
        let names = values.keys.sorted()
        throw settings.fault(
            "\"\(key)\" of \(settings.subject) cannot be \"\(text)\".\(NearestName.hint(text, among: names)) There are: "
                + "\(names.joined(separator: ", ")).", at: settings[key])
    }

    // MARK: Steps

    private static func step(
        _ name: String, _ settings: Node, _ key: Node, _ root: YAMLMapping
    ) throws(TableFault) -> TableStep {
        let named = YAMLMapping(file: root.file, subject: name, mapping: Node.Mapping([]))
        switch name {
        case "keep_columns": return .keepColumns(try named.texts(of: settings, "the list"))
        case "drop_columns": return .dropColumns(try named.texts(of: settings, "the list"))
        case "convert_column_types": return .convert(try ColumnConversion.parse(settings, named))
        case "skip": return .skip(try count(settings, named))
        case "take": return .take(try count(settings, named))
        case "take_random_sample": return try randomSample(root.nested(settings, name))
        case "filter":
            let text = settings.scalar?.string ?? ""
            do {
                return .filter(try RowFilter(text))
            } catch {
                throw named.fault(error.message, at: settings)
            }
        case "extract_columns_from_partition_format":
            let nested = settings.scalar == nil ? try root.nested(settings, name) : nil
            try nested?.allow(["partition_format"])
            let text = try nested?.text("partition_format") ?? settings.scalar?.string ?? ""
            do {
                return .extractColumns(try PartitionFormat(text))
            } catch {
                throw named.fault(error.message, at: settings)
            }
        default:
            throw root.fault(
                "the transformation \"\(name)\" is not supported.\(NearestName.hint(name, among: supported)) There are: "
                    + "\(supported.joined(separator: ", ")).", at: key)
        }
    }

    private static func count(_ node: Node, _ settings: YAMLMapping) throws(TableFault) -> Int {
        guard let count = node.scalar.flatMap({ Int($0.string) }), count >= 0 else {
            throw settings.fault("\(settings.subject) should be a whole number of rows.", at: node)
        }
        return count
    }

    private static func randomSample(_ settings: YAMLMapping) throws(TableFault) -> TableStep {
        try settings.allow(["probability", "seed"])
        guard let probability = try settings.text("probability").flatMap(Double.init), (0...1).contains(probability)
        else {
            throw settings.fault(
                "\"probability\" of take_random_sample should be a number from 0 to 1.", at: settings["probability"])
        }
        let seed = try settings.text("seed")
        guard let number = Int64(seed ?? "0") else {
            throw settings.fault("\"seed\" of take_random_sample should be a whole number.", at: settings["seed"])
        }
        return .takeRandomSample(probability: probability, seed: UInt64(bitPattern: number))
    }
}
