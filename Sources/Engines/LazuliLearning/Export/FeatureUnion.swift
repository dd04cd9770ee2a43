import LazuliTabular

/// All features that some model of several looks at, each once, in an order by columns.
struct FeatureUnion {
    /// What the features of one column are made of.
    struct ColumnFeatures {
        /// What stands for a missing number; nil where nothing does.
        var numbers: [Float?] = []
        var hasMissing = false
        var parts: [DatePart] = []
        /// Categories with a feature of their own.
        var categories: [String] = []
        private var categoryPlaces: [String: Int] = [:]
        var lookups: [LookupTable] = []
        var vocabularies: [WordVocabulary] = []

        /// The texts that mean something here, each once.
        var knownTexts: [String] {
            var seen: Set<String> = []
            return (categories + lookups.flatMap(\.categories)).filter { seen.insert($0).inserted }
        }

        fileprivate mutating func add(category: String) -> Int {
            if let place = categoryPlaces[category] { return place }
            categoryPlaces[category] = categories.count
            categories.append(category)
            return categories.count - 1
        }

        /// Where each kind begins among the column's features.
        fileprivate func start(of kind: Atom.Kind) -> Int {
            let counts = [
                numbers.count, hasMissing ? 1 : 0, parts.count, lookups.count, categories.count,
            ]
            return counts.prefix(kind.rawValue).reduce(0, +)
        }
        fileprivate var width: Int {
            start(of: .word) + vocabularies.reduce(0) { $0 + $1.words.count }
        }
    }

    /// A feature of a column: its kind and the place among those.
    fileprivate struct Atom {
        enum Kind: Int {
            case number, missing, part, lookup, category, word
        }
        let column: Int
        let kind: Kind
        let place: Int
    }

    private let names: [String]
    private let places: [String: Int]
    private(set) var columns: [ColumnFeatures]

    init(columns names: [String]) {
        self.names = names
        places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        columns = Array(repeating: ColumnFeatures(), count: names.count)
    }

    /// Which of a model's features stand where; made known by `add`, told by `places` when all models were added.
    struct Request {
        /// Nil for features that the model does not look at.
        fileprivate var atoms: [Atom?] = []
    }

    /// - Parameter used: asked for each feature whether the model looks at it.
    /// - Throws: `LearningFault` for a step over a column that the model does not know.
    mutating func add(_ features: FittedFeatures, used: (Int) -> Bool) throws(LearningFault) -> Request {
        var request = Request()
        for step in features.steps {
            guard let column = places[step.column] else {
                throw LearningFault("The model reads a column \"\(step.column)\" that it does not list.")
            }
            let first = request.atoms.count
            for offset in 0..<step.width {
                request.atoms.append(used(first + offset) ? columns[column].atom(step, offset, column) : nil)
            }
        }
        return request
    }

    var width: Int { columns.reduce(0) { $0 + $1.width } }

    /// The place of each feature among all; nil for those that are not looked at.
    func places(of request: Request) -> [Int?] {
        var starts: [Int] = [], width = 0
        for column in columns {
            starts.append(width)
            width += column.width
        }
        return request.atoms.map { atom in
            atom.map { starts[$0.column] + columns[$0.column].start(of: $0.kind) + $0.place }
        }
    }

    /// The columns that some model reads.
    func isRead(_ column: Int) -> Bool { columns[column].width > 0 }
}

extension FeatureUnion.ColumnFeatures {
    fileprivate mutating func atom(_ step: FeatureStep, _ offset: Int, _ column: Int) -> FeatureUnion.Atom {
        func made(_ kind: FeatureUnion.Atom.Kind, _ place: Int) -> FeatureUnion.Atom {
            FeatureUnion.Atom(column: column, kind: kind, place: place)
        }
        switch step {
        case .number(_, let fill): return made(.number, Self.place(of: fill, in: &numbers))
        case .missing:
            hasMissing = true
            return made(.missing, 0)
        case .datePart(_, let part): return made(.part, Self.place(of: part, in: &parts))
        case .lookup(_, let lookup): return made(.lookup, Self.place(of: lookup, in: &lookups))
        case .oneHot(_, let categories): return made(.category, add(category: categories[offset]))
        case .words(_, let vocabulary):
            let number = Self.place(of: vocabulary, in: &vocabularies)
            return made(.word, offset + vocabularies.prefix(number).reduce(0) { $0 + $1.words.count })
        }
    }

    private static func place<Element: Equatable>(of element: Element, in list: inout [Element]) -> Int {
        if let place = list.firstIndex(of: element) { return place }
        list.append(element)
        return list.count - 1
    }
}
