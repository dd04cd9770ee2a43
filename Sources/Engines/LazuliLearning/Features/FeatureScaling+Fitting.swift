import Glibc

extension FeatureScaling {
    /// By the features' means and standard deviations, or their ranges; missing values are filled by the mean.
    /// - Parameter marks: per feature whether it is a mark of 0 and 1, or a weight in that range.
    init(fitting matrix: FeatureMatrix, _ scaling: FeatureView.Scaling, marks: [Bool]) {
        self.init(fill: [], shift: [], factor: [])
        var origins: [Float] = []
        for column in 0..<matrix.columnCount {
            var spread = Spread(matrix, column)
            fill.append(Float(spread.mean))
            origins.append(.nan)
            if [.numbers, .common].contains(scaling), marks[column] {
                spread = Spread(mean: 0, deviation: 1)
            } else if scaling == .numbers, abs(spread.skew) > Self.mostSkew {
                origins[column] = Float(spread.least)
                spread = Spread(matrix, column, origin: origins[column])
            }
            let shifted = scaling == .range ? spread.least : spread.mean
            let unit = scaling == .range ? spread.most - spread.least : spread.deviation
            shift.append(Float(shifted))
            factor.append(unit > 1e-12 ? Float(1 / unit) : 0)
        }
        if origins.contains(where: { !$0.isNaN }) { logarithmOrigins = origins }
        if scaling == .common { shareDeviation(of: matrix, marks: marks) }
    }

    /// Divides all numbers by the deviation that the values of all of them have from the mean of all.
    private mutating func shareDeviation(of matrix: FeatureMatrix, marks: [Bool]) {
        let numbers = marks.indices.filter { !marks[$0] }
        let all = FeatureMatrix(
            rowCount: matrix.rowCount * numbers.count, columnCount: 1,
            values: numbers.flatMap { matrix.values[$0 * matrix.rowCount..<($0 + 1) * matrix.rowCount] })
        let deviation = Spread(all, 0).deviation
        for column in numbers where factor[column] != 0 { factor[column] = Float(1 / deviation) }
    }

    /// Beyond it, the logarithm tells more rows apart.
    private static let mostSkew = 2.0

    /// Of the values of a feature that are there.
    private struct Spread {
        var mean = 0.0
        var deviation = 0.0
        var skew = 0.0
        var least = 0.0
        var most = 0.0

        init(mean: Double, deviation: Double) {
            self.mean = mean
            self.deviation = deviation
        }

        init(_ matrix: FeatureMatrix, _ column: Int, origin: Float = .nan) {
            var count = 0.0, squares = 0.0, cubes = 0.0
            for row in 0..<matrix.rowCount {
                let raw = matrix[row, column]
                guard raw.isFinite else { continue }
                let value = Double(FeatureScaling.logarithm(of: raw, from: origin))
                least = count == 0 ? value : min(least, value)
                most = count == 0 ? value : max(most, value)
                // Source: T. Terriberry, "Computing higher-order moments online".
                count += 1
                let difference = value - mean, share = difference / count
                let term = difference * share * (count - 1)
                mean += share
                cubes += term * share * (count - 2) - 3 * share * squares
                squares += term
            }
            guard count > 1, squares > 0 else { return }
            deviation = (squares / count).squareRoot()
            skew = cubes / count / (deviation * deviation * deviation)
        }
    }
}

extension FeatureScaling {
    func apply(to matrix: inout FeatureMatrix) {
        for column in 0..<matrix.columnCount {
            let fill = fill[column], shift = shift[column], factor = factor[column]
            let places = column * matrix.rowCount..<(column + 1) * matrix.rowCount
            if let origin = logarithmOrigins?[column], !origin.isNaN {
                for place in places {
                    let value = matrix.values[place]
                    let filled = value.isNaN ? fill : value
                    matrix.values[place] = (Self.logarithm(of: filled, from: origin) - shift) * factor
                }
            } else {
                for place in places {
                    let value = matrix.values[place]
                    matrix.values[place] = ((value.isNaN ? fill : value) - shift) * factor
                }
            }
        }
    }

    /// The value itself where there is no origin.
    fileprivate static func logarithm(of value: Float, from origin: Float) -> Float {
        origin.isNaN ? value : log(max(0, value - origin) + 1)
    }
}

extension FeatureStep {
    /// Per feature whether it is a mark of 0 and 1, or a weight in that range.
    var marks: [Bool] {
        switch self {
        case .missing, .oneHot, .words: Array(repeating: true, count: width)
        case .number, .lookup, .datePart: Array(repeating: false, count: width)
        }
    }
}
