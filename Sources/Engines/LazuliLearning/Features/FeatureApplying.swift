import Foundation
import LazuliTabular

extension FittedFeatures {
    /// The features of some rows of a table, in the order given.
    package func features(of table: PreparedTable, rows: [Int]) -> FeatureMatrix {
        var matrix = unscaled(table, rows: rows)
        scaling?.apply(to: &matrix)
        return matrix
    }

    func unscaled(_ table: PreparedTable, rows: [Int]) -> FeatureMatrix {
        var values: [Float] = []
        values.reserveCapacity(width * rows.count)
        for step in steps { step.append(to: &values, table, rows) }
        return FeatureMatrix(rowCount: rows.count, columnCount: width, values: values)
    }
}

extension FeatureStep {
    fileprivate func append(to values: inout [Float], _ table: PreparedTable, _ rows: [Int]) {
        let column = table.column(column)?.values
        switch (self, column) {
        case (.number, .numbers(let numbers)?): for row in rows { values.append(numbers[row]) }
        case (.number, .times(let times)?): for row in rows { values.append(Float(times[row])) }
        case (.missing, .numbers(let numbers)?): for row in rows { values.append(numbers[row].isNaN ? 1 : 0) }
        case (.missing, .times(let times)?): for row in rows { values.append(times[row].isNaN ? 1 : 0) }
        case (.missing, .labels(let labels)?): for row in rows { values.append(labels.codes[row] < 0 ? 1 : 0) }
        case (.oneHot(_, let categories), .labels(let labels)?):
            let wanted = labels.places(of: categories)
            for number in categories.indices {
                for row in rows { values.append(wanted[Int(labels.codes[row]) + 1] == number ? 1 : 0) }
            }
        case (.lookup(_, let lookup), .labels(let labels)?):
            let numbers = labels.places(of: lookup.categories).map { $0.map { lookup.numbers[$0] } ?? lookup.other }
            for row in rows { values.append(numbers[Int(labels.codes[row]) + 1]) }
        case (.datePart(_, let part), .times(let times)?): for row in rows { values.append(part.value(times[row])) }
        case (.words(_, let vocabulary), .labels(let labels)?):
            values.append(contentsOf: vocabulary.weights(of: labels, rows: rows))
        default: values.append(contentsOf: repeatElement(.nan, count: width * rows.count))
        }
    }
}

extension LabelValues {
    /// Per code, beginning with −1, the place of its text in a list; nil for none.
    fileprivate func places(of list: [String]) -> [Int?] {
        let places = Dictionary(zip(list, list.indices), uniquingKeysWith: { first, _ in first })
        return [places[""]] + texts.map { places[$0] }
    }
}

extension DatePart {
    /// - Parameter seconds: since 1970, UTC.
    func value(_ seconds: Double) -> Float {
        guard seconds.isFinite else { return .nan }
        let day = (seconds / 86_400).rounded(.down)
        switch self {
        case .weekday:
            let place = (day + 3).truncatingRemainder(dividingBy: 7)
            return Float(place < 0 ? place + 7 : place)
        case .hour: return Float(((seconds - day * 86_400) / 3_600).rounded(.down))
        case .minute: return Float(((seconds / 60).rounded(.down)).remainder(60))
        case .year, .month, .day, .dayOfYear:
            let date = CivilDate(daysSince1970: Int(day))
            switch self {
            case .year: return Float(date.year)
            case .month: return Float(date.month)
            case .day: return Float(date.day)
            default: return Float(Int(day) - CivilDate.days(year: date.year, month: 1, day: 1) + 1)
            }
        }
    }
}

extension Double {
    /// From 0 up to the divisor.
    fileprivate func remainder(_ divisor: Double) -> Double {
        let rest = truncatingRemainder(dividingBy: divisor)
        return rest < 0 ? rest + divisor : rest
    }
}

/// A day of the Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms" (days_from_civil, civil_from_days).
struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * place + 2) / 5 + 1
        month = place < 10 ? place + 3 : place - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
