import LazuliResources
import Yams

/// Reads the settings of `read_delimited`, `read_parquet` and `read_json_lines`.
enum ReadTransformation {
    /// Settings of all three. How Azure cuts files up for its own reading does not matter here.
    private static let general = ["include_path_column", "path_column", "partition_size"]

    /// How the files are read, and what is to be done to the rows first of all.
    static func parse(_ name: String, _ settings: YAMLMapping) throws(TableFault) -> (TableReading, [TableStep]) {
        switch name {
        case "read_parquet":
            try settings.allow(general)
            return (.parquet(try pathColumn(settings)), [])
        case "read_json_lines":
            try settings.allow(["invalid_lines", "encoding"] + general)
            var options = JSONLinesOptions()
            options.encoding = try encoding(settings)
            options.skipsInvalidLines = try choice("invalid_lines", ["error": false, "drop": true], settings) ?? false
            return (.jsonLines(options, try pathColumn(settings)), [])
        default: return (.delimited(try delimited(settings), try pathColumn(settings)), try typeOverrides(settings))
        }
    }

    private static func pathColumn(_ settings: YAMLMapping) throws(TableFault) -> TableReading.PathColumn {
        let name = try settings.text("path_column") ?? "Path"
        return try settings.truth("include_path_column") == true ? .included(name: name) : .left
    }

    private static func delimited(_ settings: YAMLMapping) throws(TableFault) -> CSVOptions {
        try settings.allow(
            ["delimiter", "encoding", "header", "empty_as_string", "infer_column_types", "support_multi_line"] + general
        )
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
        if settings["infer_column_types"]?.mapping == nil {
            options.infersKinds = try settings.truth("infer_column_types") ?? true
        }
        return options
    }

    /// `infer_column_types` may say how many rows to look at, which are all here, and set the types of some columns.
    private static func typeOverrides(_ settings: YAMLMapping) throws(TableFault) -> [TableStep] {
        guard let node = settings["infer_column_types"], node.mapping != nil else { return [] }
        let inference = try settings.nested(node, "infer_column_types")
        try inference.allow(["sample_size", "column_type_overrides"])
        guard let types = inference["column_type_overrides"]?.mapping else { return [] }
        var conversions: [ColumnConversion] = []
        for (name, type) in types {
            conversions.append(try ColumnConversion(columns: [name.string ?? ""], type: type, inference))
        }
        return [.convert(conversions)]
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
}
