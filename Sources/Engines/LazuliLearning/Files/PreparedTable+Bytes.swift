import LazuliResources
import LazuliTabular

extension PreparedTable {
    func write(to writer: inout ByteWriter) {
        writer.count(rowCount)
        writer.count(task == .regression ? 0 : task.width)
        writer.array(targets)
        writer.optional(weights) { $0.array($1) }
        writer.text(rules.json.text)
        writer.list(columns) { $1.write(to: &$0) }
    }

    init(from reader: inout ByteReader) throws(LearningFault) {
        rowCount = try reader.count()
        let classes = try reader.count()
        task = classes == 0 ? .regression : .classification(classes: classes)
        targets = try reader.array(Double.self)
        weights = try reader.optional { (reader) throws(LearningFault) in try reader.array(Double.self) }
        rules = FeatureRules((try? JSON(parsing: try reader.text())) ?? .null)
        columns = try reader.list { (reader) throws(LearningFault) in try Column(from: &reader) }
    }
}

extension PreparedTable.Column {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.text(name)
        writer.text(kind.rawValue)
        writer.text(role.rawValue)
        switch values {
        case .numbers(let numbers):
            writer.text("numbers")
            writer.array(numbers)
        case .times(let times):
            writer.text("times")
            writer.array(times)
        case .labels(let labels):
            writer.text("labels")
            writer.array(labels.codes)
            writer.list(labels.texts) { $0.text($1) }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(LearningFault) {
        let name = try reader.text()
        let kind = try reader.word(InputColumn.Kind.self), role = try reader.word(ColumnRole.self)
        let values: PreparedTable.Values
        switch try reader.text() {
        case "numbers": values = .numbers(try reader.shared(Float.self))
        case "times": values = .times(try reader.shared(Double.self))
        default:
            let codes = try reader.array(Int32.self)
            values = .labels(
                LabelValues(
                    codes: codes, texts: try reader.list { (reader) throws(LearningFault) in try reader.text() }))
        }
        self.init(name: name, kind: kind, role: role, values: values)
    }
}

extension Folds {
    func write(to writer: inout ByteWriter) {
        writer.text(words)
        writer.list(folds) {
            $0.array($1.training.map(Int32.init))
            $0.array($1.validation.map(Int32.init))
        }
    }

    init(from reader: inout ByteReader) throws(LearningFault) {
        words = try reader.text()
        folds = try reader.list { (reader) throws(LearningFault) in
            let training = try reader.array(Int32.self).map(Int.init)
            return Fold(training: training, validation: try reader.array(Int32.self).map(Int.init))
        }
    }
}
