import LazuliTabular

extension OnnxFunction {
    /// A part of a date and time: from seconds since 1970 in double precision to a single-precision number, NaN for what
    /// is not finite.
    ///
    /// Source of the calendar: H. Hinnant, "chrono-compatible low-level date algorithms".
    static func datePart(_ part: DatePart) -> OnnxFunction {
        let name = part.rawValue.prefix(1).uppercased() + part.rawValue.dropFirst()
        return OnnxFunction(name) { graph, input in
            let infinite = graph.node("IsInf", [input]), missing = graph.node("IsNaN", [input])
            let isAbsent = graph.node("Or", [infinite, missing])
            let seconds = graph.node("Where", [isAbsent, graph.constant(.scalar(0.0 as Double)), input])
            let whole = graph.wholeNumber(part, of: seconds)
            let number = graph.node("Cast", [whole], attributes: ["to": .integer(OnnxType.float.rawValue)])
            return graph.node("Where", [isAbsent, graph.constant(.scalar(Float.nan)), number])
        }
    }
}

extension OnnxBuilder {
    private mutating func apply(_ operation: String, _ left: String, _ right: Int) -> String {
        node(operation, [left, constant(.scalar(right))])
    }

    /// How often a period has passed; downwards before 1970.
    private mutating func count(of period: Double, in seconds: String) -> String {
        let quotient = node("Floor", [node("Div", [seconds, constant(.scalar(period))])])
        return node("Cast", [quotient], attributes: ["to": .integer(OnnxType.int64.rawValue)])
    }

    fileprivate mutating func wholeNumber(_ part: DatePart, of seconds: String) -> String {
        switch part {
        case .hour: return apply("Mod", count(of: 3_600, in: seconds), 24)
        case .minute: return apply("Mod", count(of: 60, in: seconds), 60)
        case .weekday: return apply("Mod", apply("Add", count(of: 86_400, in: seconds), 3), 7)
        case .year, .month, .day, .dayOfYear: return dateNumber(part, day: count(of: 86_400, in: seconds))
        }
    }

    /// Days of 400 years, after which the calendar repeats.
    private static let era = 146_097
    /// So many eras are added first, that all divisions are of positive numbers.
    private static let shiftedEras = 100

    private mutating func dateNumber(_ part: DatePart, day: String) -> String {
        // Days since the first of March of a year that begins an era.
        let shifted = apply("Add", day, 719_468 + Self.era * Self.shiftedEras)
        let era = apply("Div", shifted, Self.era)
        let dayOfEra = apply("Mod", shifted, Self.era)
        let yearOfEra = apply("Div", corrected(dayOfEra, by: [(1_460, -1), (36_524, 1), (146_096, -1)]), 365)
        let leapDays = node("Sub", [apply("Div", yearOfEra, 4), apply("Div", yearOfEra, 100)])
        let dayOfYear = node("Sub", [dayOfEra, node("Add", [apply("Mul", yearOfEra, 365), leapDays])])
        let place = apply("Div", apply("Add", apply("Mul", dayOfYear, 5), 2), 153)
        switch part {
        case .day:
            let before = apply("Div", apply("Add", apply("Mul", place, 153), 2), 5)
            return apply("Add", node("Sub", [dayOfYear, before]), 1)
        case .month: return apply("Add", apply("Mod", apply("Add", place, 2), 12), 1)
        case .year:
            // January and February belong to the next year.
            let next = apply("Div", place, 10)
            let years = node("Add", [yearOfEra, apply("Mul", era, 400)])
            return apply("Sub", node("Add", [years, next]), 400 * Self.shiftedEras)
        default: return ordinal(dayOfYear, yearOfEra)
        }
    }

    /// The number of the day in a year that begins in January, from 1.
    private mutating func ordinal(_ dayOfYear: String, _ yearOfEra: String) -> String {
        // From the first of January on, 306 days after the first of March, another year counts.
        let isNext = apply("Div", dayOfYear, 306)
        let leap = node("And", [isZero(apply("Mod", yearOfEra, 4)), isLeapCentury(yearOfEra)])
        let leapDay = node("Cast", [leap], attributes: ["to": .integer(OnnxType.int64.rawValue)])
        let inSameYear = node("Add", [apply("Add", dayOfYear, 60), leapDay])
        let inNextYear = apply("Sub", dayOfYear, 305)
        let condition = node("Cast", [isNext], attributes: ["to": .integer(OnnxType.bool.rawValue)])
        return node("Where", [condition, inNextYear, inSameYear])
    }

    private mutating func isLeapCentury(_ year: String) -> String {
        let isCentury = isZero(apply("Mod", year, 100))
        return node("Or", [node("Not", [isCentury]), isZero(apply("Mod", year, 400))])
    }

    private mutating func isZero(_ number: String) -> String { node("Equal", [number, constant(.scalar(0))]) }

    /// The number and quotients of it, added or subtracted.
    private mutating func corrected(_ number: String, by divisors: [(Int, Int)]) -> String {
        divisors.reduce(number) { sum, divisor in
            node(divisor.1 < 0 ? "Sub" : "Add", [sum, apply("Div", number, divisor.0)])
        }
    }
}

extension OnnxFunction {
    /// Rows divided by their length, on a grid that hides in which order the squares were added.
    static let unitRows = OnnxFunction("UnitRows") { graph, input in
        let length = graph.node("ReduceL2", [input], attributes: ["axes": .integers([1]), "keepdims": .integer(1)])
        let divisor = graph.node("Max", [length, graph.constant(.scalar(Float(1e-30)))])
        let grid = graph.constant(.scalar(WordVocabulary.grid))
        let shares = graph.node("Div", [input, divisor])
        return graph.node("Div", [graph.node("Round", [graph.node("Mul", [shares, grid])]), grid])
    }
}
