package import LazuliResources
import LazuliTabular
import LazuliTrees

/// Says for people what a model is made of: its columns, what becomes of them, and its members.
struct PipelineDescription {
    private let model: FinalModel
    private let inputs: [InputColumn]

    init(_ model: FinalModel, inputs: [InputColumn]) {
        self.model = model
        self.inputs = inputs
    }

    /// - Parameter more: further members of the document.
    func json(with more: JSON) -> JSON {
        var document: JSON = [
            "target": target,
            "ensemble": .string(model.stack != nil ? "stack" : model.members.count > 1 ? "vote" : "none"),
            "members": .array(model.members.map(member)),
            "columns": .array(model.columns.map(column)),
        ]
        if let calibration = model.calibration { document["power"] = .number(calibration.exponent) }
        if let stack = model.stack {
            document["stack"] = [
                "inputs": .array(stack.inputs.map { .array($0.map(JSON.init)) }),
                "weights": .array(stack.model.weights.map(JSON.number)),
                "intercepts": .array(stack.model.intercepts.map(JSON.number)),
                "link": .string(stack.model.link.rawValue),
            ]
        }
        if let more = more.object, case .object(let own) = document { document = .object(own.merging(more)) }
        return document
    }

    private var target: JSON {
        .object(dropping: [
            ("name", .string(model.target.name)),
            ("task", .string(model.target.task == .regression ? "regression" : "classification")),
            ("classes", model.target.classes.isEmpty ? nil : .array(model.target.classes.map(JSON.string))),
        ])
    }

    private func member(_ member: FinalModel.Member) -> JSON {
        var described: JSON = [
            "algorithm": .string(member.name), "weight": .number(member.weight),
            "features": JSON(member.features.width),
            "scaled": .bool(member.features.scaling != nil),
        ]
        switch member.form {
        case .trees(let trees, let link):
            described["trees"] = JSON(trees.trees.count)
            described["nodes"] = JSON(trees.nodes.count)
            described["link"] = .string(link.rawValue)
        case .layered(let layered):
            described["layers"] = .array(layered.layers.map { JSON($0.outputs) })
            described["pieces"] = JSON(layered.pieces.count)
        case .linear(let linear):
            described["outputs"] = JSON(linear.outputs)
            described["link"] = .string(linear.link.rawValue)
        case .neighbours(let neighbours):
            described["neighbours"] = JSON(neighbours.neighbours)
            described["rows"] = JSON(neighbours.targets.count)
        }
        return described
    }

    private func column(_ column: InputColumn) -> JSON {
        let isRead = inputs.contains { $0.name == column.name }
        var steps: [String] = []
        for step in model.members.lazy.flatMap(\.features.steps) where step.column == column.name {
            let words = step.words
            if !steps.contains(words) { steps.append(words) }
        }
        return [
            "name": .string(column.name), "kind": .string(column.kind.rawValue), "used": .bool(isRead),
            "features": .array(isRead ? steps.map(JSON.string) : []),
        ]
    }
}

extension FeatureStep {
    fileprivate var words: String {
        switch self {
        case .number(_, nil): "number"
        case .number(_, let fill?): "number, \(Double(fill).formattedShort) where it is missing"
        case .missing: "missing mark"
        case .oneHot(_, let categories): "one-hot of \(categories.count) categories"
        case .lookup(_, let lookup):
            switch lookup.kind {
            case .rank: "rank by frequency"
            case .targetMean: "target mean"
            }
        case .datePart(_, let part): part.rawValue
        case .words(_, let vocabulary): "TF-IDF of \(vocabulary.words.count) words"
        }
    }
}

extension PreparedTable {
    /// Some rows as objects by column, as a client would send them.
    package func examples(_ rows: some Sequence<Int>) -> [JSON] {
        rows.map { row in
            var members = JSONObject()
            for column in columns { members[column.name] = column.example(row) }
            return .object(members)
        }
    }
}

extension PreparedTable.Column {
    fileprivate func example(_ row: Int) -> JSON {
        switch values {
        case .numbers(let numbers):
            if numbers[row].isNaN { return .null }
            if kind == .integer, let whole = Int64(exactly: numbers[row]) { return .integer(whole) }
            return .number(Double("\(numbers[row])") ?? Double(numbers[row]))
        case .times(let times): return times[row].isNaN ? .null : .string(DatePart.text(times[row]))
        case .labels(let labels):
            guard labels.codes[row] >= 0 else { return .null }
            let text = labels.texts[Int(labels.codes[row])]
            if kind == .integer, let whole = Int64(text) { return .integer(whole) }
            if kind == .real, let number = Double(text) { return .number(number) }
            guard kind == .boolean, let truth = ["true": true, "false": false][text.lowercased()] else {
                return .string(text)
            }
            return .bool(truth)
        }
    }
}

extension DatePart {
    /// A moment as ISO 8601 writes it, UTC, to the second.
    fileprivate static func text(_ seconds: Double) -> String {
        func two(_ part: DatePart) -> String { String(Int(part.value(seconds)) + 100).suffix(2).description }
        let rest = Int(seconds.rounded(.down)) % 60, second = rest < 0 ? rest + 60 : rest
        let clock = "\(two(.hour)):\(two(.minute)):\(String(second + 100).suffix(2))"
        return "\(Int(DatePart.year.value(seconds)))-\(two(.month))-\(two(.day))T\(clock)"
    }
}
