import LazuliTrees
import LazuliTabular

extension FittedFeatures {
    func write(to writer: inout ByteWriter) {
        writer.list(steps) { $1.write(to: &$0) }
        writer.optional(scaling) {
            $0.array($1.fill)
            $0.array($1.shift)
            $0.array($1.factor)
            $0.optional($1.logarithmOrigins) { $0.array($1) }
        }
    }

    init(from reader: inout ByteReader) throws(LearningFault) {
        steps = try reader.list { (reader) throws(LearningFault) in try FeatureStep(from: &reader) }
        scaling = try reader.optional { (reader) throws(LearningFault) in
            let fill = try reader.array(Float.self), shift = try reader.array(Float.self)
            let factor = try reader.array(Float.self)
            let origins = try reader.optional { (reader) throws(LearningFault) in try reader.array(Float.self) }
            return FeatureScaling(fill: fill, shift: shift, factor: factor, logarithmOrigins: origins)
        }
    }
}

extension FeatureStep {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.text(column)
        switch self {
        case .number(_, let fill):
            writer.text("number")
            writer.optional(fill) { $0.number($1) }
        case .missing: writer.text("missing")
        case .oneHot(_, let categories):
            writer.text("oneHot")
            writer.list(categories) { $0.text($1) }
        case .lookup(_, let lookup):
            writer.text("lookup")
            writer.text(lookup.kind.rawValue)
            writer.list(lookup.categories) { $0.text($1) }
            writer.array(lookup.numbers)
            writer.number(lookup.other)
        case .datePart(_, let part):
            writer.text("datePart")
            writer.text(part.rawValue)
        case .words(_, let vocabulary):
            writer.text("words")
            writer.list(vocabulary.words) { $0.text($1) }
            writer.array(vocabulary.weights)
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(LearningFault) {
        let column = try reader.text()
        func texts(_ reader: inout ByteReader) throws(LearningFault) -> [String] {
            try reader.list { (reader) throws(LearningFault) in try reader.text() }
        }
        switch try reader.text() {
        case "number":
            self = .number(
                column: column,
                fill: try reader.optional { (reader) throws(LearningFault) in try reader.number(Float.self) })
        case "missing": self = .missing(column: column)
        case "oneHot": self = .oneHot(column: column, categories: try texts(&reader))
        case "lookup":
            let kind = try reader.word(LookupTable.Kind.self), categories = try texts(&reader)
            let numbers = try reader.array(Float.self)
            self = .lookup(
                column: column,
                LookupTable(kind: kind, categories: categories, numbers: numbers, other: try reader.number(Float.self)))
        case "datePart": self = .datePart(column: column, try reader.word(DatePart.self))
        default:
            let words = try texts(&reader)
            self = .words(column: column, WordVocabulary(words: words, weights: try reader.array(Float.self)))
        }
    }
}

extension ModelForm {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .trees(let trees, let link):
            writer.text("trees")
            writer.text(link.rawValue)
            writer.count(trees.width)
            writer.array(trees.start)
            writer.array(trees.trees)
            writer.array(trees.nodes)
            writer.array(trees.leaves)
            writer.array(trees.covers)
        case .linear(let model):
            writer.text("linear")
            writer.text(model.preparation.rawValue)
            writer.text(model.link.rawValue)
            writer.array(model.weights)
            writer.array(model.intercepts)
        case .layered(let model):
            writer.text("layered")
            writer.text(model.link.rawValue)
            writer.array(model.pieces.features)
            writer.array(model.pieces.middles)
            writer.array(model.pieces.factors)
            writer.list(model.layers) {
                $0.count($1.inputs)
                $0.array($1.weights)
                $0.array($1.added)
            }
        case .neighbours(let model):
            writer.text("neighbours")
            writer.array(model.rows)
            writer.count(model.features)
            writer.array(model.targets)
            writer.count(model.neighbours)
            writer.number(model.weighsByDistance)
            writer.count(model.task == .regression ? 0 : model.task.width)
        }
    }

    init(from reader: inout ByteReader) throws(LearningFault) {
        switch try reader.text() {
        case "trees":
            let link = try reader.word(Link.self), width = try reader.count()
            var trees = TreeModel(width: width, start: try reader.array(Double.self))
            trees.trees = try reader.array(TreeModel.Tree.self)
            trees.nodes = try reader.array(TreeModel.Node.self)
            trees.leaves = try reader.array(Double.self)
            trees.covers = try reader.array(Float.self)
            self = .trees(trees, link)
        case "linear":
            let preparation = try reader.word(LinearModel.Preparation.self), link = try reader.word(Link.self)
            let weights = try reader.array(Double.self)
            self = .linear(
                LinearModel(
                    preparation: preparation, weights: weights, intercepts: try reader.array(Double.self), link: link))
        case "layered":
            let link = try reader.word(Link.self)
            var pieces = LayeredModel.Pieces()
            pieces.features = try reader.array(Int32.self)
            pieces.middles = try reader.array(Float.self)
            pieces.factors = try reader.array(Float.self)
            let layers = try reader.list { (reader) throws(LearningFault) in
                let inputs = try reader.count(), weights = try reader.array(Float.self)
                let added = try reader.array(Float.self)
                return LayeredModel.Layer(inputs: inputs, outputs: added.count, weights: weights, added: added)
            }
            self = .layered(LayeredModel(pieces: pieces, layers: layers, link: link))
        default:
            let rows = try reader.array(Float.self), features = try reader.count()
            let targets = try reader.array(Double.self), neighbours = try reader.count()
            let weighs = try reader.number(Bool.self), classes = try reader.count()
            self = .neighbours(
                NeighbourModel(
                    rows: rows, features: features, targets: targets, neighbours: neighbours,
                    weighsByDistance: weighs, task: classes == 0 ? .regression : .classification(classes: classes)))
        }
    }
}
