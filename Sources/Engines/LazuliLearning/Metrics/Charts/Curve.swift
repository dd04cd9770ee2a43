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

    /// The curve with at most so many points, evenly chosen; the first and the last stay.
    func thinned(to most: Int = 200) -> Curve {
        guard x.count > most, most > 1 else { return self }
        let places = (0..<most).map { $0 * (x.count - 1) / (most - 1) }
        return Curve(name: name, x: places.map { x[$0] }, y: places.map { y[$0] })
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
