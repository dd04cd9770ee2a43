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
                let (own, overrides) = try ReadTransformation.parse(name, root.nested(settings, name))
                reading = own
                steps += overrides
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
