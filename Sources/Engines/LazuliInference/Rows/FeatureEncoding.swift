import LazuliTabular

/// Turns the rows of a model's inputs into the numbers it looks at.
struct FeatureEncoding {
    private struct Number {
        let input: Int
        let offset: Int
        let place: Int
        let step: FeatureSource.Step
    }

    private struct OneHot {
        let input: Int
        let offset: Int
        let encoder: CategoryEncoder
        let encoderNumber: Int
        /// The place of each category's number in a row; −1 where nobody looks.
        var places: [Int]
    }

    /// All that depends on the code of one value.
    private struct Coded {
        let input: Int
        let offset: Int
        let encoder: CodeEncoder
        let encoderNumber: Int
        /// Per code the places that are 1.
        var places: [[Int]]
        var lookups: [(table: LookedUpTable, column: Int, place: Int)] = []
    }

    private struct Words {
        let input: Int
        let offset: Int
        let encoder: WordEncoder
        let encoderNumber: Int
        /// The place of each word's weight in a row; −1 where nobody looks.
        var places: [Int]
    }

    let count: Int
    private var numbers: [Number] = []
    private var oneHots: [OneHot] = []
    private var coded: [Coded] = []
    private var words: [Words] = []

    init(_ sources: [FeatureSource], _ parts: FeatureParts) {
        count = sources.count
        for (place, source) in sources.enumerated() {
            switch source.step {
            case .value, .filled, .scaled, .missing, .datePart:
                numbers.append(Number(input: source.input, offset: source.offset, place: place, step: source.step))
            case .category(let encoder, let number):
                addCategory(source, place, encoder, parts.encoders[encoder], number)
            case .coded(let encoder, let code):
                let group = codedGroup(source, encoder, parts)
                if coded[group].places.indices.contains(code) { coded[group].places[code].append(place) }
            case .looked(let encoder, let table, let column):
                coded[codedGroup(source, encoder, parts)].lookups.append((parts.tables[table], column, place))
            case .word(let vocabulary, let number): addWord(source, place, vocabulary, parts, number)
            }
        }
    }

    private mutating func addCategory(
        _ source: FeatureSource, _ place: Int, _ encoderNumber: Int, _ encoder: CategoryEncoder, _ number: Int
    ) {
        let goesOn = oneHots.last.map {
            $0.input == source.input && $0.offset == source.offset && $0.encoderNumber == encoderNumber
                && $0.places[number] < 0
        }
        if !(goesOn ?? false) {
            oneHots.append(
                OneHot(
                    input: source.input, offset: source.offset, encoder: encoder, encoderNumber: encoderNumber,
                    places: Array(repeating: -1, count: encoder.count)))
        }
        oneHots[oneHots.count - 1].places[number] = place
    }

    private mutating func codedGroup(_ source: FeatureSource, _ encoder: Int, _ parts: FeatureParts) -> Int {
        if let known = coded.lastIndex(where: {
            $0.input == source.input && $0.offset == source.offset && $0.encoderNumber == encoder
        }) {
            return known
        }
        coded.append(
            Coded(
                input: source.input, offset: source.offset, encoder: parts.codes[encoder], encoderNumber: encoder,
                places: Array(repeating: [], count: parts.codes[encoder].largest + 1)))
        return coded.count - 1
    }

    private mutating func addWord(
        _ source: FeatureSource, _ place: Int, _ vocabulary: Int, _ parts: FeatureParts, _ number: Int
    ) {
        let goesOn = words.last.map {
            $0.input == source.input && $0.offset == source.offset && $0.encoderNumber == vocabulary
                && $0.places[number] < 0
        }
        if !(goesOn ?? false) {
            let encoder = parts.vocabularies[vocabulary]
            words.append(
                Words(
                    input: source.input, offset: source.offset, encoder: encoder, encoderNumber: vocabulary,
                    places: Array(repeating: -1, count: encoder.count)))
        }
        words[words.count - 1].places[number] = place
    }

    /// Fills `rows` × `count` numbers, which are zero before.
    func encode(
        _ inputs: [Tensor], rows: Int, into target: UnsafeMutablePointer<Double>
    ) throws(ScoringFault) {
        for number in numbers { encode(number, inputs[number.input], rows, target + number.place) }
        for group in coded { encode(group, inputs[group.input], rows, target) }
        for group in words { encode(group, inputs[group.input], rows, target) }
        for oneHot in oneHots { try encode(oneHot, inputs[oneHot.input], rows, target) }
    }

    private func encode(_ number: Number, _ tensor: Tensor, _ rows: Int, _ target: UnsafeMutablePointer<Double>) {
        let stride = tensor.count / max(rows, 1)
        for row in 0..<rows {
            let index = row * stride + number.offset
            switch number.step {
            case .scaled(let fill, let shift, let factor):
                target[row * count] = Double((tensor.single(at: index, orElse: fill) - shift) * factor)
            case .filled(let fill): target[row * count] = Double(tensor.single(at: index, orElse: fill))
            case .missing: target[row * count] = tensor.double(at: index).isNaN ? 1 : 0
            case .datePart(let part): target[row * count] = Double(part.value(tensor.double(at: index)))
            default: target[row * count] = Double(tensor.single(at: index))
            }
        }
    }

    private func encode(_ group: Coded, _ tensor: Tensor, _ rows: Int, _ target: UnsafeMutablePointer<Double>) {
        let stride = tensor.count / max(rows, 1)
        for row in 0..<rows {
            let code = group.encoder.code(in: tensor, at: row * stride + group.offset)
            let own = target + row * count
            for place in group.places[code] { own[place] = 1 }
            for lookup in group.lookups {
                own[lookup.place] = lookup.table.numbers[code * lookup.table.width + lookup.column]
            }
        }
    }

    private func encode(_ group: Words, _ tensor: Tensor, _ rows: Int, _ target: UnsafeMutablePointer<Double>) {
        let stride = tensor.count / max(rows, 1)
        for row in 0..<rows {
            let own = target + row * count
            group.encoder.weights(of: tensor.text(at: row * stride + group.offset)) { word, weight in
                if group.places[word] >= 0 { own[group.places[word]] = Double(weight) }
            }
        }
    }

    private func encode(
        _ oneHot: OneHot, _ tensor: Tensor, _ rows: Int, _ target: UnsafeMutablePointer<Double>
    ) throws(ScoringFault) {
        let stride = tensor.count / max(rows, 1)
        for row in 0..<rows {
            let index = row * stride + oneHot.offset
            if let number = oneHot.encoder.number(in: tensor, at: index) {
                if oneHot.places[number] >= 0 { target[row * count + oneHot.places[number]] = 1 }
            } else if oneHot.encoder.refusesUnknown {
                throw ScoringFault("Row \(row) holds a category that the model does not know.")
            }
        }
    }
}
