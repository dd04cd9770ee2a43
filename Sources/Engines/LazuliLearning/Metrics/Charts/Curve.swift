package import LazuliResources

/// A named line of a chart.
package struct Curve: Sendable, Equatable {
    package var name: String
    package var x: [Double]
    package var y: [Double]

    package init(name: String, x: [Double] = [], y: [Double] = []) {
        self.name = name
        self.x = x
        self.y = y
    }

    mutating func append(_ x: Double, _ y: Double) {
        self.x.append(x)
        self.y.append(y)
    }

    /// The curve with at most so many points, chosen evenly both by number and by how far the curve has come, so that a
    /// steep beginning keeps its shape; the first and the last stay.
    func thinned(to most: Int = 200) -> Curve {
        guard x.count > most, most > 1 else { return self }
        let ways = self.ways, step = 2 / Double(most - 1)
        var places = [0]
        for place in 1..<x.count - 1 where ways[place] - ways[places[places.count - 1]] >= step {
            places.append(place)
        }
        places = places.prefix(most - 1) + [x.count - 1]
        return Curve(name: name, x: places.map { x[$0] }, y: places.map { y[$0] })
    }

    /// Per point how far the curve has come, from 0 to 2: its length as a picture and the number of points count alike.
    private var ways: [Double] {
        let (width, height) = (Self.extent(x), Self.extent(y))
        var lengths = [0.0]
        for place in 1..<x.count {
            let step = abs(x[place] - x[place - 1]) / width + abs(y[place] - y[place - 1]) / height
            lengths.append(lengths[place - 1] + step)
        }
        let whole = max(lengths[lengths.count - 1], .leastNormalMagnitude)
        return lengths.enumerated().map { $1 / whole + Double($0) / Double(x.count - 1) }
    }

    private static func extent(_ values: [Double]) -> Double {
        max((values.max() ?? 0) - (values.min() ?? 0), .leastNormalMagnitude)
    }

    package var json: JSON {
        ["name": .string(name), "x": .array(x.map(JSON.number)), "y": .array(y.map(JSON.number))]
    }
}

/// A chart as data, in the envelope in which Azure keeps its own: `schema_type`, `schema_version`, `data`.
package enum ChartDocument {
    static func json(_ type: String, _ data: JSON) -> JSON {
        ["schema_type": .string(type), "schema_version": "1.0.0", "data": data]
    }

    /// A chart of several lines, one per class mostly.
    package static func json(_ type: String, _ curves: [Curve], averages: [Curve] = []) -> JSON {
        json(type, ["series": .array(curves.map(\.json)), "averages": .array(averages.map(\.json))])
    }
}
